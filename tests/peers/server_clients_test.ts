/**
 * Real SDKs on top of `stsaval serve`: the container endpoint and instance metadata, each over two renewals of roles that
 * live for seconds.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder } from "./source_program.ts";
import { isInstalled, MarkReader, startIn, stsavalWords } from "./stsaval_process.ts";

type Variables = Readonly<Record<string, string>>;

const role = "DynamoDBRole-dev";
const arn = `arn:aws:sts::123456789012:assumed-role/${role}/sts-${role}`;
/** The first credentials, and those of two renewals. */
const wanted = 3;

interface Client {
  readonly name: string;
  /** Why it cannot be run here; undefined where it can. */
  readonly missing: string | undefined;
  /** Prints lines of an access key id and an ARN, until it has seen so many ids. `fresh` makes a client for each. */
  words(bench: PeerBench, fresh: boolean): Promise<readonly string[]> | readonly string[];
}

const python = `
import sys, time, boto3
wanted, fresh = int(sys.argv[1]), sys.argv[2] == "fresh"
seen, session, deadline = set(), None, time.time() + 90
while len(seen) < wanted and time.time() < deadline:
    if session is None or fresh:
        session = boto3.Session()
    keys = session.get_credentials().get_frozen_credentials()
    print(keys.access_key, session.client("sts").get_caller_identity()["Arn"], flush=True)
    seen.add(keys.access_key)
    time.sleep(1)`;

const node = `
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
const [wanted, fresh] = [Number(process.argv[1]), process.argv[2] === "fresh"];
(async () => {
  const seen = new Set();
  let client;
  for (const deadline = Date.now() + 90_000; seen.size < wanted && Date.now() < deadline;) {
    if (client === undefined || fresh) client = new STSClient({});
    const { accessKeyId } = await client.config.credentials();
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    console.log(accessKeyId, Arn);
    seen.add(accessKeyId);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
})().catch((error) => { console.error(String(error)); process.exitCode = 1; });`;

/** The command of the AWS CLI shows no key: that it works for as long is what counts. */
const shell = `
end=$(( $(date +%s) + 22 ))
while [ "$(date +%s)" -lt "$end" ]; do
  arn=$(aws sts get-caller-identity --query Arn --output text) || exit
  echo "$(date +%s) $arn"
  sleep 1
done`;

async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  if (!await isInstalled(program)) return false;
  const { success } = await new Deno.Command(program, { args, stdout: "null", stderr: "null" })
    .output();
  return success;
}

/** The SDK for JavaScript says at each fetch that it takes the file: others know only the variable, so both are set. */
const bothTokens =
  /(?:@aws-sdk\/credential-provider-http: you have set both .*\nawsContainer.* will take precedence\.\n)+/;

const mode = (fresh: boolean) => [String(wanted), fresh ? "fresh" : "one"];

const clients: readonly Client[] = [
  {
    name: "boto3",
    missing: await succeeds("python3", "-c", "import boto3") ? undefined : "boto3 is not installed",
    words: (_, fresh) => ["python3", "-c", python, ...mode(fresh)],
  },
  {
    name: "the AWS CLI",
    missing: await isInstalled("aws") ? undefined : "the AWS CLI is not installed",
    words: () => ["sh", "-c", shell],
  },
  {
    name: "@aws-sdk/client-sts in Node",
    missing: await succeeds("node", "-e", 'require.resolve("@aws-sdk/client-sts")')
      ? undefined
      : "NODE_PATH leads to no @aws-sdk/client-sts",
    words: (_, fresh) => ["node", "-e", node, ...mode(fresh)],
  },
  {
    name: "aws-sdk-go-v2",
    missing: await isGo() ? undefined : "Go is not installed",
    async words({ home }, fresh) {
      const { success, stderr } = await new Deno.Command("go", {
        args: ["build", "-o", `${home}/go-client`, "."],
        cwd: new URL("./go_client/", import.meta.url),
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      return [`${home}/go-client`, ...mode(fresh)];
    },
  },
  {
    name: "aws-sdk-rust",
    missing: await succeeds("cargo", "--version") ? undefined : "Rust is not installed",
    words: async (_, fresh) => [await rustClient(), ...mode(fresh)],
  },
];

/** `go --version` fails: its command is `go version`. */
async function isGo(): Promise<boolean> {
  try {
    return (await new Deno.Command("go", { args: ["version"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

/**
 * Builds the client in a folder that the tests share, since its crates take most of a minute. The versions of those that it
 * names are fixed; its lock file stays in that folder.
 */
async function rustClient(): Promise<string> {
  const folder = `${Deno.cwd()}/.tmp/rust_client`;
  await Deno.mkdir(`${folder}/src`, { recursive: true });
  for (const file of ["Cargo.toml", "src/main.rs"]) {
    await Deno.copyFile(new URL(`./rust_client/${file}`, import.meta.url), `${folder}/${file}`);
  }
  const { success, stderr } = await new Deno.Command("cargo", {
    args: ["build", "--quiet"],
    cwd: folder,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return `${folder}/target/debug/rust_client`;
}

/**
 * Starts the server from source, and gives the variables of the container endpoint and of instance metadata. The emulator's
 * clock is left as it is: the SDK for Rust keeps what it has until the machine's clock says that it ends.
 */
async function serve({ home, emulator, user }: PeerBench) {
  const code = emulator.mfaCode(user.mfa?.serial ?? "");
  const words = ["serve", role, "--imds", "--format", "json", "--mfa-code", code];
  const env = { HOME: home, DENO_DIR: denoFolder(), PATH: Deno.env.get("PATH") ?? "" };
  const child = startIn({ path: home, env }, stsavalWords(words), { NO_COLOR: "1" });
  const reader = new MarkReader(child.stdout);
  const [line = ""] = (await reader.until("\n")).split("\n");
  const servers: readonly { set: Variables }[] = JSON.parse(line).servers;
  return {
    variables: servers.map(({ set }) => set),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await reader[Symbol.asyncDispose]();
      await child.stderr.cancel();
      await child.stdin.close();
      await child.status;
    },
  };
}

const ways = [["the container endpoint", false], ["instance metadata", true]] as const;

for (const [index, [way, fresh]] of ways.entries()) {
  for (const client of clients) {
    const { missing } = client;
    Deno.test({
      name: `${client.name} asks ${way} of serve, over two renewals` +
        (missing === undefined ? "" : `, skipped: ${missing}`),
      ignore: missing !== undefined,
      async fn() {
        await using bench = await startEmulator({ minimumSeconds: 1, roleSeconds: 8 });
        await using server = await serve(bench);
        // SDKs keep what instance metadata gave for longer than it lives: each is asked anew.
        const [program = "", ...args] = await client.words(bench, fresh);
        const { code, stdout, stderr } = await bench.run(program, args, {
          ...{ AWS_ENDPOINT_URL_STS: bench.url, AWS_MAX_ATTEMPTS: "3", NODE_NO_WARNINGS: "1" },
          ...{ NODE_PATH: Deno.env.get("NODE_PATH") ?? "" },
          ...server.variables[index],
          // The sample home has no profile "default": nothing comes before the server.
          AWS_EC2_METADATA_DISABLED: index === 0 ? "true" : "false",
        });
        assertEquals([code, stderr.replace(bothTokens, "")], [0, ""]);
        const lines = stdout.trim().split("\n").map((line) => line.split(" "));
        assert(lines.length >= wanted && lines.every((line) => line[1] === arn), stdout);
        if (client.name !== "the AWS CLI") {
          assertEquals(new Set(lines.map(([id]) => id)).size, wanted, stdout);
        }
        const issued = bench.emulator.count("AssumeRole", "ok");
        assert(issued >= wanted, `${issued} sets of credentials were issued`);
      },
    });
  }
}
