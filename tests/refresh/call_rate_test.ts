/**
 * A ceiling for calls: so many in any second, in the order in which they came.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { CallRate } from "../../src/refresh/call_rate.ts";
import { VirtualClock } from "../fake_system.ts";

const never = new AbortController().signal;

/** A rate, and when each caller was let through, in milliseconds since the beginning. */
function setUp(limit: number) {
  const clock = new VirtualClock();
  const start = clock.now();
  const rate = new CallRate(clock, limit);
  const turns: (readonly [string, number])[] = [];
  const take = (name: string, signal = never) =>
    rate.take(signal).then(() => void turns.push([name, clock.now() - start]));
  return { clock, take, turns };
}

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("as many as the limit are let through in any second, in their order", async () => {
  const { clock, take, turns } = setUp(2);
  const all = ["a", "b", "c", "d", "e"].map((name) => take(name));
  await clock.advance(999);
  assertEquals(turns, [["a", 0], ["b", 0]]);
  await clock.advance(1);
  assertEquals(turns.slice(2), [["c", 1_000], ["d", 1_000]]);
  await clock.advance(1_000);
  await Promise.all(all);
  assertEquals(turns.slice(4), [["e", 2_000]]);
  // The window moves: one was let through now, so one more may be.
  await clock.advance(500);
  const later = ["f", "g"].map((name) => take(name));
  await clock.advance(500);
  await Promise.all(later);
  assertEquals(turns.slice(5), [["f", 2_500], ["g", 3_000]]);
  assertEquals(clock.sleeping, 0);
});

pure("who comes later does not overtake who waits", async () => {
  const { clock, take, turns } = setUp(1);
  const all = [take("a"), take("b")];
  await clock.advance(500);
  all.push(take("c"));
  await clock.advance(2_000);
  await Promise.all(all);
  assertEquals(turns, [["a", 0], ["b", 1_000], ["c", 2_000]]);
});

pure("a clock that was set back holds up callers for a minute at most", async () => {
  for (const [backMs, waitsMs] of [[60_000, 60_000], [60_001, 0], [3_600_000, 0]] as const) {
    const { clock, take, turns } = setUp(2);
    await take("a");
    clock.jump(-backMs);
    const next = take("b");
    await clock.advance(waitsMs);
    await next;
    assertEquals(turns.at(-1), ["b", waitsMs - backMs], String(backMs));
  }
});

pure("a wait ends with its signal, and keeps no program alive", async () => {
  const { clock, take } = setUp(1);
  const kept: unknown[] = [];
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms, options) => {
    kept.push(options?.keepAlive);
    return sleep(ms, options);
  };
  const controller = new AbortController();
  await take("a");
  const waiting = take("b", controller.signal);
  controller.abort(new Error("halt"));
  await assertRejects(() => waiting, Error, "halt");
  assertEquals(kept, [false]);
});

pure("only who waits for a set keeps the program alive, not its renewals", async () => {
  for (const keepAlive of [undefined, true]) {
    const asked: unknown[] = [];
    const clock = {
      now: () => 0,
      sleep: (_ms: number, options?: { readonly keepAlive?: boolean }) => {
        asked.push(options?.keepAlive);
        return Promise.resolve();
      },
    };
    const rate = new CallRate(clock, 1, keepAlive === undefined ? {} : { keepAlive });
    await rate.take(never);
    await rate.take(never);
    assertEquals(asked, [keepAlive ?? false]);
  }
});
