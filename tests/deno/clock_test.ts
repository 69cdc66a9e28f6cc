/**
 * The wall clock: who waits is woken once, or stopped at once, and no listener or timer is left.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { clock } from "../../src/deno/clock.ts";
import { settle } from "../settle.ts";

/** A signal that counts who listens to it. */
function countingSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners.add(args[1]);
    add.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    if (args[0] === "abort") listeners.delete(args[1]);
    remove.apply(signal, args);
  };
  return { controller, signal, listeners };
}

Deno.test("now() is the time of the machine", () => {
  const before = Date.now();
  const now = clock.now();
  assert(before <= now && now <= Date.now());
});

Deno.test("sleep() keeps the program alive until it ends, unless it is told not to", async () => {
  const order: string[] = [];
  const note = (what: string) => () => void order.push(what);
  await Promise.all([clock.sleep(10).then(note("slept")), settle().then(note("idle"))]);
  assertEquals(order, ["slept", "idle"]);
  const controller = new AbortController();
  const { signal } = controller;
  const aside = clock.sleep(60_000, { signal, keepAlive: false });
  await settle();
  controller.abort(new Error("enough"));
  await assertRejects(() => aside, Error, "enough");
});

Deno.test("sleep() leaves no listener behind when it has ended", async () => {
  const { controller, signal, listeners } = countingSignal();
  const sleeping = clock.sleep(0, { signal });
  assertEquals(listeners.size, 1);
  await sleeping;
  assertEquals(listeners.size, 0);
  controller.abort(new Error("over"));
  await assertRejects(() => clock.sleep(0, { signal }), Error, "over");
  assertEquals(listeners.size, 0);
});
