import { assertEquals, assertRejects } from "@std/assert";
import { keyEvents, splitKeys } from "../../../src/cli/prompt/keys.ts";
import { ScriptedTerminal, type TypedKey, VirtualClock } from "../../fake_system.ts";

const never = () => undefined;

async function eventsOf(keys: readonly TypedKey[], clock = new VirtualClock()) {
  const terminal = new ScriptedTerminal({ keys });
  const events = await Array.fromAsync(keyEvents({ terminal, clock }, never));
  assertEquals([terminal.raw, clock.sleeping], [false, 0]);
  return events;
}

Deno.test({
  name: "splitKeys() tells characters, line ends and sequences apart",
  permissions: "none",
  fn() {
    assertEquals(splitKeys("a日\r\n\x1b[A\x1bOB\x1b[1;5C\x1b[Z\x1bx\t"), [
      ...["a", "日", "\r\n", "\x1b[A", "\x1bOB", "\x1b[1;5C", "\x1b[Z", "\x1bx", "\t"],
    ]);
  },
});

Deno.test("a sequence that comes in parts is one key", async () => {
  assertEquals(await eventsOf(["a", "\x1b", "[", "A", "b"]), [["a"], ["\x1b[A"], ["b"]]);
});

Deno.test("an escape key alone is one after a moment, and does not wait for the next key", async () => {
  const clock = new VirtualClock();
  const later = async () => {
    await clock.advance(60);
    return "a";
  };
  assertEquals(await eventsOf(["\x1b", later], clock), [["\x1b"], ["a"]]);
  assertEquals(await eventsOf(["\x1b"]), [["\x1b"]]);
});

Deno.test("an empty chunk says that everything must be drawn again", async () => {
  assertEquals(await eventsOf(["a", "", "b"]), [["a"], [""], ["b"]]);
});

Deno.test("whoever has enough ends a read that is under way", async () => {
  const clock = new VirtualClock();
  const ended = Promise.withResolvers<boolean>();
  const terminal = {
    async *keys(signal?: AbortSignal): AsyncGenerator<string> {
      yield "\x1b";
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      }).catch(() => ended.resolve(true));
    },
  };
  const reading = (async () => {
    for await (const keys of keyEvents({ terminal, clock }, never)) return keys;
  })();
  assertEquals(await clock.runUntil(reading), ["\x1b"]);
  assertEquals(await ended.promise, true);
});

Deno.test("the signal ends the wait with its reason", async () => {
  const terminal = new ScriptedTerminal({ keys: ["a"] });
  const events = keyEvents({
    ...{ terminal, clock: new VirtualClock() },
    signal: AbortSignal.abort(new Error("halted")),
  }, never);
  await assertRejects(() => Array.fromAsync(events), Error, "halted");
  assertEquals(terminal.raw, false);
});
