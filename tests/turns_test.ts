import { assert, assertEquals, assertRejects } from "@std/assert";
import { Turns } from "../src/turns.ts";

Deno.test({
  name: "take() gives at most so many turns at once, in the order of asking",
  permissions: "none",
  async fn() {
    const turns = new Turns(2);
    const order: string[] = [];
    let running = 0;
    const work = async (name: string) => {
      using _turn = await turns.take();
      assert(++running <= 2);
      order.push(name);
      await Promise.resolve();
      running--;
    };
    await Promise.all(["a", "b", "c", "d", "e"].map(work));
    assertEquals(order, ["a", "b", "c", "d", "e"]);
    assert(turns.idle);
  },
});

Deno.test({
  name: "an aborted signal ends the wait with its reason, and the turn goes to the next",
  permissions: "none",
  async fn() {
    const turns = new Turns(1);
    const held = await turns.take();
    const controller = new AbortController();
    const leaving = turns.take(controller.signal);
    const next = turns.take();
    controller.abort(new Error("halt"));
    await assertRejects(() => leaving, Error, "halt");
    await assertRejects(() => turns.take(controller.signal), Error, "halt");
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    assert(turns.idle);
  },
});
