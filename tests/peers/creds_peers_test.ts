/**
 * The main job with peers that others wrote: moto as STS, the AWS CLI and boto3 as judges of what was printed, and a
 * person's terminal in the shape of a pty.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { denoSystem } from "../../src/deno_system.ts";
import { type Finished, keysAsEnv, type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";

function stsaval(bench: Pick<PeerBench, "run">, words: readonly string[]): Promise<Finished> {
  return bench.run(Deno.execPath(), sourceArgs(words), { DENO_DIR: denoFolder(), NO_COLOR: "1" });
}

/** A moto server on a free port, and a home folder that points to it. */
async function startMoto(): Promise<{ home: string; url: string } & AsyncDisposable> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const server = new Deno.Command("moto_server", {
    args: ["-H", "127.0.0.1", "-p", String(port)],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url);
  const home = await Deno.makeTempDir({ prefix: "stsaval-moto-" });
  await Deno.mkdir(`${home}/.aws`);
  const role = (name: string, account: string) =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::${account}:role/${name}\nsource_profile = base\n` +
    `mfa_serial = arn:aws:iam::123456789012:mfa/kim\nregion = eu-west-1\nendpoint_url = ${url}\n\n`;
  await Deno.writeTextFile(
    `${home}/.aws/config`,
    role("Deploy", "111122223333") + role("Audit", "444455556666"),
  );
  await Deno.writeTextFile(
    `${home}/.aws/credentials`,
    "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  );
  return {
    home,
    url,
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await server.status;
      await Deno.remove(home, { recursive: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await denoSystem.clock.sleep(100);
    }
  }
  throw new Error("moto_server does not answer");
}

async function runIn(
  home: string,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const path = Deno.env.get("PATH") ?? "";
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: { PATH: path, HOME: home, NO_PROXY: "127.0.0.1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("moto as STS: two roles with one code, and the AWS CLI and boto3 are those roles", async () => {
  await using moto = await startMoto();
  const words = ["creds", "--profiles", "Deploy,Audit", "--mfa-code", "123456", "--format", "json"];
  const made = await runIn(moto.home, Deno.execPath(), sourceArgs(words), {
    DENO_DIR: denoFolder(),
  });
  assertEquals([made.code, made.stderr], [0, ""]);
  const credentials = JSON.parse(made.stdout);
  assertEquals(Object.keys(credentials), ["sts-Deploy", "sts-Audit"]);

  const env = { ...keysAsEnv(credentials["sts-Deploy"]), AWS_DEFAULT_REGION: "eu-west-1" };
  const seen = await runIn(moto.home, "aws", [
    "sts",
    "get-caller-identity",
    "--endpoint-url",
    moto.url,
    "--output",
    "json",
  ], env);
  assertEquals(seen.stderr, "");
  assertEquals(
    JSON.parse(seen.stdout).Arn,
    "arn:aws:sts::111122223333:assumed-role/Deploy/sts-Deploy",
  );

  const script = `
import boto3
print(boto3.client("sts", endpoint_url="${moto.url}").get_caller_identity()["Arn"])`;
  const audit = await runIn(moto.home, "python3", ["-c", script], {
    ...keysAsEnv(credentials["sts-Audit"]),
    AWS_DEFAULT_REGION: "eu-west-1",
  });
  assertEquals(audit.stderr, "");
  assertEquals(
    audit.stdout.trim(),
    "arn:aws:sts::444455556666:assumed-role/Audit/sts-Audit",
  );
});

Deno.test("the emulator as STS: one GetSessionToken, three AssumeRole, and the AWS CLI takes each format", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const words = ["creds", "--profiles", "DynamoDBRole-dev,CodeDeployRole-qa,S3ReadOnlyRole-prod"];
  const made = await stsaval(bench, [...words, "--mfa-code", code, "--format", "ini"]);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertEquals(bench.emulator.count("GetSessionToken"), 1);
  assertEquals(bench.emulator.count("AssumeRole"), 3);
  await Deno.writeTextFile(`${bench.home}/.aws/credentials`, made.stdout);
  for (const name of ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"]) {
    const identity = ["sts", "get-caller-identity", "--profile", `sts-${name}`];
    const seen = await bench.run("aws", [
      ...identity,
      "--endpoint-url",
      bench.url,
      "--output",
      "json",
    ], {
      AWS_DEFAULT_REGION: "us-east-1",
    });
    assertEquals(seen.stderr, "");
    assertStringIncludes(JSON.parse(seen.stdout).Arn, `assumed-role/${name}/sts-${name}`);
  }
});

/** Drives a program at a pty: waits for the question, types, and tells how it ended and how the terminal was left. */
const PTY = `
import json, os, pty, select, sys, termios
answer, args = sys.argv[1].encode().decode("unicode_escape"), sys.argv[2:]
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    import fcntl
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.execvp(args[0], args)
seen, typed, done = b"", False, 0
def take(seconds):
    global seen
    while select.select([master], [], [], seconds)[0]:
        seen += os.read(master, 4096)
for _ in range(600):
    take(0.1)
    if not typed and b"MFA code for" in seen and seen.rstrip().endswith(b":"):
        os.write(master, answer.encode()); typed = True
    done, status = os.waitpid(pid, os.WNOHANG)
    if done: break
else:
    os.kill(pid, 9); _, status = os.waitpid(pid, 0)
take(0.2)
after = termios.tcgetattr(slave)
print(json.dumps({
    "seen": seen.decode(), "code": os.waitstatus_to_exitcode(status),
    "restored": before[:4] == after[:4],
}))
`;

async function atTerminal(bench: PeerBench, answer: string, words: readonly string[]) {
  const finished = await bench.run("python3", [
    "-c",
    PTY,
    answer,
    Deno.execPath(),
    ...sourceArgs(words),
  ], { DENO_DIR: denoFolder(), TERM: "xterm" });
  assertEquals(finished.stderr, "");
  return JSON.parse(finished.stdout) as { seen: string; code: number; restored: boolean };
}

Deno.test("at a terminal the code is asked without echo, and a table is shown", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const ended = await atTerminal(bench, `${code}\\r`, ["creds", "--profiles", "DynamoDBRole-dev"]);
  assertEquals([ended.code, ended.restored], [0, true]);
  assert(!ended.seen.includes(code), "the code was echoed");
  assertMatch(ended.seen, /\*{6}/);
  assertMatch(ended.seen, /DynamoDBRole-dev +ASIA/);
});

Deno.test("ctrl+c at the question ends with 130, and the terminal is as before", async () => {
  await using bench = await startEmulator();
  const ended = await atTerminal(bench, "12\\x03", ["creds", "--profiles", "DynamoDBRole-dev"]);
  assertEquals([ended.code, ended.restored], [130, true]);
  assertStringIncludes(ended.seen, "stsaval: Interrupted");
});

Deno.test("a home whose files are links works, and links stay links when a file is written", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  await Deno.mkdir(`${bench.home}/dotfiles`);
  await Deno.rename(`${bench.home}/.aws/config`, `${bench.home}/dotfiles/config`);
  await Deno.symlink("../dotfiles/config", `${bench.home}/.aws/config`);
  await Deno.symlink(`${bench.home}/dotfiles/out.json`, `${bench.home}/out.json`);
  const words = ["creds", "--profiles", "DynamoDBRole-dev", "--mfa-code", code];
  const made = await stsaval(bench, [...words, "--output", `${bench.home}/out.json`]);
  assertEquals([made.code, made.stderr], [0, ""]);
  assert((await Deno.lstat(`${bench.home}/out.json`)).isSymlink, "the link was replaced");
  assertStringIncludes(await Deno.readTextFile(`${bench.home}/dotfiles/out.json`), "ASIA");
  assertEquals(((await Deno.stat(`${bench.home}/out.json`)).mode ?? 0) & 0o777, 0o600);
});
