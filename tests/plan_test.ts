/**
 * Plans: the order of their steps.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type CredentialPlan, planSteps, type RoleStep, type SessionStep } from "../src/plan.ts";

const session: SessionStep = {
  kind: "get-session-token",
  mfaSerial: "arn:aws:iam::111122223333:mfa/kim",
  durationSeconds: 3_600,
  endpoint: {},
  reason: "two roles share one code",
};

function role(profile: string): RoleStep {
  return {
    kind: "assume-role",
    profile,
    roleArn: `arn:aws:iam::111122223333:role/${profile}`,
    roleSessionName: `sts-${profile}`,
    durationSeconds: 3_600,
    endpoint: {},
    reason: "asked for",
  };
}

const plan: CredentialPlan = {
  profile: "second",
  base: {
    kind: "static-keys",
    profile: "user",
    keys: { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "s" },
    reason: "source profile",
  },
  roles: [role("first"), role("second")],
  notices: [],
};

Deno.test({
  name: "planSteps() gives base keys, session token and roles in their order",
  permissions: "none",
  fn() {
    assertEquals(planSteps({ ...plan, session }), [plan.base, session, ...plan.roles]);
  },
});

Deno.test({
  name: "planSteps() leaves out the session token where there is none",
  permissions: "none",
  fn() {
    assertEquals(planSteps(plan), [plan.base, ...plan.roles]);
    assertEquals(planSteps({ ...plan, roles: [] }), [plan.base]);
  },
});
