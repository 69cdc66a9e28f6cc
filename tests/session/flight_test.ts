import { assertEquals, assertRejects } from "@std/assert";
import { SingleFlight } from "../../src/session/flight.ts";

Deno.test({
  name: "SingleFlight starts work once for everybody who waits, and again once it is over",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<number>();
    let started = 0;
    const start = () => Promise.resolve(++started);
    const answers = await Promise.all([1, 2, 3].map(() => flights.run("a", undefined, start)));
    assertEquals(answers, [1, 1, 1]);
    assertEquals(await flights.run("a", undefined, start), 2);
  },
});

Deno.test({
  name:
    "SingleFlight keeps the work going while somebody still waits, and aborts it when nobody does",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<string>();
    const [first, second] = [new AbortController(), new AbortController()];
    let work: AbortSignal | undefined;
    const { promise, resolve } = Promise.withResolvers<string>();
    const start = (signal: AbortSignal) => {
      work = signal;
      return promise;
    };
    const one = flights.run("a", first.signal, start);
    const two = flights.run("a", second.signal, start);
    first.abort(new Error("one has left"));
    await assertRejects(() => one, Error, "one has left");
    assertEquals(work?.aborted, false);
    second.abort(new Error("two has left"));
    await assertRejects(() => two, Error, "two has left");
    assertEquals(work?.aborted, true);
    resolve("too late");
  },
});

Deno.test({
  name: "SingleFlight shares a failure, and does not remember it",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<number>();
    const fail = () => Promise.reject(new Error("no"));
    const settled = await Promise.allSettled([
      flights.run("a", undefined, fail),
      flights.run("a", undefined, fail),
    ]);
    assertEquals(settled.map((one) => one.status), ["rejected", "rejected"]);
    assertEquals(await flights.run("a", undefined, () => Promise.resolve(7)), 7);
  },
});
