/**
 * `credential_process` in a StsCore: what is run, how often, and what is said where it fails.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { ProgramError, SourceError, StsavalError } from "../../../src/errors.ts";
import { createStsEmulator } from "../../../src/testing/mod.ts";
import { type FakeProgram, fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const account = "123456789012";
const user = {
  name: "kim",
  account,
  accessKeyId: "AKIAEXAMPLEEXAMPLE00",
  secretAccessKey: "kim's topsecret",
};
const roles = ["A", "B", "C"].map((name) => ({
  arn: `arn:aws:iam::${account}:role/${name}`,
  trusts: [account],
}));
const config = `[default]
endpoint_url = http://127.0.0.1:4566
[profile keys]
credential_process = keys --password topsecret
[profile same]
credential_process = keys --password topsecret
[profile piped]
credential_process = keys topsecret | jq .
${
  roles.map(({ arn }, index) =>
    `[profile ${arn.slice(-1)}]
endpoint_url = http://127.0.0.1:4566
role_arn = ${arn}
source_profile = ${index === 2 ? "same" : "keys"}
`
  ).join("")
}`;

const longTerm = JSON.stringify({
  Version: 1,
  AccessKeyId: user.accessKeyId,
  SecretAccessKey: user.secretAccessKey,
});

function temporary(expiration: number, key = "ASIAEXAMPLEEXAMPLE00"): string {
  return JSON.stringify({
    ...{ Version: 1, AccessKeyId: key, SecretAccessKey: "topsecret", SessionToken: "toptoken" },
    Expiration: new Date(expiration).toISOString(),
  });
}

function start(
  program: (words: readonly string[]) => FakeProgram,
  parts: { readonly terminal?: ScriptedTerminal; readonly env?: Readonly<Record<string, string>> } =
    {},
) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: { users: [user], roles } });
  const system = fakeSystem({
    ...{ clock, program, ...parts },
    files: { "/home/kim/.aws/config": config },
    fetch: emulator.handle,
  });
  return { clock, emulator, system, sts: new StsCore({ system }) };
}

Deno.test("three roles on one program run it once, and sign with what it printed", async () => {
  const { sts, system, emulator } = start(() => ({ stdout: longTerm, exit: 0 }));
  await using _disposed = sts;
  const set = await sts.generateCredentials(["A", "B", "C"]);
  assertEquals(Object.keys(set.toJSON()), ["sts-A", "sts-B", "sts-C"]);
  assertEquals(emulator.calls.map(({ operation }) => operation), Array(3).fill("AssumeRole"));
  assertEquals(system.processes.started.map(({ words }) => words), [
    ["keys", "--password", "topsecret"],
  ]);
});

Deno.test("what a shell has to read is run by sh -c, as it stands", async () => {
  const { sts, system } = start(() => ({ stdout: longTerm, exit: 0 }));
  await using _disposed = sts;
  await sts.generateCredentials(["piped"]);
  assertEquals(system.processes.started[0]?.words, ["/bin/sh", "-c", "keys topsecret | jq ."]);
});

Deno.test("a program finds the profiles that wait for it in its environment", async () => {
  const outer = JSON.stringify([{ profile: "outer", file: "/etc/config", line: 7 }]);
  const { sts, system } = start(() => ({ stdout: longTerm, exit: 0 }), {
    env: { STSAVAL_PROCESS_CHAIN: outer },
  });
  await using _disposed = sts;
  await sts.generateCredentials(["A"]);
  assertEquals(JSON.parse(system.processes.started[0]?.env.STSAVAL_PROCESS_CHAIN ?? ""), [
    { profile: "outer", file: "/etc/config", line: 7 },
    { profile: "keys", file: "/home/kim/.aws/config", line: 4 },
  ]);
});

Deno.test("keys without an end serve as they are, and as long as the process", async () => {
  const { sts, system, clock } = start(() => ({ stdout: longTerm, exit: 0 }));
  await using _disposed = sts;
  const set = await sts.generateCredentials(["keys"], { lifetime: 5 });
  assertEquals(set["sts-keys"].AccessKeyId, user.accessKeyId);
  assertEquals(set["sts-keys"].SessionToken, "");
  await clock.advance(4 * 3_600_000);
  await sts.generateCredentials(["A"]);
  assertEquals(system.processes.started.length, 1);
});

Deno.test("temporary credentials are fetched again before they end, in the background", async () => {
  const hour = 3_600_000;
  let count = 0;
  const { sts, system, clock } = start(() => ({
    stdout: temporary(clock.now() + hour, `ASIAEXAMPLEEXAMPLE0${++count}`),
    exit: 0,
  }));
  await using _disposed = sts;
  const set = await sts.generateCredentials(["keys"], { lifetime: 5 });
  const windows: number[] = [];
  for (let minute = 0; minute < 120; minute++) {
    await clock.advance(60_000);
    windows.push(set["sts-keys"].Expiration.getTime() - clock.now());
  }
  assert(system.processes.started.length >= 3, "two renewals");
  assertEquals(set["sts-keys"].AccessKeyId, `ASIAEXAMPLEEXAMPLE0${count}`);
  assert(Math.min(...windows) >= 14 * 60_000, "no less than the window of the SDKs is left");
});

interface Failing {
  readonly program: FakeProgram | Error;
  readonly message: string;
  readonly code?: string;
}

const head = 'Cannot get credentials for profile "keys": "keys"';
const tail = '(profile "keys" sets credential_process at "/home/kim/.aws/config", line 4)';

const failing: Readonly<Record<string, Failing>> = {
  "a non-zero exit": {
    program: { stdout: "topsecret", exit: 2 },
    message: `${head} ended with exit code 2 ${tail}`,
  },
  "a signal": {
    program: { exit: 137 },
    message: `${head} ended with exit code 137, as if ended by SIGKILL ${tail}`,
  },
  "nothing": {
    program: { exit: 0 },
    message: `${head} printed nothing, wanted JSON on standard output ${tail}`,
  },
  "what has ended": {
    program: { stdout: temporary(0), exit: 0 },
    message: `${head} printed credentials that ended at 1970-01-01T00:00:00.000Z ${tail}`,
  },
  "too much": {
    program: { stdout: "x".repeat(65_537), exit: 0 },
    message: `${head} printed more than 65,536 bytes ${tail}`,
  },
  "a program that does not exist": {
    program: new ProgramError("PROGRAM_NOT_FOUND", "keys", "there is no such program"),
    message: `${head} cannot be run: there is no such program ${tail}`,
  },
  "a program that never ends": {
    program: { stdout: longTerm },
    message:
      `${head} took more than 60 seconds, or left something running that holds its output open ${tail}`,
    code: "SOURCE_UNREACHABLE",
  },
  "output that stays open": {
    program: { stdout: new ReadableStream(), exit: 0 },
    message:
      `${head} took more than 60 seconds, or left something running that holds its output open ${tail}`,
    code: "SOURCE_UNREACHABLE",
  },
};

for (const [what, { program, message, code = "SOURCE_REFUSED" }] of Object.entries(failing)) {
  Deno.test(`${what} is told with the place of the setting, and without what was printed`, async () => {
    const { sts, clock, system } = start(() => {
      if (program instanceof Error) throw program;
      return program;
    });
    await using _disposed = sts;
    const error = await assertRejects(
      () => clock.runUntil(sts.generateCredentials(["keys"])),
      SourceError,
    );
    assertEquals([error.message, error.code], [message, code]);
    assertEquals(`${error.message}${error.hint}`.includes("topsecret"), false);
    if (code === "SOURCE_UNREACHABLE") {
      assertEquals(system.processes.started[0]?.signals[0], "SIGTERM");
    }
  });
}

Deno.test("a program that may ask on the terminal has five minutes", async () => {
  const { sts, clock, system } = start(() => ({}), {
    terminal: new ScriptedTerminal({ isTerminal: true }),
  });
  await using _disposed = sts;
  const pending = assertRejects(() => sts.generateCredentials(["keys"]), SourceError);
  await clock.advance(299_000);
  assertEquals(system.processes.started[0]?.signals, []);
  await clock.advance(1_000);
  assertEquals(system.processes.started[0]?.signals, ["SIGTERM"]);
  assertEquals((await pending).message.includes("took more than 300 seconds"), true);
  await clock.advance(1_000);
  assertEquals(system.processes.started[0]?.signals, ["SIGTERM", "SIGKILL"]);
});

Deno.test("halt ends a program that runs", async () => {
  const { sts, clock, system } = start(() => ({}));
  await using _disposed = sts;
  const pending = assertRejects(() => sts.generateCredentials(["A"]));
  await clock.advance(1_000);
  sts.halt();
  await pending;
  assertEquals(system.processes.started[0]?.signals, ["SIGTERM"]);
});

Deno.test("a program that is started again after it failed is asked anew", async () => {
  let exit = 1;
  const { sts } = start(() => ({ stdout: longTerm, exit }));
  await using _disposed = sts;
  await assertRejects(() => sts.generateCredentials(["A"]), StsavalError);
  exit = 0;
  await sts.generateCredentials(["A"]);
});

Deno.test("no lock is held while the program runs, and what it printed is not kept on disk", async () => {
  const { system, clock } = start(() => ({}));
  await using sts = new StsCore({ system, cache: "disk" });
  const pending = sts.generateCredentials(["A"]);
  pending.catch(() => {});
  await clock.advance(1_000);
  const locked = [...system.files.contents].filter(([path, text]) =>
    /lock/.test(path) && text !== ""
  );
  assertEquals(locked, []);
  assertEquals(system.processes.started.length, 1);
  sts.halt();
  await assertRejects(() => pending);

  const second = start(() => ({ stdout: longTerm, exit: 0 }));
  await using done = new StsCore({ system: second.system, cache: "disk" });
  await done.generateCredentials(["A", "keys"]);
  for (const [path, text] of second.system.files.contents) {
    assertEquals(String(text).includes(user.secretAccessKey), false, path);
  }
});

Deno.test("temporary keys that a program prints are narrowed by a scope, and the program's own are not given", async () => {
  let printed = "";
  const { sts, clock, emulator } = start(() => ({ stdout: printed, exit: 0 }));
  await using _disposed = sts;
  const issued = await emulator.service.assumeRole({
    ...{ keys: user, roleArn: roles[0]?.arn, roleSessionName: "printed" },
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued;
  printed = JSON.stringify({
    ...{ Version: 1, AccessKeyId, SecretAccessKey, SessionToken },
    Expiration: Expiration.toISOString(),
  });
  const set = await sts.generateCredentials(["keys"], { scope: "ecr-pull", scopeFor: "10m" });
  const scoped = set["sts-keys"];
  assertEquals(scoped.Expiration.getTime() - clock.now(), 600_000);
  assert(scoped.AccessKeyId !== AccessKeyId);
  const may = (action: string) => emulator.isAllowed(scoped.AccessKeyId, { action });
  assertEquals([may("ecr:GetAuthorizationToken"), may("ecr:PutImage")], [true, false]);
  assertEquals(emulator.identityOf(scoped.AccessKeyId)?.arn, emulator.identityOf(AccessKeyId)?.arn);
});
