/**
 * Every configuration of `docs/agents.md`, with boto3 and the AWS CLI as the agents: what they get may do what its scope
 * allows, and nothing else.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { sampleWorld, userArn } from "../../src/testing/mod.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder } from "./source_program.ts";
import { stsavalWords } from "./stsaval_process.ts";

const text = await Deno.readTextFile(new URL("../../docs/agents.md", import.meta.url));

/** The blocks of a language. */
const blocks = (language: string) =>
  [...text.matchAll(new RegExp("^```" + language + "\n([^]*?)^```", "gm"))]
    .map(([, block = ""]) => block);

/** The command line that begins so. */
function line(start: string): string {
  const found = blocks("sh").flatMap((block) => block.split("\n"))
    .find((one) => one.startsWith(start));
  assert(found !== undefined, `docs/agents.md has no line that begins with: ${start}`);
  return found;
}

const sample = sampleWorld();
const [user] = sample.users;
const world = {
  ...sample,
  users: sample.users,
  roles: [{
    arn: "arn:aws:iam::123456789012:role/Developer",
    trusts: user === undefined ? [] : [userArn(user)],
    requireMfa: true,
  }],
};

/** What an agent does first: it looks for credentials. */
const agent = `#!/bin/sh
exec python3 -c 'import boto3; print(boto3.Session().get_credentials().get_frozen_credentials().access_key)'
`;

interface Bench extends PeerBench {
  /** Runs a line of the page in a shell. */
  sh(words: string, env?: Record<string, string>): Promise<string>;
  readonly env: Record<string, string>;
}

/** A home with the profiles of the page, `stsaval` and `agent` in PATH, and a login for the day. */
async function startBench(): Promise<Bench> {
  const bench = await startEmulator({ world });
  const { home } = bench;
  await Deno.mkdir(`${home}/bin`);
  const program = stsavalWords([]).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${home}/bin/stsaval`, `#!/bin/sh\nexec ${program} "$@"\n`, {
    mode: 0o755,
  });
  await Deno.writeTextFile(`${home}/bin/agent`, agent, { mode: 0o755 });
  const serial = bench.user.mfa?.serial ?? "";
  const profiles = blocks("ini").join("\n").replaceAll(/^mfa_serial = .*$/gm, "")
    .replaceAll("source_profile = kim", `source_profile = kim\nmfa_serial = ${serial}`);
  await Deno.writeTextFile(`${home}/.aws/config`, `[profile kim]\nregion = eu-west-1\n${profiles}`);
  await Deno.writeTextFile(
    `${home}/.aws/credentials`,
    `[kim]\naws_access_key_id = ${bench.user.accessKeyId}\n` +
      `aws_secret_access_key = ${bench.user.secretAccessKey}\n`,
  );
  const env = {
    DENO_DIR: denoFolder(),
    NO_COLOR: "1",
    PATH: `${home}/bin:${Deno.env.get("PATH")}`,
    AWS_ENDPOINT_URL_STS: bench.url,
  };
  const sh = async (words: string, more = {}) => {
    const done = await bench.run("sh", ["-c", words], { ...env, ...more });
    assertEquals([done.code, done.stderr], [0, ""], words);
    return done.stdout.trim();
  };
  const [, code] = bench.freshMfa();
  await sh(`stsaval login dev --quiet --mfa-code ${code}`);
  return { ...bench, env, sh };
}

const questions = {
  s3: { action: "s3:GetObject", resource: "arn:aws:s3:::reports/x" },
  otherBucket: { action: "s3:GetObject", resource: "arn:aws:s3:::other/x" },
  write: { action: "s3:PutObject", resource: "arn:aws:s3:::reports/x" },
  ecr: { action: "ecr:BatchGetImage", resource: "arn:aws:ecr:eu-west-1:123456789012:repository/a" },
  model: {
    action: "bedrock:InvokeModel",
    resource:
      "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
  },
  otherModel: {
    action: "bedrock:InvokeModel",
    resource: "arn:aws:bedrock:eu-west-1::foundation-model/other",
  },
  role: { action: "sts:AssumeRole", resource: "arn:aws:iam::123456789012:role/Developer" },
} as const;

/** What of the questions the credentials may do. */
function allowed({ emulator }: PeerBench, accessKeyId: string): readonly string[] {
  return Object.entries(questions)
    .filter(([, question]) => emulator.isAllowed(accessKeyId, question)).map(([name]) => name);
}

Deno.test("a program with a server of its own, and one with keys, may do what the scope allows", async () => {
  await using bench = await startBench();
  const words = line("stsaval exec dev --serve");
  for (const one of [words, words.replace(" --serve", "")]) {
    assertEquals(allowed(bench, await bench.sh(one)), ["s3"], one);
  }
});

Deno.test("a profile gives its scope to boto3 and the AWS CLI", async () => {
  await using bench = await startBench();
  const [server = "{}"] = blocks("json");
  const { env } = JSON.parse(server).mcpServers.aws;
  assertEquals(allowed(bench, await bench.sh("agent", env)), ["s3"]);
  await bench.sh(`aws sts get-caller-identity --endpoint-url ${bench.url}`, env);
  const call = bench.emulator.calls.at(-1);
  assertEquals(call?.operation, "GetCallerIdentity");
  assertEquals(allowed(bench, call?.accessKeyId ?? ""), ["s3"]);
});

Deno.test("an export command prints what aws sts assume-role prints, for one model", async () => {
  await using bench = await startBench();
  const [, settings = "{}"] = blocks("json");
  const printed = JSON.parse(await bench.sh(JSON.parse(settings).awsCredentialExport));
  assertEquals(Object.keys(printed.Credentials), [
    ...["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"],
  ]);
  assertEquals(allowed(bench, printed.Credentials.AccessKeyId), ["model"]);
});

Deno.test("variables of a shell lead the program in it to the scope", async () => {
  await using bench = await startBench();
  assertEquals(allowed(bench, await bench.sh(`${line("eval")}\nagent`)), ["ecr"]);
});

Deno.test("one server gives each agent its own scope, and none the other's", async () => {
  await using bench = await startBench();
  const [program = "", ...words] = line("stsaval serve").split(" ");
  const server = new Deno.Command(`${bench.home}/bin/${program}`, {
    args: [...words, "--format", "json"],
    env: { ...bench.env, HOME: bench.home },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let printed = "";
    while (!printed.includes("\n")) printed += (await reader.read()).value ?? "\n";
    await reader.cancel();
    const { servers } = JSON.parse(printed);
    const found = [];
    for (const { profile, set } of servers) {
      found.push([profile, allowed(bench, await bench.sh("agent", set))]);
    }
    assertEquals(found, [["reader", ["s3"]], ["builder", ["ecr"]]]);
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
});
