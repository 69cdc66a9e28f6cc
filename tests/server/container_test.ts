import { assert, assertEquals, assertMatch } from "@std/assert";
import { Credentials, neverEnds } from "../../src/credentials.ts";
import {
  ConfigError,
  ExpiredError,
  MfaError,
  ProfileError,
  SourceError,
  StsError,
  UsageError,
} from "../../src/errors.ts";
import { createServer } from "../../src/server/credential_server.ts";
import type { ServedCredentials } from "../../src/server/served_credentials.ts";
import { seededRandom } from "../fake_system.ts";
import { serving, someCredentials } from "./served.ts";

const port = 9911;

function serverOf(served: ServedCredentials = serving({ dev: someCredentials() })) {
  const server = createServer(served, { port, random: seededRandom() });
  const urlOf = (profile: string) =>
    server.variables(profile)["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
  const ask = (url: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
    server.handle(
      new Request(url, {
        ...init,
        headers: { host: `127.0.0.1:${port}`, authorization: server.token, ...headers },
      }),
    );
  return { server, urlOf, ask };
}

Deno.test("the container endpoint answers as Amazon ECS does, to the second and kept by nobody", async () => {
  const { ask, urlOf } = serverOf();
  const response = ask(urlOf("dev"));
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.headers.get("cache-control"), "no-store, no-transform");
  assertEquals(await response.json(), {
    AccessKeyId: "ASIAEXAMPLEEXAMPLE00",
    SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    Token: "the-session-token",
    Expiration: "2026-01-01T01:00:00Z",
    AccountId: "123456789012",
    RoleArn: "arn:aws:iam::123456789012:role/team/Deploy",
  });
});

Deno.test("the path and the token of a server hold 16 and 32 random bytes, and no two are alike", () => {
  const random = seededRandom();
  const made = Array.from({ length: 50 }, () => {
    const server = createServer(serving({ dev: someCredentials() }), { port, random });
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = "" } = server.variables("dev");
    assertMatch(url, /^http:\/\/127\.0\.0\.1:9911\/[\w-]{22}\/dev$/);
    assertMatch(server.token, /^[\w-]{43}$/);
    return [url, server.token];
  });
  assertEquals(new Set(made.flat()).size, 100);
});

const names = ["a b", "a/b", "ä", "100%", "a?b", "a#b", "'", '"', "a\nb", "x".repeat(300)];

Deno.test("a profile of any name has a path of its own, with a slash at its end or without", async () => {
  const entries = Object.fromEntries(names.map((name, i) => [name, someCredentials(`ASIA${i}`)]));
  const { ask, urlOf } = serverOf(serving(entries));
  for (const [index, name] of names.entries()) {
    for (const url of [urlOf(name), `${urlOf(name)}/`, `${urlOf(name)}?x=1`]) {
      const { AccessKeyId } = await ask(url).json();
      assertEquals(AccessKeyId, `ASIA${index}`, name);
    }
  }
});

Deno.test("nothing is told without the token: neither which path nor which profile is right", async () => {
  const { ask, server, urlOf } = serverOf();
  const other = createServer(serving({ dev: someCredentials() }), { port });
  const wrong = [
    "",
    "x",
    server.token.slice(0, -1),
    `${server.token}x`,
    ` ${server.token.slice(1)}`,
    `Bearer ${server.token}`,
    server.token.toLowerCase(),
    other.token,
    "x".repeat(10_000),
  ];
  for (const authorization of wrong) {
    const bodies = new Set<string>();
    for (const url of [urlOf("dev"), `${urlOf("dev")}x`, `http://127.0.0.1:${port}/`]) {
      const response = ask(url, {}, { authorization });
      assertEquals(response.status, 401, authorization);
      bodies.add(await response.text());
    }
    assertEquals(bodies.size, 1);
  }
  const bare = server.handle(new Request(urlOf("dev"), { headers: { host: `127.0.0.1:${port}` } }));
  assertEquals(bare.status, 401);
});

Deno.test("with the token, another path, profile or method is refused in words that name none that exists", async () => {
  const { ask, urlOf } = serverOf();
  const cases: readonly (readonly [string, RequestInit, number])[] = [
    [`http://127.0.0.1:${port}/`, {}, 404],
    [`http://127.0.0.1:${port}/dev`, {}, 404],
    [`http://127.0.0.1:${port}/AAAAAAAAAAAAAAAAAAAAAA/dev`, {}, 404],
    [urlOf("dev").replace(/dev$/, ""), {}, 404],
    [urlOf("dev").replace(/dev$/, "qa"), {}, 404],
    [urlOf("dev").replace(/dev$/, "%zz"), {}, 404],
    [urlOf("dev"), { method: "POST" }, 405],
    [urlOf("dev"), { method: "PUT" }, 405],
    [urlOf("dev"), { method: "DELETE" }, 405],
  ];
  for (const [url, init, status] of cases) {
    const response = ask(url, init);
    assertEquals(response.status, status, `${init.method} ${url}`);
    // RFC 9110, section 15.5.6.
    assertEquals(response.headers.get("allow"), status === 405 ? "GET, HEAD" : null);
    assert(!(await response.text()).includes("Secret"));
  }
  assertEquals(ask(urlOf("dev"), { method: "HEAD" }).status, 200);
});

Deno.test("a refusal says what was wanted, under the code that tells its kind", async () => {
  const { ask, urlOf } = serverOf();
  const cases: readonly (readonly [Response, string, string])[] = [
    [
      ask(urlOf("dev"), {}, { authorization: "x" }),
      "Unauthorized",
      "Cannot serve credentials: wanted the token of AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ],
    [
      ask(`http://127.0.0.1:${port}/dev`),
      "NotFound",
      "Cannot serve credentials: wanted the path of AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ],
    [
      ask(urlOf("dev").replace(/dev$/, "qa")),
      "NotFound",
      'Cannot serve profile "qa": it was not named at the start',
    ],
  ];
  for (const [response, code, message] of cases) {
    assertEquals(await response.json(), { code, message, Code: code, Message: message });
  }
});

const refused = new StsError("Cannot assume role: AccessDenied", {
  operation: "AssumeRole",
  awsCode: "AccessDenied",
});
const expired = (cause?: unknown) =>
  new ExpiredError("the credentials expired", { hint: "do this", ...(cause ? { cause } : {}) });

const failures: readonly (readonly [string, Error, string | undefined, number, string])[] = [
  ["STS refuses the role", expired(refused), undefined, 403, "AccessDenied"],
  [
    "a code is awaited",
    new MfaError("expired, a code is awaited"),
    undefined,
    503,
    "ServiceUnavailable",
  ],
  ["a renewal is under way", expired(), undefined, 503, "ServiceUnavailable"],
  [
    "the session token has expired",
    expired(new StsError("x", { operation: "AssumeRole", awsCode: "ExpiredToken" })),
    undefined,
    503,
    "ServiceUnavailable",
  ],
  ["the lifetime has ended", expired(), "the lifetime of 1h has ended", 403, "ExpiredToken"],
  ["the profile is broken", new ProfileError([]), undefined, 403, "AccessDenied"],
  [
    "STS refuses without a code of its own",
    new StsError("x", { operation: "AssumeRole" }),
    undefined,
    403,
    "AccessDenied",
  ],
  ["the file is broken", new ConfigError("x", { file: "a" }, "y"), undefined, 403, "AccessDenied"],
  ["an option is wrong", new UsageError("x"), undefined, 403, "AccessDenied"],
  [
    "a source refuses",
    new SourceError("SOURCE_REFUSED", "sso", "x"),
    undefined,
    403,
    "AccessDenied",
  ],
  [
    "a source cannot be reached",
    new SourceError("SOURCE_UNREACHABLE", "sso", "x"),
    undefined,
    503,
    "ServiceUnavailable",
  ],
  ["the program is broken", new TypeError("the secret"), undefined, 503, "ServiceUnavailable"],
];

for (const [what, error, ended, status, code] of failures) {
  Deno.test(`the container endpoint answers ${status} when ${what}, in every SDK's words`, async () => {
    const { ask, urlOf } = serverOf(serving({ dev: error }, ended));
    const response = ask(urlOf("dev"));
    assertEquals(response.status, status);
    assertEquals(response.headers.get("content-type"), "application/json");
    const body = await response.json();
    assertEquals([body.code, body.Code], [code, code]);
    assertEquals(body.message, body.Message);
    assert(!body.message.includes("the secret"));
    if (error instanceof ExpiredError) {
      assertEquals(body.message, "the credentials expired; do this");
    } else if (error instanceof TypeError) {
      assertEquals(body.message, "Cannot read the credentials: internal error");
    } else if (error instanceof ProfileError) {
      assertEquals(body.message, `${error.message}; 'stsaval profiles' lists the known profiles`);
    } else {
      assertEquals(body.message, error.message);
    }
  });
}

Deno.test("variables() of a profile that is not served says which one was meant", () => {
  const { server } = serverOf();
  let message = "";
  try {
    server.variables("devv");
  } catch (error) {
    message = String(error);
  }
  assertMatch(message, /Cannot serve profile "devv": the set does not hold it/);
});

Deno.test("keys that never end are served with the last second that every SDK can read", async () => {
  const keys = new Credentials({
    ...{ AccessKeyId: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "secret", SessionToken: "" },
    ...{ StartTime: new Date(0), Expiration: new Date(neverEnds) },
  });
  const { ask, urlOf } = serverOf(serving({ dev: keys }));
  const { Expiration, Token } = await ask(urlOf("dev")).json();
  assertEquals([Expiration, Token], ["9999-12-31T23:59:59Z", ""]);
});

Deno.test("the headers of a request without the token are measured before its token is missed", () => {
  const { ask, urlOf } = serverOf();
  const large = { "x-a": "a".repeat(20_000) };
  assertEquals(ask(urlOf("dev"), {}, { ...large, authorization: "x" }).status, 431);
  // Whoever has the token may send what the runtime takes.
  assertEquals(ask(urlOf("dev"), {}, large).status, 200);
});
