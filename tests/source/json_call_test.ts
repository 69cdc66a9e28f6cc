import { assertEquals, assertRejects } from "@std/assert";
import { SourceError, UsageError } from "../../src/errors.ts";
import { callJson } from "../../src/source/json_call.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";

/** Calls a service that gives these responses, the last of them for ever; "gone" is no response. */
async function call(...responses: readonly (number | "gone")[]) {
  const clock = new VirtualClock();
  let calls = 0;
  const fetch = (): Promise<Response> => {
    const next = responses[Math.min(calls++, responses.length - 1)];
    return next === "gone" || next === undefined
      ? Promise.reject(new TypeError("connection refused"))
      : Promise.resolve(new Response("{}", { status: next }));
  };
  const running = callJson({
    system: { clock, network: { fetch }, random: seededRandom() },
    signal: new AbortController().signal,
  }, {
    ...{ source: "sso", operation: "ListAccounts", method: "GET", url: "https://example.com" },
    ...{ secrets: [], throttledAttempts: 50 },
  });
  let isDone = false;
  running.catch(() => {}).finally(() => isDone = true);
  while (!isDone) await clock.advance(1_000);
  return { running, calls };
}

Deno.test("a service that cannot be reached is given up after three attempts, however patient its limit makes the caller", async () => {
  for (const wrong of ["gone", 503] as const) {
    const { running, calls } = await call(wrong);
    const error = await assertRejects(() => running, SourceError, "after 3 attempts");
    assertEquals([error.code, calls], ["SOURCE_UNREACHABLE", 3]);
  }
});

Deno.test("turned away as one of too many, a call is tried again and again", async () => {
  const { running, calls } = await call(
    ...Array(20).fill(429),
    "gone",
    ...Array(20).fill(429),
    200,
  );
  assertEquals([(await running).status, calls], [200, 42]);
});

Deno.test("in the end that is given up too", async () => {
  const { running, calls } = await call(429);
  await assertRejects(() => running, SourceError, "HTTP 429");
  assertEquals(calls, 50);
});

Deno.test("a host that may not be called is called once, and named", async () => {
  let calls = 0;
  const fetch = () => {
    calls++;
    return Promise.reject(new Deno.errors.NotCapable('Requires net access to "example.com:443"'));
  };
  const clock = new VirtualClock();
  const error = await assertRejects(() =>
    callJson({
      system: { clock, network: { fetch }, random: seededRandom() },
      signal: new AbortController().signal,
    }, {
      ...{ source: "sso", operation: "ListAccounts", method: "GET", url: "https://example.com" },
      secrets: [],
    }), UsageError);
  assertEquals(
    [error.message, calls],
    ['Cannot call "example.com": this program may not call it', 1],
  );
});

Deno.test("a value that no header may hold is not sent, and not shown", async () => {
  let calls = 0;
  const fetch = () => Promise.resolve(new Response(String(++calls)));
  for (const value of ["a\r\nX-Other: 1", "a\u0000", "\u1234"]) {
    const error = await assertRejects(() =>
      callJson({
        system: { clock: new VirtualClock(), network: { fetch }, random: seededRandom() },
        signal: new AbortController().signal,
      }, {
        ...{ source: "sso", operation: "GetIdToken", method: "GET", url: "https://example.com" },
        ...{ secrets: [], headers: { authorization: `Bearer ${value}` } },
      }), SourceError);
    assertEquals(
      error.message,
      'Cannot call GetIdToken at example.com: the value of its header "authorization" holds a ' +
        "character that no header may hold, such as a line break",
    );
  }
  assertEquals(calls, 0);
});
