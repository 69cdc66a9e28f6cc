import { assertEquals } from "@std/assert";
import { createGuard } from "../../src/server/guard.ts";

const guard = createGuard(9911);

interface Sent {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function statusOf(
  { url = "http://127.0.0.1:9911/a", method = "GET", headers = {} }: Sent,
  isTrusted = false,
) {
  const request = new Request(url, { method, headers: { host: "127.0.0.1:9911", ...headers } });
  return guard(request, isTrusted)?.status;
}

const passed: readonly (readonly [string, Sent])[] = [
  ["an SDK", { headers: { accept: "application/json", "user-agent": "Boto3/1.0" } }],
  ["localhost", { url: "http://localhost:9911/a", headers: { host: "localhost:9911" } }],
  ["an empty body", { method: "PUT", headers: { "content-length": "0" } }],
];

for (const [what, sent] of passed) {
  Deno.test({
    name: `the guard lets ${what} pass`,
    permissions: "none",
    fn: () => assertEquals(statusOf(sent), undefined),
  });
}

const usual = createGuard(80);

for (const host of ["127.0.0.1", "127.0.0.1:80", "localhost", "localhost:80"]) {
  Deno.test({
    name: `the guard of port 80 lets ${host} pass, and nothing else`,
    permissions: "none",
    fn() {
      const statusFor = (url: string, sent: string) =>
        usual({ url, method: "GET", headers: new Headers({ host: sent }) } as Request)?.status;
      assertEquals(statusFor(`http://${host}/a`, host), undefined);
      assertEquals(usual(new Request(`http://${host}/a`, { headers: { host } })), undefined);
      assertEquals(statusFor("http://evil.example/a", host), 403);
      assertEquals(statusFor(`http://${host}/a`, "evil.example"), 403);
      assertEquals(statusFor(`http://${host}/a`, "127.0.0.1:81"), 403);
    },
  });
}

const rebound = "http://evil.example:9911/a";
const refused: readonly (readonly [string, number, Sent])[] = [
  ["a rebound name", 403, { url: rebound, headers: { host: "evil.example:9911" } }],
  ["a rebound name in an absolute request line", 403, { url: rebound }],
  ["another port in Host", 403, { headers: { host: "127.0.0.1:80" } }],
  ["Host without the port", 403, { headers: { host: "127.0.0.1" } }],
  ["two hosts", 403, { headers: { host: "127.0.0.1:9911, evil.example" } }],
  ["localhost with a dot", 403, {
    url: "http://localhost.:9911/a",
    headers: { host: "localhost.:9911" },
  }],
  ["another loopback address", 403, {
    url: "http://127.0.0.2:9911/a",
    headers: { host: "127.0.0.2:9911" },
  }],
  ["an Origin", 403, { headers: { origin: "https://evil.example" } }],
  ["the Origin null", 403, { headers: { origin: "null" } }],
  ["its own Origin", 403, { headers: { origin: "http://127.0.0.1:9911" } }],
  ["a browser's fetch", 403, { headers: { "sec-fetch-site": "cross-site" } }],
  ["a browser's address line", 403, { headers: { "sec-fetch-site": "none" } }],
  ["a preflight", 403, { method: "OPTIONS" }],
  ["a proxy", 403, { headers: { "x-forwarded-for": "10.0.0.1" } }],
  ["a proxy of the standard", 403, { headers: { forwarded: "for=10.0.0.1" } }],
  ["a long URL", 414, { url: `http://127.0.0.1:9911/${"a".repeat(5_000)}` }],
  ["a preflight in disguise", 403, { headers: { "access-control-request-method": "GET" } }],
  ["a body", 413, { method: "PUT", headers: { "content-length": "1" } }],
  ["a body without a length", 413, { method: "PUT", headers: { "transfer-encoding": "chunked" } }],
];

const manyHeaders: readonly [string, number, Sent] = [
  "many headers",
  431,
  { headers: { "x-a": "a".repeat(20_000) } },
];

for (const [what, status, sent] of [...refused, manyHeaders]) {
  Deno.test({
    name: `the guard refuses ${what} with ${status}`,
    permissions: "none",
    fn: () => assertEquals(statusOf(sent), status),
  });
}

for (const [what, status, sent] of refused) {
  Deno.test({
    name: `the guard refuses ${what} with ${status}, whoever has the token`,
    permissions: "none",
    fn: () => assertEquals(statusOf(sent, true), status),
  });
}

Deno.test({
  name: "the guard does not measure the headers of who has the token",
  permissions: "none",
  fn: () => assertEquals(statusOf(manyHeaders[2], true), undefined),
});

Deno.test({
  name: "the guard refuses a request without Host",
  permissions: "none",
  fn() {
    assertEquals(guard(new Request("http://127.0.0.1:9911/a"))?.status, 403);
  },
});

const own = "127.0.0.1:9911";

function failureOf(headers: Readonly<Record<string, string>>, path = "/a") {
  return guard(new Request(`http://${own}${path}`, { headers: { host: own, ...headers } }));
}

const words: readonly (readonly [ReturnType<typeof guard>, string, string])[] = [
  [failureOf({ host: "evil.example" }), "Forbidden", `wanted the Host ${own}`],
  [failureOf({ origin: "null" }), "Forbidden", "browsers are refused"],
  [
    failureOf({ forwarded: "for=10.0.0.1" }),
    "Forbidden",
    "requests that were passed on for others are refused",
  ],
  [failureOf({ "content-length": "1" }), "TooLarge", "wanted no body"],
  [failureOf({}, `/${"a".repeat(5_000)}`), "TooLarge", "wanted a URL of at most 4096 characters"],
  [
    failureOf({ "x-a": "a".repeat(20_000) }),
    "TooLarge",
    "wanted at most 16384 characters of headers",
  ],
];

for (const [failure, code, why] of words) {
  Deno.test({
    name: `the guard says: ${why}`,
    permissions: "none",
    fn() {
      assertEquals([failure?.code, failure?.message], [code, `Cannot serve this request: ${why}`]);
    },
  });
}

Deno.test({
  name: "the guard takes a URL and headers of the size that it names, and not a character more",
  permissions: "none",
  fn() {
    const urlRest = 4_096 - `http://${own}/`.length;
    assertEquals(failureOf({}, `/${"a".repeat(urlRest)}`), undefined);
    assertEquals(failureOf({}, `/${"a".repeat(urlRest + 1)}`)?.status, 414);
    const headerRest = 16_384 - `host${own}x-a`.length;
    assertEquals(failureOf({ "x-a": "a".repeat(headerRest) }), undefined);
    assertEquals(failureOf({ "x-a": "a".repeat(headerRest + 1) })?.status, 431);
  },
});
