/**
 * A set whose STS is down: how often it is called, what is told, and how fast everything comes back.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ExpiredError, StsUnreachableError } from "../../src/errors.ts";
import type { CredentialEvent } from "../../src/refresh/events.ts";
import { mostCallsPerSecond } from "../../src/schedule.ts";
import { readAll, simulate, type Simulation } from "./simulation.ts";

const minute = 60_000;
const hour = 60 * minute;

/** The most calls in any stretch of that length. */
function busiest(times: readonly number[], lengthMs: number): number {
  let [first, most] = [0, 0];
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? 0) <= at - lengthMs) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** When STS was called, but for the first so many times. */
function callTimes({ emulator }: Simulation, known: number, to = Infinity): number[] {
  return emulator.calls.slice(known).map(({ at }) => at).filter((at) => at < to);
}

function listen({ set }: Simulation): CredentialEvent[] {
  const events: CredentialEvent[] = [];
  for (const type of ["refresh", "retry", "error", "halt"] as const) {
    set.addEventListener(type, (event) => events.push(event));
  }
  return events;
}

const outages = [
  ["drops every connection", { kind: "drop" }],
  ["throttles every call", { kind: "throttle" }],
  ["fails every call", { kind: "fail", code: "ServiceUnavailable", status: 503 }],
] as const;

for (const [name, effect] of outages) {
  for (const began of [0, 2 * hour]) {
    Deno.test({
      name: `1,000 profiles, STS ${name} for 90 minutes from hour ${began / hour}: one probe`,
      permissions: "none",
      async fn() {
        const simulation = await simulate({
          profiles: 1_000,
          roleSeconds: 3_600,
          lifetimeSeconds: 36 * 3_600,
        });
        const { clock, emulator, set } = simulation;
        await clock.advance(began);
        const events = listen(simulation);
        const before = emulator.calls.length;
        emulator.faults.push({ effect });
        await clock.advance(90 * minute);
        assertEquals(set.usable(), {});
        const end = clock.now();
        emulator.faults.length = 0;
        await clock.advance(20_000);
        assertEquals(readAll(set).length, 1_000);

        const down = callTimes(simulation, before, end);
        const back = callTimes(simulation, before + down.length);
        const firstSecond = back.filter((at) => at < (back[0] ?? 0) + 1_000).length;
        console.log(
          `down: ${down.length} calls, at most ${busiest(down, 1_000)} in a second and ` +
            `${busiest(down, minute)} in a minute; back after ${
              ((back[0] ?? 0) - end) / 1_000
            } s ` +
            `with ${firstSecond} calls in the first second`,
        );
        // Those that were under way when it went down, then one by one.
        assert(busiest(down, 1_000) <= 16);
        assert(busiest(down.slice(16), 1_000) <= 2);
        assert(busiest(down, minute) <= 60);
        assert((back[0] ?? Infinity) - end <= 5_000, "the probe comes soon");
        assertGreater(firstSecond, 119);
        assert(busiest(back, 1_000) <= mostCallsPerSecond);

        const errors = events.filter(({ type }) => type === "error");
        assertEquals(errors.length, 1_000, "each expiry is told once");
        assertEquals(new Set(errors.map(({ profile }) => profile)).size, 1_000);
        assert(errors.every(({ error }) => error instanceof StsUnreachableError));
        assert(set.status().every(({ lastError }) => lastError === undefined));
        await set.halt();
        assertEquals(clock.sleeping, 0);
      },
    });
  }
}

Deno.test({
  name: "who waits for an endpoint that is down says so, and is over with its lifetime",
  permissions: "none",
  async fn() {
    const simulation = await simulate({
      profiles: 50,
      roleSeconds: 3_600,
      lifetimeSeconds: 3 * 3_600,
    });
    const { clock, emulator, set } = simulation;
    const events = listen(simulation);
    await clock.advance(hour);
    emulator.faults.push({ effect: { kind: "drop" } });
    await clock.advance(hour + minute);
    const error = assertThrows(() => readAll(set), ExpiredError);
    assertStringIncludes(error.message, "Cannot reach STS");
    for (const { lastError, nextRefresh } of set.status()) {
      assert(lastError instanceof StsUnreachableError);
      assert(nextRefresh !== undefined);
    }
    assertGreater(events.filter(({ type }) => type === "retry").length, 49);
    await clock.advance(hour);
    assertEquals(set.haltReason, "the lifetime of 3h has ended");
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "halt() ends the probes of an endpoint that is down",
  permissions: "none",
  async fn() {
    const simulation = await simulate({
      profiles: 50,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const { clock, emulator, set } = simulation;
    emulator.faults.push({ effect: { kind: "drop" } });
    await clock.advance(30 * minute);
    await set.halt("enough");
    const calls = emulator.calls.length;
    await clock.advance(hour);
    assertEquals([emulator.calls.length, clock.sleeping], [calls, 0]);
  },
});

Deno.test({
  name: "a role that fails by itself holds up no other role of its endpoint",
  permissions: "none",
  async fn() {
    const simulation = await simulate({
      profiles: 200,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
    });
    const { clock, emulator, set } = simulation;
    const roleArn = emulator.world.roles[3]?.arn ?? "";
    emulator.faults.push({ when: { roleArn }, effect: { kind: "drop" } });
    for (let passed = 0; passed < 3 * hour; passed += minute) {
      await clock.advance(minute);
      const left = set.status().filter((status) => status.roleArn !== roleArn);
      for (const { expires } of left) assertGreater(expires.getTime() - clock.now(), 2 * minute);
    }
    await set.halt();
  },
});

Deno.test({
  name: "an endpoint that is down holds up no role of another endpoint",
  permissions: "none",
  async fn() {
    const simulation = await simulate({
      profiles: 100,
      roleSeconds: 900,
      lifetimeSeconds: 36 * 3_600,
      regionOf: (index) => index < 50 ? "eu-west-1" : "us-east-1",
    });
    const { clock, emulator, set } = simulation;
    for (const { arn } of emulator.world.roles.slice(0, 50)) {
      emulator.faults.push({ when: { roleArn: arn }, effect: { kind: "drop" } });
    }
    const start = clock.now();
    for (let passed = 0; passed < 2 * hour; passed += minute) {
      await clock.advance(minute);
      const others = set.status().slice(50);
      for (const { expires } of others) assertGreater(expires.getTime() - clock.now(), 2 * minute);
    }
    assertEquals(Object.keys(set.usable()).length, 50);
    const dropped = emulator.calls.filter(({ at, outcome }) => at >= start && outcome !== "ok");
    assert(busiest(dropped.map(({ at }) => at), minute) <= 60);
    await set.halt();
  },
});

for (const hours of [-30, 30]) {
  Deno.test({
    name:
      `a clock that is set by ${hours} hours during an outage delays no probe by more than a minute`,
    permissions: "none",
    async fn() {
      const simulation = await simulate({
        profiles: 50,
        roleSeconds: 3_600,
        lifetimeSeconds: Infinity,
        mfa: false,
      });
      const { clock, emulator, set } = simulation;
      emulator.faults.push({ effect: { kind: "drop" } });
      await clock.advance(70 * minute);
      clock.jump(hours * hour);
      const before = emulator.calls.length;
      await clock.advance(5 * minute);
      const times = callTimes(simulation, before);
      assert(times.length >= 3, `${times.length} calls`);
      assert(busiest(times, minute) <= 60, `${busiest(times, minute)} in a minute`);
      emulator.faults.splice(0, 1, { effect: { kind: "skew", ms: -hours * hour } });
      simulation.answersTellSkew = -hours * hour;
      await clock.advance(2 * minute);
      assertEquals(Object.keys(set.usable()).length, 50);
      await set.halt();
      assertEquals(clock.sleeping, 0);
    },
  });
}

Deno.test({
  name: "everything due at once, as after a laptop's sleep, keeps to the ceiling of every second",
  permissions: "none",
  async fn() {
    const simulation = await simulate({
      profiles: 1_000,
      roleSeconds: 3_600,
      lifetimeSeconds: 36 * 3_600,
      concurrency: 1_000,
    });
    const { clock, set } = simulation;
    clock.jump(5 * hour);
    const before = simulation.emulator.calls.length;
    await clock.advance(2 * minute);
    const times = callTimes(simulation, before);
    assertEquals(readAll(set).length, 1_000);
    assert(busiest(times, 1_000) <= mostCallsPerSecond, `${busiest(times, 1_000)} in a second`);
    await set.halt();
  },
});
