/**
 * Which endpoints are down, who probes them, and who waits.
 *
 * @module
 */

import { assertEquals, assertStrictEquals } from "@std/assert";
import { StsUnreachableError } from "../../src/errors.ts";
import { Circuits, isProbeDue, nextDueOf } from "../../src/refresh/circuit.ts";
import type { RenewalSlot } from "../../src/refresh/renewal_slot.ts";
import { probeDelay } from "../../src/schedule.ts";

const a = "https://sts.eu-west-1.amazonaws.com";
const b = "https://sts.us-east-1.amazonaws.com";
const errorOf = (why: string) => new StsUnreachableError(why, { operation: "AssumeRole" });
const random = { number: () => 0.25 };
/** Only its name tells it from others. */
const slotOf = (name: string) => ({ name }) as unknown as RenewalSlot;

/** Circuits of which these endpoints are down since `now`. */
function down(urls: readonly string[], now = 0) {
  const circuits = new Circuits(random);
  for (let call = 0; call < 3; call++) {
    circuits.failed(urls, circuits.begin(urls), errorOf(`failed ${call}`), now);
  }
  return circuits;
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("an endpoint is down after three calls in a row without an answer", () => {
  const circuits = new Circuits(random);
  const fail = (url: string) => circuits.failed([url], circuits.begin([url]), errorOf("no"), 0);
  assertEquals([fail(a), fail(a), fail(b)], [[], [], []]);
  circuits.begin([a]);
  circuits.answered([a]);
  assertEquals([fail(a), fail(a)], [[], []]);
  assertEquals(circuits.open(), []);
  const [circuit] = fail(a);
  assertEquals([...circuits.open(), circuits.open().length], [circuit, 1]);
  assertStrictEquals(circuits.blocking([b, a]), circuit);
  assertEquals(circuits.blocking([b]), undefined);
  // It has gone down once.
  assertEquals(fail(a), []);
});

pure("what blocks is the first endpoint that is down", () => {
  const circuits = down([a, b]);
  const [first, second] = circuits.open();
  assertEquals([circuits.blocking([a, b]) === first, circuits.blocking([b, a]) === second], [
    ...[true, true],
  ]);
});

pure("a call that began before its endpoint answered is no sign that it is down", () => {
  const circuits = new Circuits(random);
  const calls = [1, 2, 3].map(() => circuits.begin([a]));
  circuits.answered([a]);
  for (const call of calls) assertEquals(circuits.failed([a], call, errorOf("late"), 0), []);
  assertEquals(circuits.open(), []);
  const later = [1, 2, 3].map(() => circuits.begin([a]));
  const gone = later.map((call) => circuits.failed([a], call, errorOf("down"), 0).length);
  assertEquals(gone, [0, 0, 1]);
});

pure("each probe that fails puts the next one off, and says why it failed", () => {
  const circuits = down([a]);
  const [circuit] = circuits.open();
  if (circuit === undefined) throw new Error("it is not down");
  const delayOf = (attempt: number, left = Infinity) =>
    probeDelay({ attempt, left, random: random.number() });
  assertEquals([circuit.failures, circuit.nextProbe, circuit.error.message], [
    ...[1, delayOf(1), "failed 2"],
  ]);
  const first = circuits.begin([a]);
  const probe = circuits.begin([a]);
  assertEquals(circuit.probe, probe);
  // Only the newest call is the probe.
  circuits.failed([a], first, errorOf("older"), 500);
  assertEquals([circuit.probe, circuit.failures, circuit.error.message], [probe, 1, "failed 2"]);
  circuits.failed([a], probe, errorOf("newer"), 1_000);
  assertEquals([circuit.probe, circuit.failures, circuit.error.message, circuit.nextProbe], [
    ...[undefined, 2, "newer", 1_000 + delayOf(2)],
  ]);
  // The less is left of what waits, the sooner it is tried again; not where it has ended anyway.
  circuit.waiting.push(3_000, slotOf("x"));
  circuits.failed([a], circuits.begin([a]), errorOf("no"), 2_000);
  assertEquals(circuit.nextProbe, 2_000 + delayOf(3, 1_000));
  circuit.hasExpired = true;
  circuits.failed([a], circuits.begin([a]), errorOf("no"), 2_000);
  assertEquals(circuit.nextProbe, 2_000 + delayOf(4, 0));
});

pure("a probe that came to nothing leaves the next one to another", () => {
  const circuits = down([a]);
  const [circuit] = circuits.open();
  const older = circuits.begin([a]);
  const probe = circuits.begin([a]);
  circuits.gaveUp([a, b], older);
  assertEquals(circuit?.probe, probe);
  circuits.gaveUp([a, b], probe);
  assertEquals([circuit?.probe, circuit?.failures], [undefined, 1]);
});

pure("who waits is released in the order in which it ends, when its endpoint answers", () => {
  const circuits = down([a, b]);
  const [first, second] = circuits.open();
  const [x, y, z] = ["x", "y", "z"].map(slotOf) as [RenewalSlot, RenewalSlot, RenewalSlot];
  first?.waiting.push(300, x);
  first?.waiting.push(100, y);
  second?.waiting.push(50, z);
  assertEquals(circuits.waiting, 3);
  assertEquals(circuits.answered([a]), [y, x]);
  assertEquals([circuits.waiting, circuits.blocking([a]), circuits.open()], [1, undefined, [
    second,
  ]]);
  assertEquals(circuits.answered([a]), []);
  // It takes three calls again.
  assertEquals(circuits.failed([a], circuits.begin([a]), errorOf("no"), 0), []);
});

pure(
  "a probe is due at its time, and at once where the clock was set back by more than a minute",
  () => {
    const [circuit] = down([a]).open();
    if (circuit === undefined) throw new Error("it is not down");
    circuit.nextProbe = 100_000;
    const rows = [[99_999, false], [100_000, true], [39_000, false], [38_999, true]] as const;
    for (const [now, isDue] of rows) assertEquals(isProbeDue(circuit, now), isDue, String(now));
    circuit.probe = 7;
    for (const [now] of rows) assertEquals(isProbeDue(circuit, now), false);
  },
);

pure("nothing is due of an endpoint for which nothing waits", () => {
  const [circuit] = down([a]).open();
  if (circuit === undefined) throw new Error("it is not down");
  circuit.nextProbe = 100;
  assertEquals(nextDueOf(circuit), Infinity);
  circuit.waiting.push(200, slotOf("x"));
  assertEquals(nextDueOf(circuit), 100);
  circuit.probe = 7;
  assertEquals(nextDueOf(circuit), 200);
});
