/**
 * A batch's calls begin a few in each turn of the event loop, so that the first ones are sent before the last ones begin.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { CallStarts } from "../../../src/session/set/call_starts.ts";
import { clock } from "../../../src/deno/clock.ts";
import { settle } from "../../settle.ts";

/** Turns that the test lets come. */
function turns() {
  const coming: (() => void)[] = [];
  const nextTurn = () => new Promise<void>((resolve) => void coming.push(resolve));
  return { nextTurn, coming };
}

function takeAll(starts: CallStarts, count: number): number[] {
  const begun: number[] = [];
  for (let number = 0; number < count; number++) {
    starts.take().then(() => void begun.push(number));
  }
  return begun;
}

Deno.test("eight begin in a turn, in their order, and no more turns are awaited than needed", {
  permissions: "none",
}, async () => {
  const { nextTurn, coming } = turns();
  const begun = takeAll(new CallStarts({ nextTurn }), 20);
  for (const count of [8, 16, 20]) {
    await settle();
    assertEquals(begun, Array.from({ length: count }, (_, number) => number));
    coming.shift()?.();
  }
  await settle();
  assertEquals(coming, []);
});

Deno.test("who comes late waits for one turn at most", { permissions: "none" }, async () => {
  const { nextTurn, coming } = turns();
  const starts = new CallStarts({ nextTurn });
  takeAll(starts, 8);
  await settle();
  const begun = takeAll(starts, 8);
  await settle();
  assertEquals([begun.length, coming.length], [0, 1]);
  coming.shift()?.();
  await settle();
  assertEquals([begun.length, coming.length], [8, 0]);
});

Deno.test("a clock that knows no turns lets all begin at once", {
  permissions: "none",
}, async () => {
  const begun = takeAll(new CallStarts({}), 100);
  await settle();
  assertEquals(begun.length, 100);
});

Deno.test("between two turns of the real clock, timers and what else is ready have theirs", {
  permissions: "none",
}, async () => {
  const starts = new CallStarts(clock);
  const seen: string[] = [];
  setTimeout(() => void seen.push("a timer"), 0);
  for (let number = 0; number < 16; number++) {
    starts.take().then(() => void seen.push(number < 8 ? "early" : "late"));
  }
  await starts.take();
  assertEquals([...new Set(seen)], ["early", "a timer", "late"]);
});
