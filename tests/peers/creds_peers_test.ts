/**
 * The main job with peers that others wrote: moto as STS, the AWS CLI and boto3 as judges of what was printed, and a
 * person's terminal in the shape of a pty.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Finished, keysAsEnv, type PeerBench, startEmulator } from "./emulator_bench.ts";
import { runInHome, startMoto } from "./moto_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";

function stsaval(bench: Pick<PeerBench, "run">, words: readonly string[]): Promise<Finished> {
  return bench.run(Deno.execPath(), sourceArgs(words), { DENO_DIR: denoFolder(), NO_COLOR: "1" });
}

Deno.test("moto as STS: two roles with one code, and the AWS CLI and boto3 are those roles", async () => {
  await using moto = await startMoto();
  const words = ["creds", "--profiles", "Deploy,Audit", "--mfa-code", "123456", "--format", "json"];
  const made = await runInHome(moto.home, Deno.execPath(), sourceArgs(words), {
    DENO_DIR: denoFolder(),
  });
  assertEquals([made.code, made.stderr], [0, ""]);
  const credentials = JSON.parse(made.stdout);
  assertEquals(Object.keys(credentials), ["sts-Deploy", "sts-Audit"]);

  const env = { ...keysAsEnv(credentials["sts-Deploy"]), AWS_DEFAULT_REGION: "eu-west-1" };
  const seen = await runInHome(moto.home, "aws", [
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
  const audit = await runInHome(moto.home, "python3", ["-c", script], {
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
  // A terminal shows the name in red.
  assertStringIncludes(ended.seen.replaceAll(/.\[\d+m/g, ""), "stsaval: Interrupted");
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
