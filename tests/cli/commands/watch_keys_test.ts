/**
 * The keys of the table that `watch` and `serve` draw.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { ScriptedTerminal, type TypedKey } from "../../fake_system.ts";
import { screenOf } from "../../screen.ts";
import { settle } from "../../settle.ts";
import { Desk, role } from "../desk.ts";

const minute = 60_000;

/** A person who types when the test says so. */
class Typist {
  readonly #waiting: ((text: string) => void)[] = [];
  readonly terminal: ScriptedTerminal;
  written = "";

  constructor() {
    // Each read of a key waits; as with the real one, a read ends with the signal.
    const next = () => new Promise<string>((resolve) => void this.#waiting.push(resolve));
    const keys: readonly TypedKey[] = Array.from({ length: 40 }, () => next);
    this.terminal = new ScriptedTerminal({ keys });
    const { terminal } = this;
    const [out, err] = [terminal.out.bind(terminal), terminal.err.bind(terminal)];
    terminal.out = (text) => (this.written += text, out(text));
    terminal.err = (text) => (this.written += text, err(text));
    const read = terminal.keys.bind(terminal);
    terminal.keys = async function* (signal) {
      const chunks = read(signal);
      const over = Promise.withResolvers<never>();
      over.promise.catch(() => {});
      const abort = () => over.reject(signal?.reason);
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      try {
        while (true) {
          const chunk = await Promise.race([chunks.next(), over.promise]);
          if (chunk.done) return;
          yield chunk.value;
        }
      } finally {
        terminal.raw = false;
      }
    };
  }

  /** Types, where keys are read; those before are not read any longer. */
  async type(text: string): Promise<void> {
    await settle();
    assert(this.terminal.raw, "keys are read");
    this.#waiting.pop()?.(text);
    await settle();
  }

  get screen(): string {
    return screenOf(this.written).join("\n");
  }
}

function start(command: "watch" | "serve", ...words: readonly string[]) {
  const typist = new Typist();
  const desk = new Desk({ terminal: typist.terminal });
  const running = main([command, role, "--mfa-code", desk.code, ...words], desk.system);
  return { desk, running, typist };
}

for (const command of ["watch", "serve"] as const) {
  Deno.test(`q ends ${command} with 0, and the terminal is as before`, async () => {
    const { desk, running, typist } = start(command);
    await settle();
    assertStringIncludes(typist.screen, "1 profile, 1 live, 0 failing; q ends, r renews now");
    assert(typist.terminal.raw);
    await typist.type("q");
    assertEquals(await desk.system.clock.runUntil(running), 0);
    assertEquals([typist.terminal.raw, desk.system.clock.sleeping], [false, 0]);
    assertEquals(desk.system.signals.listening, 0);
    assert(typist.written.includes("\x1b[?25h"), "the cursor is shown again");
  });

  Deno.test(`r lets ${command} renew at once, without a code`, async () => {
    const { desk, running, typist } = start(command);
    await settle();
    await desk.system.clock.advance(5 * minute);
    const before = desk.emulator.count("AssumeRole", "ok");
    assertMatch(typist.screen, / 55m /);
    await typist.type("r");
    await desk.system.clock.advance(1_000);
    assertEquals(desk.emulator.count("AssumeRole", "ok"), before + 1);
    assertEquals(desk.emulator.count("GetSessionToken", "ok"), 1);
    assertMatch(typist.screen, / (59m59s|1h) /);
    await typist.type("q");
    assertEquals(await desk.system.clock.runUntil(running), 0);
  });

  Deno.test(`l lets ${command} ask for a new code, and go on with it`, async () => {
    const { desk, running, typist } = start(command);
    await settle();
    await desk.system.clock.advance(5 * minute);
    await typist.type("l");
    assertStringIncludes(typist.screen, "MFA code for arn:aws:iam::123456789012:mfa/IAM_USER1: ");
    await typist.type(`${desk.code}\r`);
    await desk.system.clock.advance(1_000);
    assertEquals(desk.emulator.count("GetSessionToken", "ok"), 2);
    assertStringIncludes(typist.screen, "1 profile, 1 live, 0 failing; q ends, r renews now");
    await typist.type("q");
    assertEquals(await desk.system.clock.runUntil(running), 0);
    assertEquals([typist.terminal.raw, desk.system.clock.sleeping], [false, 0]);
  });

  Deno.test(`where no new code is typed, ${command} goes on as before`, async () => {
    const { desk, running, typist } = start(command);
    await settle();
    await typist.type("l");
    await desk.system.clock.advance(5 * minute);
    await typist.type("\x04");
    await desk.system.clock.advance(1_000);
    assertEquals(desk.emulator.count("GetSessionToken", "ok"), 1);
    assertStringIncludes(typist.screen, "warning: ");
    assertStringIncludes(typist.screen, "the input ended");
    await desk.system.clock.advance(50 * minute);
    assertMatch(typist.screen, /1 profile, 1 live, 0 failing; q ends, r renews now/);
    await typist.type("q");
    assertEquals(await desk.system.clock.runUntil(running), 0);
  });

  for (const [signal, status] of [["SIGTERM", 143], ["SIGHUP", 129], ["SIGINT", 130]] as const) {
    Deno.test(`${signal} ends ${command} while keys are read, and the terminal is as before`, async () => {
      const { desk, running, typist } = start(command);
      await settle();
      assert(typist.terminal.raw);
      desk.system.signals.send(signal);
      assertEquals(await desk.system.clock.runUntil(running), status);
      assertEquals([typist.terminal.raw, desk.system.clock.sleeping], [false, 0]);
    });
  }

  Deno.test(`an error that nothing catches ends ${command}, and the terminal is as before`, async () => {
    const { desk, running, typist } = start(command);
    await settle();
    desk.system.signals.throwAside(new Error("x"));
    assertEquals(await desk.system.clock.runUntil(running), 1);
    assertEquals(typist.terminal.raw, false);
  });
}

Deno.test("the log of watch stands above its table, and nothing is written over", async () => {
  const { desk, running, typist } = start("watch", "-v");
  await settle();
  await desk.system.clock.advance(70 * minute);
  const lines = screenOf(typist.written);
  const title = lines.findIndex((line) => line.startsWith("PROFILE"));
  assert(title > 5, typist.screen);
  for (const line of lines.slice(0, title)) assertMatch(line, /^\/stsaval\/\w+\.ts - /);
  assertEquals(lines.filter((line) => line.startsWith("PROFILE")).length, 1);
  assertEquals(lines.length, title + 4);
  assertStringIncludes(typist.screen, "refresh: executing event: renewal of");
  await typist.type("q");
  assertEquals(await desk.system.clock.runUntil(running), 0);
});

Deno.test("without standard input on a terminal no key is read", async () => {
  const terminal = new ScriptedTerminal({ isTerminal: true });
  Object.assign(terminal, { canAsk: false });
  const desk = new Desk({ terminal });
  const running = main(["watch", role, "--mfa-code", desk.code], desk.system);
  await settle();
  assertStringIncludes(screenOf(terminal.stdout).join("\n"), "0 failing; ctrl+c ends it");
  assertEquals(terminal.raw, false);
  desk.system.signals.send("SIGINT");
  assertEquals(await desk.system.clock.runUntil(running), 130);
});
