import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { OutputClosedError, StsavalError } from "../../../src/errors.ts";
import { createStsEmulator, formatSampleHome } from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

const minute = 60_000;

/** `stsaval watch` on a virtual clock. */
function startWatch(
  words: readonly string[],
  { isTerminal = false, env = {}, profiles = "DynamoDBRole-dev,CodeDeployRole-qa" } = {},
) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const terminal = new ScriptedTerminal({ isTerminal });
  const system: FakeSystem = fakeSystem({
    clock,
    terminal,
    env,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": home.config,
      "/home/kim/.aws/credentials": home.credentials,
    },
  });
  const code = emulator.mfaCode(emulator.world.users[0]?.mfa?.serial ?? "");
  const running = main(
    ["watch", "--profiles", profiles, "--mfa-code", code, ...words],
    system,
  );
  return { clock, emulator, system, terminal, running };
}

function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex -- terminals are sent control characters
  return text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]|\r/g, "");
}

Deno.test("watch prints a line an event until the lifetime ends, and exits 0", async () => {
  const { clock, system, terminal, running } = startWatch(["--lifetime", "2h"]);
  await clock.advance(121 * minute);
  assertEquals(await running, 0);
  const lines = terminal.stdout.trimEnd().split("\n");
  for (const line of lines.slice(0, -1)) {
    assertMatch(line, /^\S+Z refresh "\S+", next at \S+Z$|^\S+Z refresh "\S+"$/);
  }
  assert(lines.length > 4, terminal.stdout);
  assertMatch(lines.at(-1) ?? "", /Z halt the (lifetime of 2h has ended|session token expired)/);
  assertMatch(
    terminal.stderr,
    /^2 profiles are renewed until 2026-\S+Z\n2 profiles are no longer renewed: the /,
  );
  assertEquals([clock.sleeping, system.signals.listening], [0, 0]);
});

Deno.test("watch --json prints events as JSON lines, without secrets", async () => {
  const { clock, terminal, running } = startWatch(["--lifetime", "2h", "--json"]);
  await clock.advance(121 * minute);
  assertEquals(await running, 0);
  const events = terminal.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(events.at(-1).type, "halt");
  assertEquals(new Set(events.slice(0, -1).map(({ type }) => type)), new Set(["refresh"]));
});

Deno.test("watch --write keeps a file of live credentials, and --ephemeral removes it at the end", async () => {
  const { clock, emulator, system, running } = startWatch(
    ["--lifetime", "2h", "--write", "/home/kim/live.json", "--ephemeral"],
  );
  await settle();
  const seen = new Set<string>();
  for (let passed = 0; passed < 119; passed++) {
    const text = await system.files.readText("/home/kim/live.json");
    const set = JSON.parse(text ?? "");
    assertEquals(Object.keys(set), ["sts-DynamoDBRole-dev", "sts-CodeDeployRole-qa"]);
    for (const { AccessKeyId } of Object.values<{ AccessKeyId: string }>(set)) {
      seen.add(AccessKeyId);
      const { expiration = 0 } = emulator.identityOf(AccessKeyId) ?? {};
      assert(expiration > clock.now(), "a dead credential in the file");
    }
    await clock.advance(minute);
  }
  assertEquals(system.files.modes.get("/home/kim/live.json"), 0o600);
  assert(seen.size >= 6, `${seen.size} credentials seen`);
  await clock.advance(5 * minute);
  assertEquals(await running, 0);
  assertEquals(await system.files.readText("/home/kim/live.json"), undefined);
});

Deno.test("ctrl+c halts the watch, says what ended, and exits 130", async () => {
  const { clock, system, terminal, running } = startWatch(["--lifetime", "5h"]);
  await clock.advance(10 * minute);
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
  assertStringIncludes(terminal.stderr, "2 profiles are no longer renewed: interrupted");
  assertEquals([clock.sleeping, system.signals.listening], [0, 0]);
});

Deno.test("on a terminal a table is drawn in place, again when its size changes", async () => {
  const { clock, system, terminal, running } = startWatch(["--lifetime", "5h"], {
    isTerminal: true,
  });
  await clock.advance(1_000);
  const first = terminal.stdout;
  // deno-lint-ignore no-control-regex -- terminals are sent control characters
  assertMatch(first, /\x1b\[\?25l/);
  assertMatch(first, /DynamoDBRole-dev/);
  assertStringIncludes(first, "2 profiles, 2 live, 0 failing\x1b[2m; q ends, r renews now");
  assertStringIncludes(first, "\x1b[4A\r");
  terminal.width = 40;
  system.signals.resize();
  await settle();
  const second = terminal.stdout.slice(first.length);
  const plain = withoutEscapes(second);
  for (const line of plain.split("\n")) assert(line.trim().length <= 40, line);
  system.signals.send("SIGTERM");
  assertEquals(await running, 143);
  assert(terminal.stdout.endsWith("\x1b[?25h"), "the cursor is shown again");
});

Deno.test("a table that is taller than the terminal is cut, so that the cursor finds its first line", async () => {
  const { running, system, terminal } = startWatch(["--lifetime", "5h"], {
    isTerminal: true,
  });
  await settle();
  const drawnIn = async (height: number) => {
    const before = terminal.stdout.length;
    terminal.height = height;
    system.signals.resize();
    await settle();
    return terminal.stdout.slice(before);
  };
  const totals = "2 profiles, 2 live, 0 failing; q ends, r renews now, l asks for a new code";
  assertMatch(withoutEscapes(await drawnIn(5)), new RegExp(`^PROFILE .+\n.+\n.+\n${totals}\n$`));
  assertMatch(withoutEscapes(await drawnIn(4)), new RegExp(`^PROFILE .+\n… 2 more\n${totals}\n$`));
  assert((await drawnIn(4)).startsWith("\x1b[3A\r"), "back to the first of three lines");
  assertMatch(withoutEscapes(await drawnIn(2)), new RegExp(`^${totals}\n$`));
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
  Deno.test(`${JSON.stringify(env)} gives lines on a terminal too`, async () => {
    const { clock, system, terminal, running } = startWatch(["--lifetime", "5h"], {
      isTerminal: true,
      env,
    });
    await clock.advance(46 * minute);
    assert(!terminal.stdout.includes("\x1b"));
    system.signals.send("SIGINT");
    assertEquals(await running, 130);
  });
}

Deno.test("watch refuses what would do nothing", async () => {
  for (
    const [words, message] of [
      [["--ephemeral"], "Cannot use --ephemeral without --write"],
      [["--format", "ini"], "Cannot use --format without --write"],
      [["--write", "/x", "--format", "table"], "Cannot use --format table for a file"],
    ] as const
  ) {
    const { running, terminal } = startWatch(words);
    assertEquals(await running, 2);
    assertStringIncludes(terminal.stderr, message);
  }
});

Deno.test("a format for one profile is refused for two before the code is spent", async () => {
  const { emulator, running, terminal } = startWatch(["--write", "/x", "--format", "process"]);
  assertEquals(await running, 2);
  assertStringIncludes(terminal.stderr, "Cannot use --format process for 2 profiles");
  assertEquals(emulator.calls.length, 0);
});

Deno.test("a file that cannot be written is an error before anything is watched", async () => {
  const { system, terminal, running } = startWatch(["--write", "/denied"]);
  system.files.contents.set("/denied", new Error("permission denied"));
  await settle();
  assertEquals(await running, 1);
  assertStringIncludes(terminal.stderr, 'Cannot write "/denied": permission denied');
});

Deno.test("a file that can no longer be written ends the watch with that error", async () => {
  const file = "/home/kim/live.json";
  const { clock, system, terminal, running } = startWatch(["--write", file, "--ephemeral"]);
  await settle();
  system.files.contents.set(file, new Error("no space left on device"));
  await clock.advance(60 * minute);
  assertEquals(await running, 1);
  const why = `Cannot write "${file}": no space left on device`;
  assertMatch(terminal.stdout, new RegExp(`halt ${why}\\n$`));
  assert(terminal.stderr.endsWith(`no longer renewed: ${why}\nstsaval: ${why}\n`));
  assertEquals(system.files.contents.has(file), false, "what was to be ephemeral is gone");
  assertEquals([clock.sleeping, system.signals.listening], [0, 0]);
});

Deno.test("an outage that outlasts the only credentials takes the file away until there are new ones", async () => {
  const file = "/home/kim/live.json";
  const { clock, emulator, system, running } = startWatch(
    ["--write", file, "--format", "process", "--max-attempts", "1"],
    { profiles: "DynamoDBRole-dev" },
  );
  await settle();
  emulator.faults.push({ effect: { kind: "fail", code: "InternalFailure", status: 500 } });
  const seen: boolean[] = [];
  for (let passed = 0; passed < 66; passed++) {
    const text = await system.files.readText(file);
    if (text !== undefined) {
      const { Expiration } = JSON.parse(text);
      // The attempt that is due at the end takes some seconds to fail.
      assert(Date.parse(Expiration) > clock.now() - minute, `ended at ${Expiration}, still there`);
    }
    if (seen.at(-1) !== (text !== undefined)) seen.push(text !== undefined);
    if (passed === 62) emulator.faults.length = 0;
    await clock.advance(minute);
  }
  assertEquals(seen, [true, false, true]);
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

Deno.test("what is renewed while the file is written for the first time gets into it too", async () => {
  const file = "/home/kim/live.json";
  const { clock, system, running } = startWatch(["--write", file], {
    profiles: "DynamoDBRole-dev",
  });
  const replaceText = system.files.replaceText.bind(system.files);
  let writes = 0;
  system.files.replaceText = async (...given) => {
    if (given[0] === file && writes++ === 0) await clock.sleep(59 * minute);
    await replaceText(...given);
  };
  await settle();
  assertEquals(writes, 1);
  await clock.advance(61 * minute);
  assert(writes > 1);
  const set = JSON.parse(await system.files.readText(file) ?? "");
  assert(Date.parse(set["sts-DynamoDBRole-dev"]?.Expiration) > clock.now());
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

/** The ways in which a watch ends before its time, and the exit status of each. */
const endings: readonly (readonly [string, number, (system: FakeSystem) => void])[] = [
  ["a closed terminal", 129, ({ signals }) => signals.send("SIGHUP")],
  ["ctrl+\\", 131, ({ signals }) => signals.send("SIGQUIT")],
  ["a reader that has gone", 141, ({ terminal }) => terminal.failOutput(new OutputClosedError())],
  [
    "a full disk under standard output",
    1,
    ({ terminal }) => terminal.failOutput(new StsavalError("FAILED", "Cannot write the result: x")),
  ],
  ["an error that nothing catches", 1, ({ signals }) => signals.throwAside(new Error("x"))],
];

for (const [name, expected, end] of endings) {
  Deno.test(`${name} leaves no ephemeral file behind, and keeps the link that led to it`, async () => {
    const [file, target] = ["/home/kim/live.json", "/mnt/ram/live.json"];
    const { clock, system, running } = startWatch(["--write", file, "--ephemeral"]);
    system.files.links.set(file, target);
    await settle();
    end(system);
    assertEquals(await running, expected);
    assertEquals([system.files.contents.has(target), system.files.links.has(file)], [false, true]);
    assertEquals([clock.sleeping, system.signals.listening], [0, 0]);
  });
}

Deno.test("the keys are removed although calls do not end, and nothing is written after that", async () => {
  const file = "/home/kim/live.json";
  const { clock, emulator, system, running } = startWatch(["--write", file, "--ephemeral"]);
  await settle();
  emulator.faults.push({ effect: { kind: "hang" } });
  await clock.advance(46 * minute);
  system.signals.send("SIGTERM");
  await settle();
  assertEquals(system.files.contents.has(file), false);
  await clock.advance(3_000);
  assertEquals(await running, 143);
  assertEquals(system.files.contents.has(file), false);
});

Deno.test("an ephemeral file that was never written is left alone", async () => {
  const file = "/home/kim/live.json";
  const { system, running } = startWatch(["--write", file, "--ephemeral"], { profiles: "nobody" });
  system.files.contents.set(file, "mine");
  assertEquals(await running, 4);
  assertEquals(system.files.contents.get(file), "mine");
});

Deno.test("a paused terminal does not keep a watch from ending", async () => {
  const { clock, system, terminal, running } = startWatch([], { isTerminal: true });
  terminal.flush = () => new Promise(() => {});
  await settle();
  const drawn = terminal.stdout.length;
  await clock.advance(10 * minute);
  assertEquals(terminal.stdout.length, drawn, "what nobody can see is not drawn");
  system.signals.send("SIGTERM");
  await clock.advance(3_300);
  assertEquals(await running, 143);
});
