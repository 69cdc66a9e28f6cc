import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { StsavalError, StsError } from "../../../src/errors.ts";
import { combineFailures, runBatch } from "../../../src/session/set/batch.ts";

Deno.test({
  name: "runBatch() keeps the order, bounds what runs at once, and keeps failures beside results",
  permissions: "none",
  async fn() {
    let running = 0;
    let most = 0;
    const outcomes = await runBatch([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < 8 - item; turn++) await Promise.resolve();
      running--;
      if (item === 4) throw new Error("four");
      return item * 10;
    });
    assertEquals(most, 3);
    assertEquals(
      outcomes.map((one) => one.ok ? one.value : String(one.error)),
      [10, 20, 30, "Error: four", 50, 60, 70],
    );
    assertEquals(await runBatch([], 3, () => Promise.resolve(1)), []);
  },
});

Deno.test({
  name: "combineFailures() gives one error as it is, and lists several under the first one's code",
  permissions: "none",
  fn() {
    const denied = new StsError("Denied", { operation: "AssumeRole", hint: "ask" });
    assertStrictEquals(combineFailures([{ profile: "a", error: denied }], 3), denied);
    const same = [{ profile: "a", error: denied }, { profile: "b", error: denied }];
    assertStrictEquals(combineFailures(same, 3), denied);
    const again = new StsError("Denied", { operation: "AssumeRole", hint: "ask" });
    const equal = [{ profile: "a", error: denied }, { profile: "b", error: again }];
    assertStrictEquals(combineFailures(equal, 3), denied);
    const other = new StsError("Denied", { operation: "AssumeRole", hint: "wait" });
    const differing = combineFailures([{ profile: "a", error: denied }, {
      profile: "b",
      error: other,
    }], 3);
    assertInstanceOf(differing, StsavalError);
    assertEquals(differing.message, '2 of 3 profiles failed:\n  "a": Denied\n  "b": Denied');
    const combined = combineFailures([...same, { profile: "c", error: new Error("broken") }], 3);
    assertInstanceOf(combined, StsavalError);
    assertEquals(combined.code, "STS_REFUSED");
    assertEquals(combined.hint, "ask");
    assertEquals(
      combined.message,
      '3 of 3 profiles failed:\n  "a": Denied\n  "b": Denied\n  "c": broken',
    );
  },
});
