import { assert, assertEquals, assertMatch } from "@std/assert";
import { acquireLock } from "../../../src/cache/lock.ts";
import { main } from "../../../src/cli/main.ts";
import { LiveArea } from "../../../src/cli/progress/live_area.ts";
import { ProgressTracker } from "../../../src/cli/progress/tracker.ts";
import { ProgressState } from "../../../src/progress.ts";
import { createStsEmulator, formatSampleHome } from "../../../src/testing/mod.ts";
import { fakeSystem, ScriptedTerminal, type TypedKey, VirtualClock } from "../../fake_system.ts";
import { screenOf } from "../../screen.ts";

const names = "DynamoDBRole-dev,CodeDeployRole-qa,S3ReadOnlyRole-prod";

interface Start {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly keys?: readonly TypedKey[];
  /** How long each call takes, in milliseconds. */
  readonly callMs?: number;
}

/** `stsaval creds` with an STS that takes its time. */
function startCreds({ words = [], env = {}, isTerminal = true, keys = [], callMs = 1_500 }: Start) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const terminal = new ScriptedTerminal({ isTerminal, keys });
  let written = "";
  const [out, err] = [terminal.out.bind(terminal), terminal.err.bind(terminal)];
  terminal.out = (text) => (written += text, out(text));
  terminal.err = (text) => (written += text, err(text));
  const system = fakeSystem({
    ...{ clock, terminal, env },
    fetch: async (request) => {
      await clock.sleep(callMs);
      return await emulator.handle(request);
    },
    files: {
      "/home/kim/.aws/config": home.config,
      "/home/kim/.aws/credentials": home.credentials,
    },
  });
  const code = emulator.mfaCode(emulator.world.users[0]?.mfa?.serial ?? "");
  const given = keys.length > 0 ? [] : ["--mfa-code", code];
  const running = main(
    ["creds", "--profiles", names, "--format", "table", ...given, ...words],
    system,
  );
  const last = () => screenOf(written).at(-1);
  return { clock, code, emulator, last, running, shown: () => screenOf(written), system, terminal };
}

Deno.test("what takes more than half a second has a line, which is gone at the end", async () => {
  const { clock, last, running, shown, terminal } = startCreds({
    words: ["--concurrency", "1"],
    callMs: 2_500,
  });
  await clock.advance(400);
  assertEquals(terminal.stderr, "", "half a second has not passed");
  await clock.advance(400);
  assertEquals(last(), "░░░░░░░░░░ 0 of 3 profiles");
  await clock.advance(1_400);
  assertEquals(last(), "░░░░░░░░░░ 0 of 3 profiles, waiting for 127.0.0.1:4566, 2s");
  await clock.advance(3_000);
  assertEquals(last(), "████░░░░░░ 1 of 3 profiles");
  assertEquals(await clock.runUntil(running), 0);
  assertEquals(shown().length, 5, shown().join("\n"));
  assertMatch(shown()[0] ?? "", /^PROFILE/);
  assertEquals(clock.sleeping, 0);
});

for (
  const [why, start] of [
    ["a pipe", { isTerminal: false }],
    ["a dumb terminal", { env: { TERM: "dumb" } }],
    ["programs", { words: ["--json"] }],
    ["whoever wants errors only", { words: ["--quiet"] }],
  ] as const
) {
  Deno.test(`there is no line for ${why}`, async () => {
    const { clock, running, terminal } = startCreds(start);
    await clock.advance(1_000);
    assertEquals(await clock.runUntil(running), 0);
    assertEquals(terminal.stderr, "");
  });
}

Deno.test("what is quick has no line", async () => {
  const { clock, running, terminal } = startCreds({ callMs: 100 });
  assertEquals(await clock.runUntil(running), 0);
  assertEquals(terminal.stderr, "");
});

Deno.test("the line says that AWS throttles, and stands below the log", async () => {
  const { clock, emulator, last, running, shown } = startCreds({
    words: ["-v", "--max-attempts", "9"],
  });
  emulator.faults.push({
    when: { operation: "GetSessionToken", times: 4 },
    effect: { kind: "throttle" },
  });
  let seen = "";
  while (!seen.includes("throttles")) {
    await clock.advance(100);
    assert(clock.now() < Date.UTC(2026, 0, 1, 0, 1), shown().join("\n"));
    seen = last() ?? "";
  }
  assertMatch(seen, /^░{10} 0 of 3 profiles, AWS throttles, again in \d+s$/);
  const above = shown().slice(0, -1);
  assert(above.length > 2, shown().join("\n"));
  for (const line of above) assertMatch(line, /^\/stsaval\//);
  assertEquals(await clock.runUntil(running), 0);
  const lines = shown();
  for (const line of lines.slice(0, lines.findIndex((line) => line.startsWith("PROFILE")))) {
    assertMatch(line, /^\/stsaval\//);
  }
});

Deno.test("while a code is typed there is no line, and after it there is", async () => {
  const keys: TypedKey[] = [
    async () => {
      await at.clock.sleep(5_000);
      return "12";
    },
    async () => {
      await at.clock.sleep(5_000);
      return `\x15${at.code}\r`;
    },
  ];
  const at = startCreds({ keys });
  await at.clock.advance(4_000);
  assertMatch(at.last() ?? "", /^MFA code for arn:\S+: $/);
  await at.clock.advance(2_000);
  assertMatch(at.last() ?? "", /^MFA code for arn:\S+: \*\*$/);
  await at.clock.advance(5_000);
  assertMatch(at.shown().at(-2) ?? "", /^MFA code for arn:\S+: \*{6}$/);
  assertEquals(at.last(), "░░░░░░░░░░ 0 of 3 profiles");
  assertEquals(await at.clock.runUntil(at.running), 0);
});

Deno.test("a process without a terminal still says once for whom it waits", async () => {
  const { clock, code, last, running, shown, system } = startCreds({ callMs: 9_000 });
  const words = ["creds", "--profiles", names, "--mfa-code", code];
  const other = new ScriptedTerminal();
  // The first one has the lock.
  await clock.advance(100);
  const later = main(words, { ...system, terminal: other });
  await clock.advance(2_300);
  assertEquals(last(), "░░░░░░░░░░ 0 of 3 profiles, waiting for 127.0.0.1:4566, 2s");
  assertMatch(other.stderr, /^stsaval: waiting for process 4711, which asks for the MFA code of "/);
  assertEquals([await clock.runUntil(running), await clock.runUntil(later)], [0, 0]);
  assertEquals(shown().length, 5);
});

Deno.test("a process that waits for a lock names its holder in the line", async () => {
  const clock = new VirtualClock();
  const terminal = new ScriptedTerminal({ isTerminal: true });
  const tracker = new ProgressTracker({ area: new LiveArea(terminal), clock });
  const state = new ProgressState(tracker.update);
  const system = fakeSystem({ clock });
  const lock = await system.files.lock("/x", "asks for a code");
  const work = state.begin(3);
  const later = acquireLock(system, "/x", { purpose: "waits", goal: "wait", waits: state });
  await clock.advance(1_200);
  const seen = () => screenOf(terminal.stderr).at(-1);
  assertEquals(
    seen(),
    "░░░░░░░░░░ 0 of 3 profiles, waiting for process 4711, which asks for a code",
  );
  lock[Symbol.dispose]();
  (await later)[Symbol.dispose]();
  await clock.advance(400);
  assertEquals(seen(), "░░░░░░░░░░ 0 of 3 profiles");
  work[Symbol.dispose]();
  assertEquals([seen(), clock.sleeping], ["", 0]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} takes the line away before it is reported`, async () => {
    const { clock, running, shown, system } = startCreds({ callMs: 60_000 });
    await clock.advance(1_000);
    assertEquals(shown().length, 1);
    system.signals.send(signal);
    await clock.advance(3_500);
    assertEquals(await running, signal === "SIGINT" ? 130 : 143);
    const report = signal === "SIGINT" ? "stsaval: Interrupted" : "stsaval: Terminated";
    assertEquals(shown(), [report, ""]);
  });
}
