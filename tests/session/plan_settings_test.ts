/**
 * Lifetimes: what is taken, and for which plans one without an end is refused.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import { checkAgainstMfa, lifetimeSeconds, planRequest } from "../../src/session/plan_settings.ts";
import { base, role, session } from "./fixtures.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("a lifetime is 15 minutes to 36 hours, or without an end; the given one counts first", () => {
  assertEquals(lifetimeSeconds({ lifetime: 5 }), 18_000);
  assertEquals(lifetimeSeconds({ lifetime: "90m", defaultLifetime: 2 }), 5_400);
  assertEquals(lifetimeSeconds({ defaultLifetime: 2 }), 7_200);
  assertEquals(lifetimeSeconds({ lifetime: Infinity }), Infinity);
  assertEquals([lifetimeSeconds({ lifetime: "15m" }), lifetimeSeconds({ lifetime: 36 })], [
    ...[900, 129_600],
  ]);
  for (const lifetime of ["14m59s", "36h1s", 0]) {
    assertThrows(() => lifetimeSeconds({ lifetime }), UsageError);
  }
});

pure("only what needs no code can be kept without an end", () => {
  const { mfaSerial: _serial, ...free } = session;
  const plan = (profile: string, parts: Partial<CredentialPlan>): CredentialPlan => ({
    ...{ profile, base, roles: [role], notices: [] },
    ...parts,
  });
  const [open, bound] = [plan("open", { session: free }), plan("bound", { session })];
  checkAgainstMfa([open, plan("plain", {})], Infinity);
  checkAgainstMfa([open, bound], 129_600);
  const error = assertThrows(
    () => checkAgainstMfa([open, bound, plan("other", { session })], Infinity),
    UsageError,
  );
  assertEquals(
    [error.message, error.hint],
    [
      'Cannot keep profile "bound" fresh forever: it needs an MFA code, and a session token lives ' +
      "36 hours at most",
      "give a lifetime of up to 36 hours",
    ],
  );
});

pure("planRequest() holds what was said and nothing else", () => {
  const env = { get: () => undefined };
  assertEquals(planRequest({}, {}, env), { lifetimeIsDefault: true });
  assertEquals(planRequest({ allowHttp: false }, { lifetime: 2 }, env), { lifetimeSeconds: 7_200 });
  assertEquals(planRequest({ allowHttp: true }, { defaultLifetime: 2 }, env), {
    ...{ allowHttp: true, lifetimeSeconds: 7_200, lifetimeIsDefault: true },
  });
});

pure("planRequest() reads the variables of a job at GitHub where they are wanted alone", () => {
  const variables: Readonly<Record<string, string>> = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
  };
  const asked: string[] = [];
  const env = {
    get(name: string) {
      asked.push(name);
      return variables[name];
    },
  };
  for (const githubOidc of [undefined, false] as const) {
    const options = githubOidc === undefined ? {} : { githubOidc };
    assertEquals(planRequest(options, {}, env).github, undefined);
  }
  assertEquals(asked, []);
  const job = { url: "https://token", hasRequestToken: true };
  assertEquals(planRequest({ githubOidc: true }, {}, env).github, {
    ...{ audience: "sts.amazonaws.com", ...job },
  });
  assertEquals(planRequest({ githubOidc: { audience: "corp" } }, {}, env).github, {
    ...{ audience: "corp", ...job },
  });
  assertEquals(planRequest({ githubOidc: true }, {}, { get: () => undefined }).github, {
    ...{ audience: "sts.amazonaws.com", url: undefined, hasRequestToken: false },
  });
});
