/**
 * Containers, instances and the default chain with judges that others wrote: botocore and AWS's SDK for JavaScript get the
 * same credentials from the same home and environment as stsaval, and take the same link of the default chain.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  containerPath,
  type EmulatorOptions,
  type EmulatorWorld,
  sampleMachineWorld,
} from "../../src/testing/mod.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { isInstalled } from "./stsaval_process.ts";

const scriptOfBotocore = `
import sys, botocore.session
found = botocore.session.Session(profile=sys.argv[1] or None).get_credentials()
print(found.method + " " + found.get_frozen_credentials().access_key)`;

/** The provider may stand below client-sts, which brings it. */
const scriptOfNode = `
const { dirname } = require("node:path");
const find = (name) => {
  try { return require.resolve(name); }
  catch { return require.resolve(name, { paths: [dirname(require.resolve("@aws-sdk/client-sts"))] }); }
};
const { defaultProvider } = require(find("@aws-sdk/credential-provider-node"));
const profile = process.argv[1] || undefined;
defaultProvider({ profile })().then(
  (given) => console.log("- " + given.accessKeyId),
  (error) => { console.error(String(error)); process.exitCode = 1; },
);`;

type Variables = Readonly<Record<string, string>>;

async function missingNode(): Promise<string | undefined> {
  if (!await isInstalled("node")) return "Node is not installed";
  const script = scriptOfNode.replace(/defaultProvider\(\{[^]*$/, "");
  const { success } = await new Deno.Command("node", { args: ["-e", script], stderr: "null" })
    .output();
  return success ? undefined : "NODE_PATH leads to no @aws-sdk/credential-provider-node";
}

const missing = await missingNode();

/** What each judge takes: how it names the kind, and the access key id. */
const judges = {
  async botocore(bench: PeerBench, env: Variables, profile = ""): Promise<readonly string[]> {
    const made = await bench.run("python3", ["-c", scriptOfBotocore, profile], { ...env });
    assertEquals([made.code, made.stderr], [0, ""]);
    return made.stdout.trim().split(" ");
  },
  async "the SDK for JavaScript"(bench: PeerBench, env: Variables, profile = "") {
    const made = await bench.run("node", ["-e", scriptOfNode, profile], {
      NODE_NO_WARNINGS: "1",
      NODE_PATH: Deno.env.get("NODE_PATH") ?? "",
      AWS_REGION: "us-east-1",
      ...env,
    });
    assertEquals([made.code, made.stderr], [0, ""]);
    return made.stdout.trim().split(" ");
  },
};

const judgeNames = (["botocore", "the SDK for JavaScript"] as const).map((name) => ({
  name,
  ignore: name !== "botocore" && missing !== undefined,
}));

async function stsaval(bench: PeerBench, env: Variables, ...words: readonly string[]) {
  const made = await bench.run(Deno.execPath(), sourceArgs(words), {
    DENO_DIR: denoFolder(),
    NO_COLOR: "1",
    ...env,
  });
  assertEquals([made.code, made.stderr], [0, ""]);
  return JSON.parse(made.stdout);
}

const instanceEnv = (url: string) => ({
  AWS_EC2_METADATA_DISABLED: "false",
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
});
const containerEnv = (url: string) => ({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}${containerPath}`,
});

interface Case {
  readonly what: string;
  readonly world: EmulatorWorld;
  readonly instance?: EmulatorOptions["instance"];
  readonly env: (url: string) => Variables;
  /** Stands in the file that the environment names, where it names one. */
  readonly tokenFile?: string;
}

const token = "Bearer 0123456789";
const cases: readonly Case[] = [
  {
    what: "a container",
    world: sampleMachineWorld("container"),
    env: containerEnv,
  },
  {
    what: "a container with a token",
    world: sampleMachineWorld("container", { token }),
    env: (url) => ({ ...containerEnv(url), AWS_CONTAINER_AUTHORIZATION_TOKEN: token }),
  },
  {
    what: "a container with a token in a file",
    world: sampleMachineWorld("container", { token }),
    env: containerEnv,
    tokenFile: token,
  },
  {
    what: "an instance that wants a token",
    world: sampleMachineWorld("instance"),
    instance: { requiresToken: true },
    env: instanceEnv,
  },
  {
    what: "an instance whose tokens are lost",
    world: sampleMachineWorld("instance"),
    instance: { losesTokens: true },
    env: instanceEnv,
  },
];

for (const { what, world, instance, env, tokenFile } of cases) {
  for (const { name, ignore } of judgeNames) {
    const left = ignore ? ` (left out: ${missing})` : "";
    Deno.test({
      name: `${name} gets the credentials of ${what} that stsaval gets${left}`,
      ignore,
      async fn() {
        await using bench = await startEmulator({ world, instance });
        const file = `${bench.home}/token`;
        if (tokenFile !== undefined) await Deno.writeTextFile(file, tokenFile);
        const variables = {
          ...env(bench.url),
          ...(tokenFile === undefined ? {} : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file }),
        };
        // The sample user is no default profile, so that the SDKs get as far as the machine.
        await Deno.writeTextFile(`${bench.home}/.aws/credentials`, "");
        const link = what.startsWith("a container") ? "container" : "instance-metadata";
        const made = await stsaval(bench, variables, "creds", link, "--format", "json");
        const [, id] = await judges[name](bench, variables);
        assertEquals(id, made[`sts-${link}`].AccessKeyId);
      },
    });
  }
}

for (const kind of ["instance", "container"] as const) {
  for (const { name, ignore } of judgeNames) {
    const left = ignore ? ` (left out: ${missing})` : "";
    Deno.test({
      name: `${name} assumes the role on top of the ${kind} of --write-home as stsaval does${left}`,
      ignore,
      async fn() {
        await using bench = await startEmulator({ world: sampleMachineWorld(kind) });
        const env = {
          AWS_EC2_METADATA_DISABLED: "false",
          ...(kind === "container" ? containerEnv(bench.url) : {}),
          // The SDK for JavaScript reads neither endpoint from the profile of an argument.
          ...(kind === "instance" ? instanceEnv(bench.url) : {}),
          AWS_ENDPOINT_URL: bench.url,
        };
        const [profile, arn] = ["LogsRole-qa", "arn:aws:iam::123456789012:role/LogsRole-qa"];
        const made = await stsaval(bench, env, "creds", profile, "--format", "json");
        const [, id = ""] = await judges[name](bench, env, profile);
        const { emulator } = bench;
        assertEquals(emulator.identityOf(made[`sts-${profile}`].AccessKeyId)?.roleArn, arn);
        assertEquals(emulator.identityOf(id)?.roleArn, arn);
      },
    });
  }
}

/** The links in their order, as botocore names them. */
const links = {
  environment: "env",
  "web-identity": "assume-role-with-web-identity",
  profile: "shared-credentials-file",
  container: "container-role",
  "instance-metadata": "iam-role",
} as const;
type Link = keyof typeof links;

const issuer = "https://oidc.example.com";
const webRole = "arn:aws:iam::123456789012:role/Web";
const chainWorld: EmulatorWorld = {
  ...sampleMachineWorld("instance"),
  ...{ container: { roleArn: "arn:aws:iam::123456789012:role/Container" } },
  identityProviders: [{ issuer, audiences: ["sts.amazonaws.com"] }],
};
const world: EmulatorWorld = {
  ...chainWorld,
  roles: [...chainWorld.roles, {
    arn: webRole,
    trusts: [],
    trustsTokens: [{ issuer, subject: "pod" }],
  }],
};
const keysOf = (end: string) => ({
  id: `AKIAEXAMPLEEXAMPL${end}`,
  secret: `wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE${end}`,
});

/** The environment in which both links have credentials. */
async function variablesOf(bench: PeerBench, pair: readonly Link[]): Promise<Variables> {
  const [env, profile] = [keysOf("ENV"), keysOf("PRO")];
  const text =
    `[default]\naws_access_key_id = ${profile.id}\naws_secret_access_key = ${profile.secret}\n`;
  const files = `${bench.home}/.aws/credentials`;
  await Deno.writeTextFile(files, pair.includes("profile") ? text : "");
  await Deno.writeTextFile(`${bench.home}/.aws/config`, "");
  const path = `${bench.home}/jwt`;
  const request = { issuer, subject: "pod", audience: "sts.amazonaws.com", seconds: 600 };
  await Deno.writeTextFile(path, await bench.emulator.webIdentityToken(request));
  const all: Readonly<Record<Link, Variables>> = {
    environment: { AWS_ACCESS_KEY_ID: env.id, AWS_SECRET_ACCESS_KEY: env.secret },
    "web-identity": { AWS_ROLE_ARN: webRole, AWS_WEB_IDENTITY_TOKEN_FILE: path },
    profile: {},
    container: containerEnv(bench.url),
    "instance-metadata": instanceEnv(bench.url),
  };
  const shared = { AWS_ENDPOINT_URL: bench.url, AWS_DEFAULT_REGION: "us-east-1" };
  return pair.reduce<Variables>((found, link) => ({ ...found, ...all[link] }), shared);
}

/** The link behind an access key id. */
function linkOf({ emulator }: PeerBench, id: string): Link | undefined {
  if (id.endsWith("ENV")) return "environment";
  if (id.endsWith("PRO")) return "profile";
  const byRole: Readonly<Record<string, Link>> = {
    Web: "web-identity",
    Container: "container",
    Machine: "instance-metadata",
  };
  return byRole[emulator.identityOf(id)?.roleArn?.replace(/.*\//, "") ?? ""];
}

const order = Object.keys(links) as Link[];

for (const [index, first] of order.entries()) {
  for (const second of order.slice(index + 1)) {
    Deno.test(`botocore takes ${first} before ${second}, as stsaval does`, async () => {
      await using bench = await startEmulator({ world });
      const env = await variablesOf(bench, [first, second]);
      const [method] = await judges.botocore(bench, env);
      assertEquals(method, links[first]);
      const explained = await stsaval(bench, env, "explain", "--format", "json");
      assertEquals(explained.plans[0].profile, first === "profile" ? "default" : first);
    });
    Deno.test({
      name:
        `the SDK for JavaScript takes ${first} before ${second}, or explain says that it does not`,
      ignore: missing !== undefined,
      async fn() {
        await using bench = await startEmulator({ world });
        const env = await variablesOf(bench, [first, second]);
        const [, id = ""] = await judges["the SDK for JavaScript"](bench, env);
        const taken = linkOf(bench, id);
        if (taken === first) return;
        assertEquals(taken, second);
        const { notices } = await stsaval(bench, env, "explain", "--format", "json");
        assertStringIncludes(notices.join("\n"), "JavaScript and Rust take profile");
      },
    });
  }
}

for (const kind of ["container", "instance"] as const) {
  Deno.test(`the AWS CLI gets a role on top of the ${kind} from stsaval process, twice by one request`, async () => {
    await using bench = await startEmulator({ world: sampleMachineWorld(kind) });
    const path = `${bench.home}/.aws/config`;
    const program = [Deno.execPath(), ...sourceArgs(["process", "--profile", "LogsRole-qa"])];
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      `${text}\n[profile cli]\nregion = us-east-1\ncredential_process = ${program.join(" ")}\n`,
    );
    const env = {
      ...(kind === "container" ? containerEnv(bench.url) : instanceEnv(bench.url)),
      DENO_DIR: denoFolder(),
    };
    for (let call = 0; call < 2; call++) {
      const words = ["sts", "get-caller-identity", "--profile", "cli", "--endpoint-url", bench.url];
      const made = await bench.run("aws", words, env);
      assertEquals([made.code, made.stderr], [0, ""]);
      assertStringIncludes(made.stdout, ":assumed-role/LogsRole-qa/");
    }
    const { emulator } = bench;
    const asked = kind === "container" ? "GetContainerCredentials" : "GetMetadataCredentials";
    assertEquals([emulator.count(asked, "ok"), emulator.count("AssumeRole", "ok")], [1, 1]);
  });
}

Deno.test("botocore takes a default profile with a role before web identity, and explain says so", async () => {
  await using bench = await startEmulator({ world });
  const env = await variablesOf(bench, ["web-identity", "instance-metadata"]);
  const role = "role_arn = arn:aws:iam::123456789012:role/LogsRole-qa\n";
  const text = `[default]\n${role}credential_source = Ec2InstanceMetadata\n`;
  await Deno.writeTextFile(`${bench.home}/.aws/config`, text);
  assertEquals((await judges.botocore(bench, env))[0], "assume-role");
  const { plans, notices } = await stsaval(bench, env, "explain", "--format", "json");
  assertEquals(plans[0].profile, "web-identity");
  assertStringIncludes(notices.join("\n"), "the AWS CLI and boto3 do where it assumes a role");
});
