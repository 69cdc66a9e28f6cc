/**
 * `stsaval serve` beside others of the machine: another user, thousands of idle connections, containers' networks. Root is
 * needed for users and networks.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder } from "./source_program.ts";
import { isInstalled, isRoot, MarkReader, startIn, stsavalWords } from "./stsaval_process.ts";

type Variables = Readonly<Record<string, string>>;

const role = "DynamoDBRole-dev";

async function serve(
  bench: Pick<PeerBench, "home" | "freshMfa">,
  prefix: readonly string[],
  ...words: string[]
) {
  const [, code] = bench.freshMfa();
  const all = [...prefix, ...stsavalWords(["serve", role, "--format", "json", ...words])];
  const env = { HOME: bench.home, DENO_DIR: denoFolder(), PATH: Deno.env.get("PATH") ?? "" };
  const child = startIn({ path: bench.home, env }, all, { STSAVAL_MFA_CODE: code, NO_COLOR: "1" });
  const reader = new MarkReader(child.stdout);
  const [line = ""] = (await reader.until("\n")).split("\n");
  const servers: readonly { set: Variables }[] = JSON.parse(line).servers;
  return {
    pid: child.pid,
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

async function run(words: readonly string[], env: Variables = {}) {
  const [program = "", ...args] = words;
  const { code, stdout } = await new Deno.Command(program, { args, env, stderr: "null" }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

/** What curl gets: the status alone, or with the body before it. */
const curl = (url: string, token: string) => [
  ...["curl", "-s", "-m", "5", "-H", `Authorization: ${token}`, "-w", " %{http_code}", url],
];

const root = await isRoot();
const needs = async (...programs: string[]) => {
  if (!root) return "root is needed";
  for (const program of programs) {
    if (!await isInstalled(program)) return `${program} is not installed`;
  }
  return undefined;
};

function machineTest(name: string, missing: string | undefined, fn: () => Promise<void>): void {
  const why = missing === undefined ? "" : `, skipped: ${missing}`;
  Deno.test({ name: name + why, ignore: missing !== undefined, fn });
}

machineTest(
  "another user gets neither the token nor the credentials",
  await needs("setpriv", "curl"),
  async () => {
    await using bench = await startEmulator();
    await Deno.chmod(bench.home, 0o755);
    await Deno.chmod(`${bench.home}/.aws`, 0o755);
    await using server = await serve(bench, []);
    const [variables = {}] = server.variables;
    const url = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
    const file = variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] ?? "";
    const other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    for (const secret of [file, `/proc/${server.pid}/environ`]) {
      const read = await run([...other, "cat", secret]);
      assert(read.code !== 0 && read.stdout === "", secret);
    }
    assertStringIncludes((await run([...other, ...curl(url, "guess")])).stdout, " 401");
    const token = await Deno.readTextFile(file);
    assertStringIncludes((await run(curl(url, token))).stdout, " 200");
  },
);

Deno.test("thousands of idle connections stop nobody else", async () => {
  await using bench = await startEmulator();
  await using server = await serve(bench, []);
  const [variables = {}] = server.variables;
  const url = new URL(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "");
  const idle: Deno.TcpConn[] = [];
  try {
    // As many as the limit of open files lets this process hold, 10,000 at most.
    while (idle.length < 10_000) {
      const next = await Deno.connect({ hostname: "127.0.0.1", port: Number(url.port) })
        .catch(() => undefined);
      if (next === undefined) break;
      idle.push(next);
    }
    // Some are given back, for the request itself.
    for (const connection of idle.splice(0, 20)) connection.close();
    const headers = { authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
    assertEquals(response.status, 200, `beside ${idle.length} idle connections`);
    await response.body?.cancel();
  } finally {
    for (const connection of idle) connection.close();
  }
});

/** A network of its own, as a container has it; 127.0.0.1 is up. */
async function network(name: string): Promise<AsyncDisposable> {
  await run(["ip", "netns", "add", name]);
  await run(["ip", "-n", name, "link", "set", "lo", "up"]);
  return {
    async [Symbol.asyncDispose]() {
      await run(["ip", "netns", "delete", name]);
    },
  };
}

machineTest(
  "containers: the host's network and none of their own",
  await needs("ip", "curl"),
  async () => {
    await using bench = await startEmulator();
    await using server = await serve(bench, [], "--imds");
    const [variables = {}, metadata = {}] = server.variables;
    const url = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
    const words = curl(url, variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "");
    // The host's network: another process of the machine.
    assertStringIncludes((await run(words)).stdout, " 200");
    // A network of its own reaches nothing of the host's loopback.
    const name = `stsaval-${Deno.pid}`;
    await using _network = await network(name);
    assertEquals((await run(["ip", "netns", "exec", name, ...words])).stdout, " 000");
    const { port } = new URL(metadata["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "");
    const put = (host: string) =>
      run([
        ...["curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT"],
        ...[
          "-H",
          "X-aws-ec2-metadata-token-ttl-seconds: 60",
          "--resolve",
          `${host}:${port}:127.0.0.1`,
        ],
        `http://${host}:${port}/latest/api/token`,
      ]);
    // By its host name: localhost is one of ours, no other name is.
    assertEquals((await put("localhost")).stdout, "200");
    assertEquals((await put("host.docker.internal")).stdout, "403");
  },
);

machineTest(
  "containers: a sidecar in their network serves both ways",
  await needs("ip", "curl"),
  async () => {
    const name = `stsaval-side-${Deno.pid}`;
    await using _network = await network(name);
    const inside = ["ip", "netns", "exec", name];
    const home = await Deno.makeTempDir({ prefix: "stsaval-sidecar-" });
    const env = { HOME: home, DENO_DIR: denoFolder(), PATH: Deno.env.get("PATH") ?? "" };
    // STS itself must be in that network too.
    const words = [...inside, ...stsavalWords(["emulator", "--write-home", home])];
    // It writes no home that it would read itself.
    const sts = startIn({ path: home, env: { ...env, HOME: `${home}/other` } }, words);
    const reader = new MarkReader(sts.stdout);
    const [, codeUrl = ""] = /MFA code: curl -s (\S+)/.exec(await reader.until("mfa-code\n")) ?? [];
    const code = await run([...inside, "curl", "-s", codeUrl]);
    const bench = { home, freshMfa: () => ["", code.stdout.trim()] as const };
    {
      await using server = await serve(bench, inside, "--imds");
      const [variables = {}, metadata = {}] = server.variables;
      const url = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
      const ask = curl(url, variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "");
      assertStringIncludes((await run([...inside, ...ask])).stdout, " 200");
      assertEquals((await run(ask)).stdout, " 000", "the host reaches the container's loopback");
      const { port } = new URL(metadata["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "");
      const put = ["-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60"];
      const token = await run([
        ...[...inside, "curl", "-s", "-m", "5", ...put, "-w", " %{http_code}"],
        `http://localhost:${port}/latest/api/token`,
      ]);
      assertStringIncludes(token.stdout, " 200");
    }
    sts.kill("SIGTERM");
    await reader[Symbol.asyncDispose]();
    await sts.stderr.cancel();
    await sts.stdin.close();
    await sts.status;
    await Deno.remove(home, { recursive: true });
  },
);
