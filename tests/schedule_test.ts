import { assert, assertEquals } from "@std/assert";
import {
  isFresh,
  isFreshFor,
  isFreshForPrograms,
  isUsable,
  mayBeUsable,
  mostCallsPerSecond,
  nextRefresh,
  probeDelay,
  refreshPeriod,
  refreshWindow,
  retryDelay,
  scopeServes,
  sessionServes,
  spreadPhases,
} from "../src/schedule.ts";
import { seededRandom } from "./fake_system.ts";

const start = Date.UTC(2026, 0, 1, 0, 0, 0, 123);
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** Draws `count` cases from one seed. */
function forRandom(count: number, check: (number: () => number) => void): void {
  const { number } = seededRandom(7);
  for (let index = 0; index < count; index++) check(number);
}

function times(issued: number, expires: number) {
  return { StartTime: new Date(issued), Expiration: new Date(expires) };
}

pure("refreshWindow() is 15 minutes or a quarter of the life, whichever is less", () => {
  assertEquals(refreshWindow(12 * hour), 15 * minute);
  assertEquals(refreshWindow(hour), 15 * minute);
  assertEquals(refreshWindow(15 * minute), 225 * second);
  assertEquals(refreshWindow(-hour), 0);
});

pure(
  "nextRefresh() is after the issue, not before now, and leaves the window and time for the call",
  () => {
    forRandom(20_000, (number) => {
      const life = second * (10 + Math.floor(number() * 43_190));
      const facts = { issued: start, expires: start + life, phase: number() };
      const due = nextRefresh({ ...facts, now: start });
      assert(due >= start + second);
      assert(facts.expires - due > 1.024 * refreshWindow(life), `${life}: ${due - start}`);
      const late = facts.expires - number() * refreshWindow(life);
      assertEquals(nextRefresh({ ...facts, now: late }), late);
    });
  },
);

/** The pauses between the calls for one profile, each answered within a second, with an expiry in whole seconds. */
function pauses(duration: number, number: () => number, count: number): readonly number[] {
  const phase = number();
  let called = start + number() * hour;
  return Array.from({ length: count }, () => {
    const issued = called + number() * second;
    const expires = Math.floor(called / second) * second + duration;
    const due = nextRefresh({ issued, expires, now: issued, phase });
    const pause = due - called;
    called = due;
    return pause;
  });
}

pure("nextRefresh() keeps a profile to its slots, whatever delays and whole seconds do", () => {
  forRandom(5_000, (number) => {
    const duration = 5 * second * (180 + Math.floor(number() * 8_461));
    const latest = duration - refreshWindow(duration);
    const [first = NaN, ...later] = pauses(duration, number, 4);
    assert(first <= latest);
    for (const pause of later) {
      assert(pause <= latest && pause > 0.965 * latest, `${duration / second}: ${pause / latest}`);
    }
  });
});

pure("nextRefresh() does not spin, whatever the duration", () => {
  forRandom(500, (number) => {
    const duration = second * (1 + Math.floor(number() * 43_200));
    const total = pauses(duration, number, 50).reduce((sum, pause) => sum + pause);
    assert(total > 0.4 * 50 * (duration - refreshWindow(duration)), `${duration / second}`);
  });
});

pure("nextRefresh() goes at once when the clock was set back, and then waits", () => {
  forRandom(1_000, (number) => {
    const now = start - 2 * minute - number() * 10 * hour;
    const phase = number();
    assertEquals(nextRefresh({ issued: start, expires: start + hour, now, phase }), now);
    assert(nextRefresh({ issued: now, expires: now + hour, now, phase }) > now);
  });
});

pure("nextRefresh() does not ask twice in a breath for credentials that come dead", () => {
  forRandom(1_000, (number) => {
    const expires = start - number() * hour;
    const due = nextRefresh({ issued: start, expires, now: start, phase: number() });
    assertEquals(due, start + second);
  });
});

pure("refreshPeriod() is the pause that nextRefresh() settles to", () => {
  for (const life of [15 * minute, hour, 12 * hour]) {
    const facts = { phase: 0.3, issued: start, now: start };
    const first = nextRefresh({ ...facts, expires: start + life });
    const next = nextRefresh({ phase: 0.3, issued: first, now: first, expires: first + life });
    assert(Math.abs(next - first - refreshPeriod(life)) < 1);
  }
  assertEquals(refreshPeriod(8 * second), 5.9 * second);
});

pure("spreadPhases() steps evenly through a period from a random start", () => {
  assertEquals(spreadPhases(0, 0.5), []);
  assertEquals(spreadPhases(4, 0.5), [0.5, 0.75, 0, 0.25]);
});

interface DayAndAHalf {
  readonly calls: number;
  readonly average: number;
  readonly busiest: number;
}

/** Ten thousand profiles for 36 hours. They begin together; where `asleep`, they sleep from hour 10 to 12. */
function simulate(duration: number, asleep: boolean): DayAndAHalf {
  const { number } = seededRandom(11);
  const end = start + 36 * hour;
  const perSecond = new Uint16Array(36 * 3_600);
  const wake = start + 12 * hour;
  let calls = 0;
  for (const phase of spreadPhases(10_000, number())) {
    for (let called = start; called < end;) {
      const index = Math.floor((called - start) / second);
      perSecond[index] = (perSecond[index] ?? 0) + 1;
      calls++;
      const issued = called + number() * 500;
      const expires = Math.floor(called / second) * second + duration;
      const due = nextRefresh({ issued, expires, now: issued, phase });
      called = asleep && due > wake - 2 * hour && due < wake ? wake : due;
    }
  }
  perSecond[0] = 0;
  if (asleep) perSecond[12 * 3_600] = 0;
  const busiest = perSecond.reduce((most, count) => Math.max(most, count), 0);
  return { calls, average: calls / perSecond.length, busiest };
}

for (const duration of [15 * minute, hour]) {
  const name = `${duration / minute}-minute credentials of ten thousand profiles`;

  pure(`nextRefresh() spreads ${name}, at 5 % above the fewest calls`, () => {
    const { calls, average, busiest } = simulate(duration, false);
    assert(busiest <= 1.2 * average, `${busiest} of ${average}`);
    const fewest = 10_000 * Math.ceil(36 * hour / (duration - refreshWindow(duration)));
    assert(calls <= 1.05 * fewest, `${calls} of ${fewest}`);
  });

  pure(`nextRefresh() spreads ${name} again after a laptop's sleep`, () => {
    const { average, busiest } = simulate(duration, true);
    assert(busiest <= 1.2 * average, `${busiest} of ${average}`);
  });
}

pure("isFresh() wants more than the window left", () => {
  const hourLong = times(start, start + hour);
  assert(isFresh(hourLong, start + 45 * minute - 1));
  assert(!isFresh(hourLong, start + 45 * minute));
  assert(!isFresh(hourLong, start - 2 * minute));
  forRandom(1_000, (number) => {
    const now = start + (number() - 0.5) * 4 * hour;
    if (isFresh(hourLong, now)) assert(isUsable(hourLong, now));
  });
});

pure("isUsable() never serves the dead, nor what a clock that was set back makes younger", () => {
  const hourLong = times(start, start + hour);
  assert(isUsable(hourLong, start + hour - 1));
  assert(!isUsable(hourLong, start + hour));
  assert(isUsable(hourLong, start - 30 * second));
  assert(!isUsable(hourLong, start - 2 * minute));
});

pure("retryDelay() backs off with full jitter, up to a minute", () => {
  const delay = (attempt: number, random: number) =>
    retryDelay({ attempt, left: 24 * hour, random });
  assertEquals([1, 2, 3, 6, 7, 5_000].map((attempt) => delay(attempt, 0.5)), [
    500,
    1_000,
    2_000,
    16_000,
    30_000,
    30_000,
  ]);
  assertEquals(delay(9, 0), 200);
});

pure("retryDelay() always comes before the end while there is one, and never spins", () => {
  forRandom(20_000, (number) => {
    const left = (number() - 0.2) * 10 * minute;
    const delay = retryDelay({ attempt: 1 + Math.floor(number() * 50), left, random: number() });
    assert(delay <= minute);
    if (left > 0) assert(delay <= left);
    assert(delay >= Math.min(200, left > 0 ? left : Infinity));
    if (left > second) assert(delay <= left / 2);
  });
});

Deno.test({
  name: "isFreshForPrograms() wants 15 minutes left, or a quarter of what lives hardly longer",
  permissions: "none",
  fn() {
    const cases = [[60, 15.1, true], [60, 14.9, false], [30, 15.1, true], [30, 14, false]] as const;
    const short = [[15, 14, true], [15, 3.8, true], [15, 3.7, false], [15.1, 5, true]] as const;
    for (const [life, left, expected] of [...cases, ...short]) {
      const times = { StartTime: new Date(0), Expiration: new Date(life * 60_000) };
      const now = (life - left) * 60_000;
      assertEquals(isFreshForPrograms(times, now), expected, `${left} of ${life} minutes`);
    }
  },
});

pure("freshness and use end at the very moment that they say", () => {
  const hourly = times(start, start + hour);
  const end = start + hour;
  const at = (
    now: number,
  ) => [isFresh(hourly, now), isUsable(hourly, now), mayBeUsable(hourly, now)];
  assertEquals(at(end - 15 * minute - 1), [true, true, true]);
  assertEquals(at(end - 15 * minute), [false, true, true]);
  assertEquals(at(end - 1), [false, true, true]);
  assertEquals(at(end), [false, false, false]);
  // A minute is what clocks differ by; what is more was set back.
  assertEquals(at(start - minute), [true, true, true]);
  assertEquals(at(start - minute - 1), [false, false, true]);
});

pure("programs want more than 15 minutes, but of credentials that live no longer than 16", () => {
  const hourly = times(start, start + hour);
  assertEquals(isFreshForPrograms(hourly, start + 45 * minute - 1), true);
  assertEquals(isFreshForPrograms(hourly, start + 45 * minute), false);
  const short = times(start, start + 16 * minute);
  assertEquals(isFreshForPrograms(short, start + 12 * minute - 1), true);
  assertEquals(isFreshForPrograms(short, start + 12 * minute), false);
  const longer = times(start, start + 16 * minute + 1);
  assertEquals(isFreshForPrograms(longer, start + minute), true);
  assertEquals(isFreshForPrograms(longer, start + minute + 1), false);
  assertEquals(isFreshForPrograms(hourly, start - minute - 1), false);
});

pure("a session serves the lifetime that was wanted, or without one as long as it is fresh", () => {
  const session = times(start, start + 12 * hour);
  const serves = (seconds: number | undefined, now: number) => sessionServes(seconds)(session, now);
  // All of it but its window: 5 hours less 15 minutes.
  const last = start + 12 * hour - (5 * hour - 15 * minute);
  assertEquals([serves(5 * 3_600, last), serves(5 * 3_600, last + 1)], [true, false]);
  assertEquals(isFreshFor(900)(session, start + 12 * hour - 15 * minute), false);
  assertEquals(isFreshFor(900)(session, start + 12 * hour - 15 * minute - 1), true);
  assertEquals([serves(undefined, last + 1), serves(undefined, start + 12 * hour)], [true, false]);
});

pure("nextRefresh() to the millisecond", () => {
  const base = Date.UTC(2026, 0, 1);
  const next = (life: number, phase: number, now = base) =>
    nextRefresh({ issued: base, expires: base + life, now, phase }) - base;
  const tenMinutes = 10 * minute;
  const window = tenMinutes / 4;
  // Shorter than 12 minutes: no slots, but a spread over a twentieth of the window.
  assertEquals(next(tenMinutes, 0), tenMinutes - 1.025 * window);
  assertEquals(next(tenMinutes, 1), tenMinutes - 1.075 * window);
  for (const [life, period] of [[hour, 2_655_000], [12 * minute, 531_000]] as const) {
    assertEquals(refreshPeriod(life), period);
    const latest = base + life - 1.025 * refreshWindow(life);
    const due = base + next(life, 0.25);
    assert(due <= latest && due > latest - period, String(due));
    assert(Math.abs((due / period) % 1 - 0.25) < 1e-6);
  }
  assertEquals(Math.round(refreshPeriod(12 * minute - 4 * second)), 528_050);
  // What a slow response took off is put back: an hour less 4 seconds still is an hour.
  assertEquals(refreshPeriod(hour - 4 * second), refreshPeriod(hour));
  assertEquals(refreshPeriod(hour - 4 * second - 1), refreshPeriod(hour - 5 * second));
  // The clock was set back by more than a minute.
  assertEquals(next(hour, 0.25, base - minute) > 0, true);
  assertEquals(next(hour, 0.25, base - minute - 1), -minute - 1);
});

pure("retryDelay() to the millisecond", () => {
  const delay = (attempt: number, left: number, random: number) =>
    retryDelay({ attempt, left, random });
  assertEquals([1, 2, 3, 6, 7, 40].map((attempt) => delay(attempt, hour, 1)), [
    ...[second, 2 * second, 4 * second, 32 * second, minute, minute],
  ]);
  assertEquals(delay(3, hour, 0.5), 2 * second);
  assertEquals(delay(3, hour, 0), 200);
  // Half of what is left, so that one more attempt comes before the end.
  assertEquals(delay(7, 20 * second, 1), 10 * second);
  assertEquals([delay(1, 150, 1), delay(1, 1, 0)], [150, 1]);
  for (const left of [0, -1]) {
    assertEquals([delay(7, left, 1), delay(2, left, 1), delay(7, left, 0)], [
      ...[15 * second, 2 * second, 200],
    ]);
  }
});

pure("probeDelay() to the millisecond", () => {
  const delay = (attempt: number, left: number, random: number) =>
    probeDelay({ attempt, left, random });
  assertEquals([0, 1, 2, 5, 6, 40].map((attempt) => delay(attempt, hour, 1)), [
    ...[second, 2 * second, 4 * second, 32 * second, minute, minute],
  ]);
  assertEquals([delay(6, hour, 0.5), delay(6, hour, 0)], [30 * second, second]);
  assertEquals([delay(6, 7 * second, 1), delay(6, 1, 1)], [7 * second, second]);
  for (const left of [0, -1]) assertEquals(delay(6, left, 1), 5 * second);
  assertEquals(mostCallsPerSecond, 125);
});

pure(
  "a scoped copy whose life was chosen serves longer than one that ends with its session",
  () => {
    const minute = 60_000;
    const times = { StartTime: new Date(0), Expiration: new Date(30 * minute) };
    for (
      const [left, chosen, inherited] of [[16, true, true], [10, true, false], [
        7,
        false,
        false,
      ]] as const
    ) {
      const now = (30 - left) * minute;
      assertEquals(scopeServes(1_800)(times, now), chosen);
      assertEquals(scopeServes(undefined)(times, now), inherited);
    }
  },
);
