import { assertEquals, assertRejects } from "@std/assert";
import { abortable } from "../src/abortable.ts";

Deno.test({
  name: "abortable() gives what the work comes to",
  permissions: "none",
  async fn() {
    assertEquals(await abortable(() => Promise.resolve(1), undefined), 1);
    assertEquals(await abortable(() => Promise.resolve(2), new AbortController().signal), 2);
  },
});

Deno.test({
  name: "abortable() rejects as soon as the signal aborts, and begins nothing when it has",
  permissions: "none",
  async fn() {
    const controller = new AbortController();
    const waiting = abortable(() => new Promise(() => {}), controller.signal);
    controller.abort(new Error("over"));
    await assertRejects(() => waiting, Error, "over");
    let begun = false;
    const work = () => {
      begun = true;
      return Promise.resolve();
    };
    await assertRejects(() => abortable(work, controller.signal), Error, "over");
    assertEquals(begun, false);
  },
});
