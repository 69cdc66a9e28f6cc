/**
 * Lifetimes: what is taken, and for which plans one without an end is refused.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import { checkAgainstMfa, lifetimeSeconds } from "../../src/session/plan_settings.ts";
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
  const error = assertThrows(() => checkAgainstMfa([open, bound], Infinity), UsageError);
  assertEquals(
    [error.message, error.hint],
    [
      'Cannot keep profile "bound" fresh forever: it needs an MFA code, and a session token lives ' +
      "36 hours at most",
      "give a lifetime of up to 36 hours",
    ],
  );
});
