/**
 * Many slots under one refresher: which comes first, how fast they follow, what they count, and which end together.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import { mostCallsPerSecond, refreshPeriod } from "../../src/schedule.ts";
import { credentialsFor, session, start } from "../session/fixtures.ts";
import { createRefresher, refresherTest } from "./one_refresher.ts";

const hour = 3_600_000;
const minute = 60_000;
/** Between two calls, as the ceiling of every second spaces them. */
const stepMs = 1_000 / mostCallsPerSecond;
const outage = new StsUnreachableError("No connection", { operation: "AssumeRole" });
const expired = new StsError("Too old", { operation: "AssumeRole", awsCode: "ExpiredToken" });

/** The lines that count renewals, such as "1 out of 6". */
function counts(lines: readonly string[]): (string | undefined)[] {
  return lines.map((line) => /completed (\d+ out of \S+) total/.exec(line)?.[1])
    .filter((count) => count !== undefined);
}

refresherTest("the total that is logged is what is renewed until the lifetime ends", async () => {
  // Due at the last moment, so that one renewal is enough for a little more than an hour.
  const phases = [((start + 44 * minute) / refreshPeriod(hour)) % 1];
  for (const hours of [1.02, 5]) {
    const { clock, lines, asked, refresher, slots: [slot] } = createRefresher({
      ...{ endsAt: start + hours * hour, phases },
    });
    const due = slot?.nextRefresh ?? 0;
    const total = Math.ceil((start + hours * hour - due) / refreshPeriod(hour));
    assertEquals(total === 1, hours === 1.02);
    refresher.start();
    await clock.advance(hours * hour);
    assertEquals(asked.length, total);
    const expected = Array.from({ length: total }, (_, at) => `${at + 1} out of ${total}`);
    assertEquals(counts(lines), expected);
  }
});

refresherTest("the total is that of the slot that lasts longest and ends", async () => {
  const endsAt = [start + 2 * hour, start + 4 * hour, Infinity];
  const { clock, lines, refresher } = createRefresher({ count: 3, endsAt });
  refresher.start();
  await clock.advance(46 * minute);
  const [first = "", ...others] = counts(lines);
  // What has no end of its own counts nothing.
  assertEquals(others, [first]);
  const [, total] = first.split(" out of ").map(Number);
  await clock.advance(4 * hour);
  assertEquals(counts(lines).at(-1), `${total} out of ${total}`);
  await refresher.stop();
});

refresherTest("renewals beyond the total raise it, for the other slots too", async () => {
  const { clock, lines, refresher } = createRefresher({
    ...{ count: 2, endsAt: start + 2 * hour, phases: [0, 0.1] },
  });
  refresher.start();
  for (let renewed = 0; renewed < 6; renewed++) {
    refresher.renewNow();
    await clock.advance(1_000);
  }
  assertEquals(counts(lines).slice(-4), [
    ...["5 out of 5", "5 out of 5", "6 out of 6", "6 out of 6"],
  ]);
  await refresher.stop();
});

refresherTest(
  "renewNow() renews first what is due first, each a step of the ceiling later",
  async () => {
    const { clock, asked, slots, refresher } = createRefresher({
      ...{ count: 4, phases: [0.7, 0.1, 0.9, 0.4] },
    });
    refresher.start();
    await clock.advance(minute);
    const byDue = slots.toSorted((one, other) => (one.nextRefresh ?? 0) - (other.nextRefresh ?? 0));
    assertEquals(new Set(slots.map(({ nextRefresh }) => nextRefresh)).size, 4);
    const now = clock.now();
    refresher.renewNow();
    const steps = [0, 1, 2, 3].map((index) => now + index * stepMs);
    assertEquals(byDue.map(({ nextRefresh }) => nextRefresh), steps);
    await clock.advance(1_000);
    assertEquals(asked.map(({ slot }) => slot), byDue);
    assertEquals(asked.map(({ at }) => at), steps);
    await refresher.stop();
  },
);

refresherTest("renewNow() needs no other event to be looked at", async () => {
  const { clock, asked, refresher } = createRefresher({ count: 2 });
  refresher.start();
  await clock.advance(minute + 30_000);
  refresher.renewNow();
  await clock.advance(stepMs);
  assertEquals(asked.length, 2);
  await refresher.stop();
});

refresherTest("a slot that waits for an endpoint says when that is probed next", async () => {
  const { clock, events, slots, refresher, answerWith } = createRefresher({
    ...{ count: 5, concurrency: 1 },
  });
  answerWith(() => Promise.reject(outage));
  refresher.start();
  const due = slots[0]?.nextRefresh ?? 0;
  await clock.advance(due - start);
  const waiting = slots.filter(({ failures }) => failures === 0);
  assert(waiting.length > 0);
  for (const { profile, nextRefresh, lastError } of waiting) {
    const own = events.filter(([, fields]) => fields.profile === profile);
    assertEquals(own.map(([type]) => type), ["retry"]);
    assertEquals(own[0]?.[1].next?.getTime(), nextRefresh);
    assert(nextRefresh !== undefined && nextRefresh > due, `${nextRefresh}`);
    assertEquals(lastError, outage);
  }
  await refresher.stop();
});

refresherTest(
  "what waited for an endpoint follows its answer, a step of the ceiling apart",
  async () => {
    const { clock, asked, refresher, answerWith } = createRefresher({ count: 6 });
    answerWith(() => Promise.reject(outage));
    refresher.start();
    await clock.advance(50 * minute);
    const known = asked.length;
    answerWith(() => Promise.resolve(credentialsFor(3_600, clock.now() - start)));
    await clock.advance(5 * minute);
    const times = asked.slice(known).map(({ at }) => at);
    assert(times.length >= 6);
    const probe = times[0] ?? 0;
    const released = times.filter((at) => at > probe && at < probe + 1_000);
    assert(released.length >= 2, String(released.map((at) => at - probe)));
    for (const [index, at] of released.entries()) {
      assertEquals(at - probe, (index + 1) * stepMs);
    }
    await refresher.stop();
  },
);

refresherTest(
  "a session token that has expired ends no slot that rests on another one",
  async () => {
    const other = { ...session, mfaSerial: "arn:aws:iam::111122223333:mfa/lee" };
    const { clock, slots, ends, events, refresher, answerWith } = createRefresher({
      ...{ count: 4, withSession: [session, other, session, other] },
    });
    answerWith(({ profile }) =>
      profile === "p0"
        ? Promise.reject(expired)
        : Promise.resolve(credentialsFor(3_600, clock.now() - start))
    );
    refresher.start();
    await clock.advance(46 * minute);
    assertEquals(slots.map(({ endsWithCode }) => endsWithCode), [true, false, true, false]);
    for (const slot of [slots[1], slots[3]]) {
      assertEquals([slot?.lastError, slot?.executions, slot?.endsAt], [
        ...[undefined, 1, start + 5 * hour],
      ]);
      assert((slot?.nextRefresh ?? 0) > clock.now());
    }
    assertEquals([ends, events.filter(([type]) => type === "error").length], [[], 1]);
    await refresher.stop();
  },
);
