import { assertEquals } from "@std/assert";
import { DueQueue } from "../../src/refresh/due_queue.ts";
import { seededRandom } from "../fake_system.ts";

Deno.test({
  name: "DueQueue gives a thousand items in the order in which they are due",
  permissions: "none",
  fn() {
    const random = seededRandom(7);
    const queue = new DueQueue<number>();
    const dues = Array.from({ length: 1_000 }, () => Math.floor(random.number() * 500));
    for (const due of dues) queue.push(due, due);
    const given: number[] = [];
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) given.push(item);
    assertEquals(given, dues.toSorted((a, b) => a - b));
    assertEquals(queue.size, 0);
  },
});

Deno.test({
  name: "DueQueue.popDue() keeps what is not due yet",
  permissions: "none",
  fn() {
    const queue = new DueQueue<string>();
    queue.push(10, "a");
    queue.push(5, "b");
    assertEquals(queue.nextDue, 5);
    assertEquals(queue.popDue(4), undefined);
    assertEquals(queue.popDue(5), "b");
    assertEquals(queue.popDue(5), undefined);
    queue.clear();
    assertEquals([queue.size, queue.nextDue], [0, Infinity]);
  },
});

Deno.test({
  name: "DueQueue is empty until something is in it, and after the last item",
  permissions: "none",
  fn() {
    const queue = new DueQueue<string>();
    assertEquals([queue.pop(), queue.popDue(Infinity), queue.size], [undefined, undefined, 0]);
    for (const item of ["one", "two"]) {
      queue.push(1, item);
      assertEquals([queue.size, queue.pop(), queue.size, queue.pop()], [1, item, 0, undefined]);
    }
  },
});
