/**
 * One refresher over a renewal that the test answers: what is swapped, told and queued at each step, and what is not once
 * it has stopped.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Credentials } from "../../src/credentials.ts";
import { MfaError, StsError, StsUnreachableError } from "../../src/errors.ts";
import { credentialsFor, start } from "../session/fixtures.ts";
import { settle } from "../settle.ts";
import { createRefresher, refresherTest } from "./one_refresher.ts";

const hour = 3_600_000;
const minute = 60_000;

refresherTest("what arrives after the stop is not swapped in, and told to nobody", async () => {
  for (const isFailure of [false, true]) {
    const { clock, slots: [slot], events, asked, refresher, answerWith, lines } = createRefresher();
    assert(slot);
    const pending = Promise.withResolvers<Credentials>();
    answerWith(() => pending.promise);
    refresher.start();
    await clock.advance(50 * minute);
    assertEquals(asked.length, 1);
    const [before, count] = [slot.credentials, lines.length];
    let hasStopped = false;
    const stopped = refresher.stop().then(() => hasStopped = true);
    await clock.advance(minute);
    assertEquals([asked[0]?.signal.aborted, hasStopped], [true, false], "it waits for the call");
    const { name, message } = asked[0]?.signal.reason as Error;
    assertEquals([name, message], ["AbortError", "The credential set was halted"]);
    if (isFailure) pending.reject(new Error("late"));
    else pending.resolve(credentialsFor(3_600, 50 * minute));
    await stopped;
    await clock.advance(hour);
    assert(Object.is(slot.credentials, before));
    assertEquals([slot.failures, slot.executions, slot.lastError], [0, 0, undefined]);
    assertEquals([events, asked.length, clock.sleeping, lines.length], [[], 1, 0, count]);
  }
});

refresherTest(
  "stop() settles although the loop has failed, and waits for all that runs",
  async () => {
    const { asked, refresher, answerWith } = createRefresher({
      count: 2,
      skew: hour,
      endpoints: ({ profile }) => {
        if (profile === "p0") return ["https://sts.example.com"];
        throw new Error("no endpoint");
      },
    });
    const pending = Promise.withResolvers<Credentials>();
    answerWith(() => pending.promise);
    refresher.start();
    let hasStopped = false;
    const stopped = refresher.stop().then(() => hasStopped = true);
    await settle();
    assertEquals([asked.length, hasStopped], [1, false]);
    pending.resolve(credentialsFor(3_600));
    await stopped;
  },
);

refresherTest(
  "a renewal is swapped in, told with its attempt and the next one, and logged",
  async () => {
    const { clock, slots: [slot], events, lines, refresher } = createRefresher();
    assert(slot);
    const due = slot.nextRefresh ?? 0;
    assert(due > start && due < start + 45 * minute, String(due - start));
    refresher.start();
    await clock.advance(due - start - 1);
    assertEquals(events, []);
    await clock.advance(1);
    assertEquals(slot.credentials.StartTime.getTime(), due);
    assertEquals([slot.executions, slot.failures], [1, 0]);
    const next = new Date(slot.nextRefresh ?? 0);
    assertEquals(events, [["refresh", { profile: "p0", attempt: 1, next }]]);
    assertEquals(lines.map((line) => line.replace(/out of \d+/, "out of N")), [
      'info refresh: executing event: renewal of "p0", attempt 1',
      "info refresh: completed 1 out of N total executions",
      lines[2] ?? "",
    ]);
    assert(lines[2]?.startsWith("info refresh: remaining in cycle: 4 hours"), lines[2]);
    await refresher.stop();
  },
);

refresherTest("a failure is told, backed off, and forgotten with the next success", async () => {
  const { clock, slots: [slot], events, lines, refresher, answerWith } = createRefresher();
  assert(slot);
  const refusal = new StsError("No", { operation: "AssumeRole", awsCode: "AccessDenied" });
  answerWith(() => Promise.reject(refusal));
  const due = slot.nextRefresh ?? 0;
  refresher.start();
  await clock.advance(due - start);
  assertEquals([slot.failures, slot.lastError, slot.nextRefresh], [1, refusal, due + 1_000]);
  assertEquals(events, [
    ["retry", { profile: "p0", attempt: 1, error: refusal, next: new Date(due + 1_000) }],
  ]);
  assertEquals(lines.at(-1), 'warn refresh: renewal of "p0" failed: No');
  await clock.advance(1_000);
  assertEquals([slot.failures, slot.nextRefresh], [2, due + 3_000]);
  // Once it has expired, that is told as an error, one time.
  await clock.advance(start + hour - clock.now() + 40_000);
  const errors = events.filter(([type]) => type === "error");
  assertEquals([errors.length, slot.expiryReported], [1, true]);
  answerWith(() => Promise.resolve(credentialsFor(3_600, clock.now() - start)));
  await clock.advance(16_000);
  assertEquals([slot.failures, slot.lastError, slot.expiryReported], [0, undefined, false]);
  assertEquals(events.at(-1)?.[0], "refresh");
  await refresher.stop();
});

refresherTest("what is no error of ours is told as an internal one", async () => {
  const { clock, slots: [slot], refresher, answerWith } = createRefresher();
  assert(slot);
  for (const [thrown, message] of [[new TypeError("odd"), "odd"], ["text", "text"]] as const) {
    answerWith(() => Promise.reject(thrown));
    refresher.start();
    await clock.advance(46 * minute);
    assertEquals(slot.lastError?.message, `Internal error: ${message}`);
    assertEquals([slot.lastError?.code, slot.lastError?.cause], ["FAILED", thrown]);
  }
  await refresher.stop();
});

refresherTest(
  "a lifetime ends at its moment, and not before: then there is nothing left to do",
  async () => {
    const { clock, ends, asked, slots: [slot], refresher } = createRefresher({
      endsAt: start + 2 * hour,
    });
    assert(slot);
    refresher.start();
    await clock.advance(2 * hour - 1);
    assertEquals(ends, []);
    await clock.advance(1);
    assertEquals([ends, clock.sleeping], [["the lifetime of 5h has ended"], 0]);
    assertEquals([asked.length, slot.nextRefresh], [slot.executions, undefined]);
  },
);

refresherTest(
  "credentials that last until the end, but for half a minute, are not renewed",
  async () => {
    for (const [over, renews] of [[30_000, false], [30_001, true]] as const) {
      const { clock, asked, slots: [slot], refresher, ends } = createRefresher({
        endsAt: start + hour + over,
      });
      assertEquals(slot?.nextRefresh === undefined, !renews);
      refresher.start();
      await clock.advance(hour + over);
      assertEquals([asked.length > 0, ends.length], [renews, 1], String(over));
    }
  },
);

refresherTest(
  "a session token that has expired ends all that rest on it, and is told once",
  async () => {
    for (
      const error of [
        new StsError("Too old", { operation: "AssumeRole", awsCode: "ExpiredTokenException" }),
        new MfaError("No code"),
      ]
    ) {
      const { clock, slots, events, ends, lines, refresher, answerWith } = createRefresher({
        count: 3,
        withSession: true,
      });
      answerWith(() => Promise.reject(error));
      refresher.start();
      await clock.advance(46 * minute);
      const told = events.filter(([type]) => type === "error");
      assertEquals(told.length, 1);
      const reason = `the session token has expired: ${error.message}`;
      assertEquals(ends, [reason]);
      assertEquals(lines.filter((line) => line.startsWith("error")), [`error refresh: ${reason}`]);
      for (const slot of slots) {
        assertEquals([slot.endsWithCode, slot.endReason, slot.nextRefresh], [
          true,
          reason,
          undefined,
        ]);
        assert(Object.is(slot.lastError, error));
      }
    }
  },
);

refresherTest(
  "without a session token, or with another refusal, one slot's failure is its own",
  async () => {
    const expired = new StsError("Old", { operation: "AssumeRole", awsCode: "ExpiredToken" });
    const denied = new StsError("No", { operation: "AssumeRole", awsCode: "AccessDenied" });
    for (const [withSession, error] of [[false, expired], [true, denied]] as const) {
      const { clock, ends, slots, refresher, answerWith } = createRefresher({
        count: 2,
        withSession,
      });
      answerWith(({ profile }) =>
        profile === "p0"
          ? Promise.reject(error)
          : Promise.resolve(credentialsFor(3_600, clock.now() - start))
      );
      refresher.start();
      await clock.advance(46 * minute);
      assertEquals([ends, slots[0]?.lastError, slots[1]?.lastError], [[], error, undefined]);
      assertEquals(slots[1]?.executions, 1);
      await refresher.stop();
    }
  },
);

refresherTest(
  "no more renewals run at once than are allowed, and the next begins when one ends",
  async () => {
    const { clock, asked, refresher, answerWith } = createRefresher({ count: 5, concurrency: 2 });
    const answers: (() => void)[] = [];
    answerWith(() =>
      new Promise((resolve) =>
        answers.push(() => resolve(credentialsFor(3_600, clock.now() - start)))
      )
    );
    refresher.start();
    await clock.advance(46 * minute);
    assertEquals(asked.length, 2);
    answers[0]?.();
    await clock.advance(0);
    assertEquals(asked.length, 3);
    for (const next of answers) next();
    await clock.advance(0);
    assertEquals(asked.length, 5);
    for (const next of answers) next();
    await refresher.stop();
  },
);

refresherTest(
  "an outage is probed by one renewal at a time; the others wait, are told, and follow",
  async () => {
    const { clock, asked, events, lines, slots, refresher, answerWith } = createRefresher({
      count: 4,
    });
    const outage = new StsUnreachableError("No connection", { operation: "AssumeRole" });
    answerWith(() => Promise.reject(outage));
    refresher.start();
    await clock.advance(46 * minute);
    const probing = lines.filter((line) => line.startsWith("warn refresh: one renewal at a time"));
    assertEquals(probing, [
      "warn refresh: one renewal at a time probes STS from now on: No connection",
    ]);
    const during = asked.length;
    await clock.advance(5 * minute);
    assert(asked.length - during < 20, `${asked.length - during} probes`);
    assert(slots.every(({ lastError }) => lastError === outage));
    assert(events.some(([type]) => type === "retry"));
    answerWith(() => Promise.resolve(credentialsFor(3_600, clock.now() - start)));
    await clock.advance(2 * minute);
    assert(slots.every(({ executions, lastError }) => executions === 1 && lastError === undefined));
    await refresher.stop();
    assertEquals(clock.sleeping, 0);
  },
);

refresherTest(
  "a clock that was set back by more than a second, and no less, begins a renewal",
  async () => {
    for (const wakes of ["by a nudge", "by itself"]) {
      for (const [back, begun] of [[1_000, 0], [1_001, 1]] as const) {
        const { clock, asked, refresher } = createRefresher();
        refresher.start();
        await settle();
        clock.jump(-back);
        if (wakes === "by a nudge") refresher.nudge();
        await clock.advance(wakes === "by a nudge" ? 0 : minute);
        assertEquals(asked.length, begun, `${wakes}, set back by ${back} ms`);
        await refresher.stop();
      }
    }
  },
);

refresherTest("a clock that was set back begins nothing after the stop", async () => {
  const { clock, asked, refresher } = createRefresher({ count: 2 });
  refresher.start();
  await settle();
  clock.jump(-hour);
  await refresher.stop();
  assertEquals([asked.length, clock.sleeping], [0, 0]);
});

refresherTest(
  "no sleep is longer than a minute, whatever is due and however many are busy",
  async () => {
    for (const isBusy of [false, true]) {
      const { clock, asked, refresher, answerWith } = createRefresher({ count: 2, concurrency: 1 });
      if (isBusy) {
        answerWith(() => new Promise(() => {}));
        await clock.advance(50 * minute);
      }
      const slept: number[] = [];
      const { sleep } = clock;
      clock.sleep = (ms, options) => {
        slept.push(ms);
        return sleep.call(clock, ms, options);
      };
      refresher.start();
      await clock.advance(3 * minute);
      assertEquals(slept.slice(0, 3), [minute, minute, minute]);
      assertEquals(asked.length, isBusy ? 1 : 0);
      void refresher.stop();
    }
  },
);

refresherTest(
  "while one probes and another waits for it, there is something left to renew",
  async () => {
    const { clock, asked, ends, slots, refresher, answerWith } = createRefresher({ count: 2 });
    const outage = new StsUnreachableError("No connection", { operation: "AssumeRole" });
    answerWith(() => Promise.reject(outage));
    refresher.start();
    await clock.advance(47 * minute);
    const before = asked.length;
    const pending = Promise.withResolvers<Credentials>();
    answerWith(() => pending.promise);
    await clock.advance(2 * minute);
    assertEquals([asked.length - before, ends], [1, []]);
    pending.resolve(credentialsFor(3_600, clock.now() - start));
    answerWith(() => Promise.resolve(credentialsFor(3_600, clock.now() - start)));
    await clock.advance(minute);
    assertEquals(slots.map(({ executions }) => executions), [1, 1]);
    await refresher.stop();
  },
);

refresherTest("a nudge looks at once for what is due by a clock that has jumped", async () => {
  const { clock, asked, refresher } = createRefresher();
  refresher.start();
  await clock.advance(minute);
  clock.jump(2 * hour);
  await clock.advance(0);
  assertEquals(asked.length, 0);
  refresher.nudge();
  await clock.advance(0);
  assertEquals(asked.length, 1);
  await refresher.stop();
});

refresherTest(
  "renewNow() renews everything at once, no faster than the ceiling, and once",
  async () => {
    const { clock, asked, refresher, slots } = createRefresher({ count: 3, concurrency: 16 });
    refresher.start();
    await clock.advance(minute);
    assertEquals(asked.length, 0);
    refresher.renewNow();
    await clock.advance(1_000);
    assertEquals(asked.map(({ slot }) => slot.profile).sort(), ["p0", "p1", "p2"]);
    assert(
      slots.every(({ executions, nextRefresh = 0 }) =>
        executions === 1 && nextRefresh > clock.now()
      ),
    );
    await clock.advance(minute);
    assertEquals(asked.length, 3);
    await refresher.stop();
    assertEquals(clock.sleeping, 0);
  },
);
