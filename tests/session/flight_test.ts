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
  name:
    "SingleFlight ends what else was begun with its signal when the work is over, however it ended",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<string>();
    const signals: AbortSignal[] = [];
    const outcomes = [() => Promise.resolve("made"), () => Promise.reject(new Error("no"))];
    for (const outcome of outcomes) {
      const start = (signal: AbortSignal) => {
        signals.push(signal);
        return outcome();
      };
      await flights.run("a", new AbortController().signal, start).catch(() => {});
    }
    assertEquals(signals.map(({ aborted }) => aborted), [true, true]);
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

Deno.test({
  name: "SingleFlight starts nothing for a signal that has aborted, and tells its reason",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<number>();
    let begun = 0;
    const work = () => Promise.resolve(++begun);
    const gone = AbortSignal.abort(new Error("halt"));
    await assertRejects(async () => await flights.run("a", gone, work), Error, "halt");
    assertEquals(begun, 0);
    assertEquals(await flights.run("a", undefined, work), 1);
    // Whoever comes while it flies gets the same, but not with a signal that has aborted.
    const pending = Promise.withResolvers<number>();
    const first = flights.run("b", undefined, () => pending.promise);
    await assertRejects(async () => await flights.run("b", gone, work), Error, "halt");
    const second = flights.run("b", undefined, work);
    pending.resolve(7);
    assertEquals([await first, await second, begun], [7, 7, 1]);
  },
});

Deno.test({
  name: "SingleFlight ends its work when the last waiter has gone, and says why",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<number>();
    const controllers = [new AbortController(), new AbortController()];
    let inner: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      inner = signal;
      return new Promise<number>((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      );
    };
    const waits = controllers.map(({ signal }) =>
      Promise.resolve(flights.run("a", signal, work)).catch((error: Error) => error.message)
    );
    controllers[0]?.abort(new Error("first"));
    assertEquals([await waits[0], inner?.aborted], ["first", false]);
    controllers[1]?.abort(new Error("second"));
    assertEquals([await waits[1], inner?.aborted], ["second", true]);
    assertEquals((inner?.reason as DOMException).name, "AbortError");
    assertEquals((inner?.reason as DOMException).message, "All waiters have gone");
    assertEquals(await flights.run("a", undefined, () => Promise.resolve(2)), 2);
  },
});

Deno.test({
  name: "SingleFlight is settled once the work of callers that have gone has ended too",
  permissions: "none",
  async fn() {
    const flights = new SingleFlight<number>();
    await flights.settled();
    const work = Promise.withResolvers<number>();
    const controller = new AbortController();
    const call = flights.run("a", controller.signal, () => work.promise);
    controller.abort(new Error("gone"));
    await assertRejects(() => call, Error, "gone");
    let isSettled = false;
    const settled = flights.settled().then(() => isSettled = true);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(isSettled, false);
    work.reject(new Error("too late"));
    await settled;
  },
});
