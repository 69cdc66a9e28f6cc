import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ExpiredError } from "../../src/errors.ts";
import type { CredentialEvent } from "../../src/refresh/events.ts";
import { refreshWindow } from "../../src/schedule.ts";
import { settle } from "../settle.ts";
import { readAll, simulate } from "./simulation.ts";

const minute = 60_000;
const hour = 60 * minute;

Deno.test({
  name:
    "36 hours of 1,000 profiles: every reading is fresh, and the calls are within 5 % of the least",
  permissions: "none",
  async fn() {
    const profiles = 1_000;
    const { clock, emulator, set } = await simulate({
      profiles,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const window = refreshWindow(900_000);
    let readings = 0;
    let least = Infinity;
    for (let passed = 0; passed < 36 * hour - minute; passed += minute) {
      await clock.advance(minute);
      for (const { Expiration } of readAll(set)) {
        readings++;
        least = Math.min(least, Expiration.getTime() - clock.now());
      }
    }
    assertGreater(least, window, `${least / 1_000} s were left`);
    const calls = emulator.count("AssumeRole");
    const fewest = profiles * 36 * hour / (900_000 - window);
    console.log(
      `${readings} readings, at least ${least / 1_000} s left; ${calls} calls, ` +
        `${((calls / fewest - 1) * 100).toFixed(1)} % more than the least`,
    );
    assertGreater(calls, fewest * 0.99);
    assert(calls < fewest * 1.05, `${calls} calls, the least is ${fewest}`);
    assertEquals(emulator.count("GetSessionToken"), 1);
    await clock.advance(2 * minute);
    // So many calls take more than a second: the session token, which was there before them, ends before the lifetime.
    assertEquals(set.haltReason, "the session token expired at 2026-01-02T12:00:00.000Z");
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name:
    "36 hours with faults: healthy roles stay fresh, nothing dead is served, one halt at hour 12",
  permissions: "none",
  async fn() {
    const profiles = 200;
    const { clock, emulator, set } = await simulate({
      profiles,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
      sessionSeconds: 12 * 3_600,
    });
    const start = clock.now();
    const forbidden = emulator.world.roles[7]?.arn ?? "";
    emulator.faults.push(
      { when: { share: 1 / 3 }, effect: { kind: "throttle" } },
      {
        when: { from: start, window: { periodMs: hour, lengthMs: 5 * minute } },
        effect: { kind: "drop" },
      },
      { when: { roleArn: forbidden }, effect: { kind: "forbid" } },
    );
    const events: CredentialEvent[] = [];
    for (const type of ["refresh", "retry", "error", "halt"] as const) {
      set.addEventListener(type, (event) => events.push(event));
    }
    // Credentials that fall due as the outage begins have 3.75 minutes left; the last retry waits a minute at most.
    const mayHaveEnded = (passed: number) =>
      passed % hour > 3 * minute && passed % hour <= 7 * minute;
    let ended = 0;
    for (let passed = 0; passed < 36 * hour; passed += minute) {
      await clock.advance(minute);
      const living = set.usable();
      for (const { Expiration } of Object.values(living)) {
        assert(Expiration.getTime() > clock.now());
      }
      if (set.haltReason !== undefined) continue;
      const dead = set.status().filter(({ profile }) => !(`sts-${profile}` in living));
      if (mayHaveEnded(passed + minute)) continue;
      ended = Math.max(ended, dead.length);
      const others = dead.filter(({ roleArn }) => roleArn !== forbidden);
      assertEquals(others, [], `healthy roles have ended after ${passed / minute} minutes`);
    }
    assertEquals(ended, 1, "the forbidden role ends, and no other one");
    const halts = events.filter(({ type }) => type === "halt");
    assertEquals(halts.map(({ reason }) => reason), [
      "the session token expired at 2026-01-01T12:00:00.000Z",
    ]);
    const errors = events.filter(({ type, profile }) =>
      type === "error" && forbidden.endsWith(`/${profile}`)
    );
    assertEquals(errors.length, 1, "its end is told once");
    assertEquals(errors[0]?.error?.message, "STS refused: AccessDenied");
    assertGreater(events.filter(({ type }) => type === "retry").length, profiles);
    assertEquals(emulator.calls.filter(({ at }) => at > start + 12 * hour), []);
    assertThrows(
      () => readAll(set),
      ExpiredError,
      "and were not renewed: the session token expired at 2026-01-01T12:00:00.000Z",
    );
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "a laptop that slept through the expiry renews everything at once when it wakes",
  permissions: "none",
  async fn() {
    const { clock, emulator, set } = await simulate({
      profiles: 20,
      roleSeconds: 3_600,
      lifetimeSeconds: 36 * 3_600,
    });
    await clock.advance(10 * minute);
    clock.jump(5 * hour);
    assertThrows(() => readAll(set), ExpiredError, "were not renewed");
    await settle();
    assertEquals(readAll(set).length, 20);
    for (const { Expiration } of readAll(set)) {
      assertGreater(Expiration.getTime() - clock.now(), 59 * minute);
    }
    assert(emulator.count("AssumeRole") < 20 * 3);
    await set.halt();
  },
});

Deno.test({
  name: "without a reader the sleep is noticed within a minute",
  permissions: "none",
  async fn() {
    const { clock, set } = await simulate({
      profiles: 3,
      roleSeconds: 3_600,
      lifetimeSeconds: 36 * 3_600,
    });
    await clock.advance(minute);
    clock.jump(5 * hour);
    await clock.advance(minute);
    assertEquals(readAll(set).length, 3);
    await set.halt();
  },
});

for (const hours of [-30, -3, 3, 30]) {
  Deno.test({
    name: `a clock that is set by ${hours} hours: no loop, and nothing dead is served`,
    permissions: "none",
    async fn() {
      const simulation = await simulate({
        profiles: 50,
        roleSeconds: 3_600,
        lifetimeSeconds: Infinity,
        mfa: false,
      });
      const { clock, emulator, set } = simulation;
      await clock.advance(20 * minute);
      const before = emulator.count("AssumeRole");
      // The user sets this machine's clock; STS's own clock goes on as it was.
      const jump = hours * hour;
      clock.jump(jump);
      emulator.faults.push({ effect: { kind: "skew", ms: -jump } });
      simulation.answersTellSkew = -jump;
      for (let passed = 0; passed < 6 * hour; passed += minute) {
        await clock.advance(minute);
        const now = clock.now() - jump;
        for (const { Expiration } of Object.values(set.usable())) {
          assertGreater(Expiration.getTime(), now);
        }
        if (passed >= 2 * minute) assertEquals(Object.keys(set.usable()).length, 50);
      }
      const calls = emulator.count("AssumeRole") - before;
      assert(calls < 50 * 6 * 2, `${calls} calls in six hours`);
      await set.halt();
      assertEquals(clock.sleeping, 0);
    },
  });
}

Deno.test({
  name: "halt() ends sleeps and calls in flight within a turn, and tells it once",
  permissions: "none",
  async fn() {
    const { clock, emulator, set } = await simulate({
      profiles: 30,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    emulator.faults.push({ effect: { kind: "hang" } });
    await clock.advance(15 * minute);
    const reasons: (string | undefined)[] = [];
    set.addEventListener("halt", ({ reason }) => reasons.push(reason));
    await set.halt("enough");
    await set.halt("once more");
    assertEquals(clock.sleeping, 0);
    assertEquals(reasons, ["enough"]);
    assertEquals(set.haltReason, "enough");
    const calls = emulator.count("AssumeRole");
    await clock.advance(hour);
    assertEquals(emulator.count("AssumeRole"), calls);
  },
});

Deno.test({
  name: "one slow role does not delay the others",
  permissions: "none",
  async fn() {
    const { clock, emulator, set } = await simulate({
      profiles: 10,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const slow = emulator.world.roles[0]?.arn ?? "";
    emulator.faults.push({ when: { roleArn: slow }, effect: { kind: "hang" } });
    for (let passed = 0; passed < 2 * hour; passed += minute) {
      await clock.advance(minute);
      assertGreater(Object.keys(set.usable()).length, 8);
    }
    assertEquals(Object.keys(set.usable()).length, 9);
    await set.halt();
  },
});

Deno.test({
  name: "the refresh of 10,000 profiles is spread: no second with more than twice the average",
  permissions: "none",
  async fn() {
    const { clock, emulator, set } = await simulate({
      profiles: 10_000,
      roleSeconds: 3_600,
      lifetimeSeconds: 36 * 3_600,
    });
    const start = clock.now();
    await clock.advance(2 * hour);
    await set.halt();
    const seconds = new Map<number, number>();
    for (const { at } of emulator.calls) {
      const second = Math.floor((at - start) / 1_000);
      if (second > 0) seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    const calls = [...seconds.values()].reduce((sum, count) => sum + count, 0);
    const busiest = Math.max(...seconds.values());
    const average = calls / (2 * 3_600);
    console.log(`${calls} calls in two hours, ${average.toFixed(1)} a second, at most ${busiest}`);
    assert(busiest <= 2 * average, `${busiest} in one second, ${average} on average`);
  },
});

Deno.test({
  name: "changes() yields at renewals, and ends with the halt",
  permissions: "none",
  async fn() {
    const { clock, set } = await simulate({
      profiles: 2,
      roleSeconds: 900,
      lifetimeSeconds: 2 * 3_600,
    });
    let seen = 0;
    const reading = (async () => {
      for await (const changed of set.changes()) {
        assertEquals(Object.keys(changed.toJSON()).length, 2);
        seen++;
      }
    })();
    await clock.advance(2 * hour + minute);
    await reading;
    assertGreater(seen, 15);
    assertEquals(set.haltReason, "the lifetime of 2h has ended");
  },
});

Deno.test({
  name: "a session token that STS no longer takes ends every role on it, and is told once",
  permissions: "none",
  async fn() {
    const { clock, emulator, set } = await simulate({
      profiles: 100,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const told: CredentialEvent[] = [];
    for (const type of ["error", "halt"] as const) {
      set.addEventListener(type, (event) => told.push(event));
    }
    await clock.advance(hour);
    emulator.faults.push({ effect: { kind: "fail", code: "ExpiredTokenException", status: 400 } });
    await clock.advance(hour);
    assertEquals(told.map(({ type }) => type), ["error", "halt"]);
    assertEquals(
      set.haltReason,
      "the session token has expired: STS refused: ExpiredTokenException",
    );
    assert(emulator.count("AssumeRole", "ExpiredTokenException") < 40);
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "where a code would be needed to go on, the set ends, and it is told once",
  permissions: "none",
  async fn() {
    const { clock, emulator, set, forgetSession } = await simulate({
      profiles: 100,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const told: CredentialEvent[] = [];
    for (const type of ["error", "retry", "halt"] as const) {
      set.addEventListener(type, (event) => told.push(event));
    }
    const calls = emulator.calls.length;
    forgetSession();
    await clock.advance(hour);
    assertEquals(told.map(({ type }) => type), ["error", "halt"]);
    assertStringIncludes(set.haltReason ?? "", "the session token has expired");
    assertEquals([emulator.calls.length, clock.sleeping], [calls, 0]);
  },
});
