import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { Failure } from "../../src/sts/failure.ts";
import { backoff, callWithRetries, type Outcome, type Tried } from "../../src/sts/retry.ts";
import { VirtualClock } from "../fake_system.ts";

const throttled: Failure = { kind: "throttled", code: "Throttling", text: "Rate exceeded" };
const outage: Failure = { kind: "failing", code: "HTTP503", text: "responded with HTTP 503" };
const denied: Failure = { kind: "refused", code: "AccessDenied", text: "no" };
const skewed: Failure = { kind: "refused", code: "SignatureDoesNotMatch", text: "expired" };

interface Run {
  readonly tried: Tried<string>;
  readonly calls: number;
  readonly waits: readonly number[];
  readonly passed: number;
}

/** Runs the outcomes one after the other; chance is always one half. */
async function run(
  outcomes: readonly Outcome<string>[],
  options: { maxAttempts?: number; correctClock?: (failure: Failure) => boolean } = {},
): Promise<Run> {
  const clock = new VirtualClock();
  const start = clock.now();
  const waits: number[] = [];
  let calls = 0;
  const tried = await clock.runUntil(
    callWithRetries(() => Promise.resolve(outcomes[calls++] ?? { result: "one too many" }), {
      clock,
      random: { number: () => 0.5 },
      maxAttempts: options.maxAttempts ?? 3,
      correctClock: options.correctClock ?? (() => false),
      onWait: (_, ms) => void waits.push(ms),
    }),
  );
  return { tried, calls, waits, passed: clock.now() - start };
}

function retryTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `callWithRetries() ${name}`, permissions: "none", fn });
}

retryTest("gives the first answer without waiting", async () => {
  const { tried, calls, waits } = await run([{ result: "yes" }]);
  assertEquals([tried, calls, waits], [{ result: "yes", attempts: 1 }, 1, []]);
});

retryTest("waits longer each time, then answers", async () => {
  const { tried, waits, passed } = await run([
    { failure: throttled },
    { failure: throttled },
    { result: "yes" },
  ]);
  assertEquals(tried, { result: "yes", attempts: 3 });
  assertEquals(waits, [250, 500]);
  assert(passed >= 750);
});

retryTest("ends after the last attempt with the last failure", async () => {
  const failures = [{ failure: throttled }, { failure: throttled }, { failure: outage }];
  const { tried, calls } = await run(failures);
  assertEquals([tried, calls], [{ failure: outage, attempts: 3 }, 3]);
  assertEquals((await run(failures, { maxAttempts: 1 })).calls, 1);
});

retryTest("never tries a refusal again", async () => {
  const { tried, calls } = await run([{ failure: denied }]);
  assertEquals([tried, calls], [{ failure: denied, attempts: 1 }, 1]);
});

retryTest(
  "tries once more after a clock correction, even when it was the only attempt",
  async () => {
    const correctClock = (failure: Failure) => failure === skewed;
    const good = await run([{ failure: skewed }, { result: "yes" }], {
      maxAttempts: 1,
      correctClock,
    });
    assertEquals([good.tried, good.waits], [{ result: "yes", attempts: 1 }, []]);
    const bad = await run([{ failure: skewed }, { failure: skewed }], { correctClock });
    assertEquals([bad.tried, bad.calls], [{ failure: skewed, attempts: 1 }, 2]);
  },
);

retryTest("ends the wait at once when the signal aborts", async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const reason = new Error("enough");
  const call = callWithRetries(() => Promise.resolve({ failure: outage }), {
    clock,
    random: { number: () => 0.5 },
    maxAttempts: 3,
    signal: controller.signal,
    correctClock: () => false,
    onWait: () => queueMicrotask(() => controller.abort(reason)),
  });
  assertStrictEquals(await assertRejects(() => call), reason);
  assertEquals(clock.sleeping, 0);
});

Deno.test({
  name: "backoff() doubles, is capped, and spreads from nothing to all",
  permissions: "none",
  fn() {
    assertEquals([1, 2, 3].map((attempt) => backoff(outage, attempt, 0.5)), [50, 100, 200]);
    assertEquals(backoff(throttled, 1, 0.999), 500);
    assertEquals(backoff(throttled, 30, 0.5), 10_000);
    assertEquals(backoff(throttled, 3, 0), 0);
  },
});
