/**
 * How commands end: the grace period, output that cannot be written, errors that nothing catches.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Ending } from "../../src/cli/ending.ts";
import { InterruptedError, OutputClosedError, StsavalError } from "../../src/errors.ts";
import { fakeSystem, ScriptedTerminal } from "../fake_system.ts";
import { settle } from "../settle.ts";
import { Desk } from "./desk.ts";

/** A terminal whose reader has stalled: nothing that is written is ever taken. */
class StalledTerminal extends ScriptedTerminal {
  override flush(): Promise<void> {
    return new Promise(() => {});
  }
}

Deno.test("a command that does not end is ended three seconds after a signal", async () => {
  const { clock, signals, terminal } = fakeSystem();
  const ending = new Ending({ clock, signals, terminal });
  const ended = ending.waitFor(new Promise(() => {}));
  signals.send("SIGHUP");
  assertEquals(ending.signal.aborted, true);
  let isOver = false;
  ended.catch(() => isOver = true);
  await clock.advance(2_999);
  assertEquals(isOver, false);
  await clock.advance(1);
  await assertRejects(() => ended, InterruptedError, "Hung up");
  ending[Symbol.dispose]();
  assertEquals([signals.listening, clock.sleeping], [0, 0]);
});

Deno.test("a child program decides when a signal ends the command, but not when an error does", async () => {
  for (const isSignal of [true, false]) {
    const { clock, signals, terminal } = fakeSystem();
    const ending = new Ending({ clock, signals, terminal });
    ending.delegateSignals();
    const work = Promise.withResolvers<number>();
    const ended = ending.waitFor(work.promise)
      .catch((error) => error instanceof Error ? error.message : error);
    if (isSignal) signals.send("SIGTERM");
    else signals.throwAside(new Error("thrown aside"));
    await clock.advance(60_000);
    work.resolve(7);
    assertEquals(await ended, isSignal ? 7 : "thrown aside");
    ending[Symbol.dispose]();
  }
});

Deno.test("a signal ends a command whose output has stalled, and its message is not waited for", async () => {
  const desk = new Desk({ terminal: new StalledTerminal() });
  const ended = desk.run("profiles");
  await settle();
  desk.system.signals.send("SIGINT");
  await desk.system.clock.advance(3_300);
  assertEquals((await ended).status, 130);
  assertEquals([desk.system.signals.listening, desk.system.clock.sleeping], [0, 0]);
});

Deno.test("a signal ends a failed command whose message cannot be written", async () => {
  const desk = new Desk({ terminal: new StalledTerminal() });
  const ended = desk.run("explain", "nope");
  await settle();
  desk.system.signals.send("SIGINT");
  await desk.system.clock.advance(300);
  assertEquals((await ended).status, 4);
});

Deno.test("a reader that has gone ends a command as SIGPIPE does, without a word", async () => {
  for (const words of [["profiles"], ["profiles", "--json"], ["help"], ["--version"]]) {
    const desk = new Desk();
    desk.system.terminal.failOutput(new OutputClosedError());
    const { status, err } = await desk.run(...words);
    assertEquals([status, err], [141, ""]);
  }
});

Deno.test("a result that cannot be written is an error", async () => {
  const desk = new Desk();
  const why = "Cannot write the result: No space left on device";
  desk.system.terminal.failOutput(new StsavalError("FAILED", why));
  const { status, err } = await desk.run("profiles", "--json");
  assertEquals([status, JSON.parse(err).error.message], [1, why]);
});

Deno.test("an error that nothing catches ends the command in order, without a stack trace", async () => {
  const desk = new Desk({ program: () => ({ stdout: new ReadableStream() }) });
  const words = ["token", "--profile", "IAM_USER1", "--mfa-serial", desk.serial];
  const ended = desk.run(...words, "--mfa-command", "print-code");
  await settle();
  desk.system.signals.throwAside(new TypeError("x is undefined"));
  await desk.system.clock.advance(3_000);
  const { status, err } = await ended;
  assertEquals(status, 1);
  assertStringIncludes(err, "x is undefined");
  assertEquals(/\bat \S+:\d/.test(err), false);
});
