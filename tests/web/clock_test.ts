import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { createClock } from "../../src/web/clock.ts";

Deno.test({
  name: "a turn ends although the time is faked after the clock was loaded",
  permissions: "none",
  async fn() {
    const { setTimeout: real } = globalThis;
    let faked = 0;
    const fake = () => ++faked;
    try {
      Object.assign(globalThis, { setTimeout: fake });
      await createClock(() => {}).nextTurn?.();
    } finally {
      Object.assign(globalThis, { setTimeout: real });
    }
    assert(faked === 0);
  },
});

Deno.test({
  name: "a wait ends by itself, or by its signal with the signal's reason, and leaves no timer",
  permissions: "none",
  async fn() {
    const unrefs: unknown[] = [];
    const { sleep } = createClock((timer) => void unrefs.push(timer));
    assertStrictEquals(await sleep(0), undefined);
    const reason = new Error("halt");
    const before = AbortSignal.abort(reason);
    assertStrictEquals(await assertRejects(() => sleep(3_600_000, { signal: before })), reason);
    const controller = new AbortController();
    const { signal } = controller;
    const during = sleep(3_600_000, { signal });
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => during), reason);
    await sleep(0, { signal: new AbortController().signal });
    assertEquals(unrefs, []);
    await sleep(0, { keepAlive: false });
    assertEquals(unrefs.length, 1);
  },
});
