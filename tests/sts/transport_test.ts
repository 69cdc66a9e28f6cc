import { assertEquals, assertRejects } from "@std/assert";
import { Transport } from "../../src/sts/transport.ts";
import { settle } from "../settle.ts";

const request = {
  method: "POST",
  protocol: "https:",
  hostname: "sts.eu-west-1.amazonaws.com",
  path: "/",
  headers: {},
};

Deno.test({
  name: "an answer that comes in the moment of the time limit counts as none",
  permissions: "none",
  async fn() {
    const due = Promise.withResolvers<void>();
    const answers: unknown[] = [];
    const transport = new Transport({
      clock: { now: () => 0, sleep: () => due.promise },
      network: {
        async fetch() {
          await due.promise;
          const response = new Response();
          // As when the body is there already.
          return Object.assign(response, {
            arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)),
          });
        },
      },
      timeoutMs: 10_000,
      onResponse: (seen) => answers.push(seen),
    });
    const handled = transport.handle(request);
    due.resolve();
    await assertRejects(() => handled, DOMException, "no response within 10 s");
    await settle();
    assertEquals([transport.seen, answers], [undefined, []]);
  },
});

Deno.test({
  name: "a request to another scheme, host or port than the endpoint's is not sent",
  permissions: "none",
  async fn() {
    const sent: string[] = [];
    const transport = new Transport({
      clock: { now: () => 0, sleep: () => new Promise(() => {}) },
      network: {
        fetch(request) {
          sent.push(request.url);
          return Promise.resolve(new Response());
        },
      },
      origin: "https://sts.eu-west-1.amazonaws.com",
      timeoutMs: 10_000,
    });
    const others = [
      { protocol: "http:" },
      { protocol: "http:", port: 443 },
      { port: 8443 },
      { hostname: "sts.eu-west-1.amazonaws.com.example.com" },
      { hostname: "user@example.com" },
      { hostname: "sts.eu-west-1.amazonaws.com@example.com" },
      { hostname: "sts.eu-west-1.amazonaws.com", path: ".example.com/" },
      { hostname: "sts.eu-west-1.amazonaws.com", path: "@example.com/" },
    ];
    for (const other of others) {
      await assertRejects(
        () => transport.handle({ ...request, ...other }),
        Error,
        "the endpoint is",
      );
    }
    await transport.handle(request);
    await transport.handle({ ...request, port: 443 });
    assertEquals(sent, Array(2).fill("https://sts.eu-west-1.amazonaws.com/"));
  },
});

Deno.test({
  name:
    "an exchange is ended where it is not over, and only there; what was stopped before is not sent",
  permissions: "none",
  async fn() {
    const ends: AbortSignal[] = [];
    const transportOf = (answer: () => Promise<Response>, signal?: AbortSignal, limit = false) =>
      new Transport({
        clock: {
          now: () => 0,
          sleep: (_ms, { signal } = {}) =>
            limit ? Promise.resolve() : new Promise((_, reject) => {
              if (signal?.aborted) return reject(signal.reason);
              signal?.addEventListener("abort", () => reject(signal.reason));
            }),
        },
        network: {
          fetch(request) {
            ends.push(request.signal);
            return answer();
          },
        },
        timeoutMs: 1_000,
        signal,
      });
    await transportOf(() => Promise.resolve(new Response())).handle(request);
    await assertRejects(() =>
      transportOf(() => new Promise(() => {}), undefined, true).handle(request)
    );
    const reason = new Error("stopped before");
    const stopped = transportOf(() => new Promise(() => {}), AbortSignal.abort(reason));
    await assertRejects(() => stopped.handle(request), Error, "stopped before");
    assertEquals(ends.map(({ aborted }) => aborted), [false, true]);
  },
});
