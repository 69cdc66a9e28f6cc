import { assert } from "@std/assert";
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
