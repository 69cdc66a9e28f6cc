/**
 * Every file that the compiled program opens, every address that it connects to and every program that it runs, for each
 * kind of source, by the kernel's own account (`strace`). The configuration names all the kinds each time.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import {
  createStsEmulator,
  formatSampleHome,
  formatSampleToken,
  githubTokenPath,
  sampleSsoWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import { type Home, isInstalled, makeHome, runIn } from "../peers/stsaval_process.ts";
import {
  fileName,
  loginFile,
  loginSession,
  world as loginWorld,
} from "../source/login/fixtures.ts";
import {
  requestToken,
  roleArn,
  subject,
  world as webWorld,
} from "../source/web_identity/fixtures.ts";
import { containerPath } from "../../src/testing/metadata/container_handler.ts";
import { makeProgram, programTest } from "./program.ts";

/** What any command may open to read; `~` stands for the home, `PROGRAM` for the program itself. */
const usual: readonly RegExp[] = [
  // The two files.
  /^~\/\.aws\/(?:config|credentials)$/,
  // The cache.
  /^~\/\.aws\/stsaval(?:\/[\w.-]+)?$/,
  /^PROGRAM$/,
  // The loader and its libraries.
  /^(?:\/etc\/ld\.so\.\w+|(?:\/usr)?\/lib\S*\/lib[\w.+-]+)$/,
  // Chance.
  /^\/dev\/u?random$/,
  // Memory, processors and their limits.
  /^\/(?:proc\/(?:self\/|meminfo)|sys\/(?:devices|fs))/,
  // The time zone and the locale.
  /^(?:\/etc\/localtime|\/usr\/share\/zoneinfo|\/usr\/\S*locale)/,
  // The resolver.
  /^\/etc\/(?:resolv|nsswitch|host|gai)\w*(?:\.conf)?$/,
  // Certificates.
  /^\/(?:etc|usr\/\S*)\/(?:ssl|pki|ca-certificates)\//,
];

const program = await makeProgram();
const haveStrace = Deno.build.os === "linux" && await isInstalled("strace");

/** What one command did. */
interface Traced {
  readonly opened: readonly string[];
  /** `127.0.0.1:4566`; sockets of files by their paths. */
  readonly connected: readonly string[];
  /** The programs, without the traced one itself. */
  readonly executed: readonly string[];
}

function readTrace(trace: string): Traced {
  const opened = [...trace.matchAll(/open(?:at2?)?\((?:AT_FDCWD, )?"([^"]*)", ([^)]*)\) = \d/g)]
    .filter(([, , flags = ""]) => !flags.includes("O_WRONLY"))
    .map(([, path = ""]) => path);
  const connected = [...trace.matchAll(/connect\(\d+, \{(.*?)\}, \d+\)/g)].map(([, to = ""]) => {
    const [, port = ""] = /port=htons\((\d+)\)/.exec(to) ?? [];
    const [, address = to] = /(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/.exec(to) ?? [];
    return `${address}:${port}`;
  });
  const executed = [...trace.matchAll(/execve\("([^"]*)", .*\) = 0/g)].map(([, path = ""]) => path);
  return { opened, connected, executed: executed.slice(1) };
}

/** A kind of source: the profile that rests on it, and what it alone opens and runs. */
interface Kind {
  readonly what: string;
  readonly words: readonly string[];
  readonly opens: readonly RegExp[];
  readonly runs: readonly string[];
  /** The variables that it needs, given the emulator's URL. */
  env?(url: string): Readonly<Record<string, string>>;
}

const containerToken = "TokenOfTheContainer";
const token = "7e09d0bb5f4eb56d9b97c579dd7351780613c45b";
const shell = /^(?:\/bin\/sh|\/usr\/bin\/\w+)$/;

const kinds: readonly Kind[] = [
  { what: "long-term keys", words: ["DynamoDBRole-dev", "CodeDeployRole-qa"], opens: [], runs: [] },
  {
    what: "IAM Identity Center",
    words: ["LambdaRole-dev", "LogsRole-qa"],
    opens: [new RegExp(`^~/\\.aws/sso/cache/${token}\\.json(?:\\.lock)?$`)],
    runs: [],
  },
  {
    what: "an aws login",
    words: ["login-role"],
    opens: [new RegExp(`^~/\\.aws/login/cache/${fileName}(?:\\.lock)?$`)],
    runs: [],
  },
  {
    what: "a program",
    words: ["process-role"],
    opens: [/^\/dev\/(?:null|tty)$/, /^printed\.json$/],
    runs: ["/bin/sh"],
  },
  {
    what: "a web identity",
    words: ["web", "web-role"],
    opens: [/^~\/web\.jwt$/],
    runs: [],
  },
  {
    what: "a job of GitHub Actions",
    words: ["web-job", "--github-oidc"],
    opens: [],
    runs: [],
    env: (url) => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${githubTokenPath}`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    }),
  },
  {
    what: "a container",
    words: ["container"],
    opens: [/^~\/container\.token$/],
    runs: [],
    env: (url) => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}${containerPath}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "container.token",
    }),
  },
];

/** A home whose profiles rest on every kind. */
async function homeOfAll(emulator: StsEmulator): Promise<Home> {
  const { users: [user] } = emulator.world;
  const home = await makeHome(emulator.handle, (url) => {
    const { config, credentials } = formatSampleHome(emulator.world, { url });
    const place = `endpoint_url = ${url}\nregion = us-east-1\n`;
    const role = (name: string, source: string) =>
      `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/One\n` +
      `source_profile = ${source}\n${place}`;
    const more = `[profile login]\nlogin_session = ${loginSession}\n${place}` +
      `[profile process]\ncredential_process = cat printed.json\n${place}` +
      role("login-role", "login") + role("process-role", "process") +
      `[profile container]\ncredential_source = EcsContainer\n${place}` +
      `[profile web]\nrole_arn = ${roleArn("App")}\nweb_identity_token_file = ~/web.jwt\n${place}` +
      `[profile web-job]\nrole_arn = ${roleArn("App")}\n${place}${role("web-role", "web")}` +
      "[profile company]\nca_bundle = /etc/company.pem\nmfa_process = /bin/true\n";
    return { ".aws/config": `${config}\n${more}`, ".aws/credentials": credentials };
  });
  const sso = await formatSampleToken(emulator.signInToSso());
  const printed = JSON.stringify({
    Version: 1,
    AccessKeyId: user?.accessKeyId,
    SecretAccessKey: user?.secretAccessKey,
  });
  const kept = JSON.stringify(loginFile(emulator, denoSystem.clock.now() + 60_000));
  for (
    const [name, text] of [
      [`.aws/sso/cache/${sso.name}`, sso.text],
      [`.aws/login/cache/${fileName}`, kept],
      ["printed.json", printed],
      ["web.jwt", await emulator.webIdentityToken({ subject, seconds: 3_600 })],
      ["container.token", containerToken],
    ] as const
  ) {
    const path = `${home.path}/${name}`;
    await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return home;
}

for (const { what, words, opens, runs, env } of kinds) {
  programTest(
    haveStrace ? program : { missing: "strace is not installed" },
    `on top of ${what}, creds opens, calls and runs nothing that another kind needs`,
    async (path) => {
      const sample = sampleSsoWorld();
      const emulator = createStsEmulator({
        world: {
          ...{ ...loginWorld, ...webWorld, ...sample },
          roles: [...sample.roles, ...loginWorld.roles, ...webWorld.roles.slice(0, 1)],
          container: { roleArn: roleArn("Machine"), token: containerToken },
        },
      });
      await using home = await homeOfAll(emulator);
      const code = emulator.mfaCode(sample.users[0]?.mfa?.serial ?? "");
      const trace = `${home.path}/trace`;
      const asks = what === "long-term keys" ? ["--mfa-code", code] : [];
      const { code: status, stderr } = await runIn(home, [
        ...["strace", "-f", "-qq", "-s", "4096", "-o", trace],
        ...["-e", "trace=open,openat,openat2,connect,execve"],
        ...[path, "creds", ...words, ...asks],
      ], { env: env?.(home.url) ?? {} });
      assertEquals(status, 0, stderr);
      const { opened, connected, executed } = readTrace(await Deno.readTextFile(trace));
      const short = opened.map((opened) => opened.replace(home.path, "~").replace(path, "PROGRAM"));
      for (const pattern of [/^~\/\.aws\/config$/, /^PROGRAM$/, ...opens.slice(0, 1)]) {
        assert(short.some((path) => pattern.test(path)), `${pattern} was not opened`);
      }
      const others = short.filter((path) =>
        ![...usual, ...opens].some((pattern) => pattern.test(path))
      );
      assertEquals([...new Set(others)], []);
      assertEquals([...new Set(connected)], [new URL(home.url).host]);
      assertEquals(executed.filter((path) => !runs.includes(path) && !shell.test(path)), []);
      assertEquals(executed.length > 0, runs.length > 0);
    },
  );
}
