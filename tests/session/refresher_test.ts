import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { ExpiredError } from "../../src/errors.ts";
import type { CredentialEvent } from "../../src/session/events.ts";
import { refreshWindow } from "../../src/session/schedule.ts";
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
    assertEquals(set.haltReason, "the lifetime of 1d12h has ended");
    assertEquals(clock.sleeping, 0);
  },
});
