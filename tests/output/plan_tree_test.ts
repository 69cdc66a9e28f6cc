import { assert, assertEquals } from "@std/assert";
import { describePlan } from "../../src/output/plan_description.ts";
import { formatPlanTree } from "../../src/output/plan_tree.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import { base, role, session } from "../session/fixtures.ts";

function treeOf(plan: Partial<CredentialPlan>): string {
  return formatPlanTree(
    describePlan({ profile: "deploy", base, roles: [role], notices: [], ...plan }),
  );
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("formatPlanTree() draws each step with its reason, and the notices below", () => {
  const { externalId: _externalId, ...plain } = role;
  const roles = [{ ...plain, durationSeconds: 5_400 }];
  assertEquals(
    treeOf({ session, roles, notices: ["a role lives an hour at most"] }),
    `deploy
├─ keys of profile "kim" (…LE00)
│    because they are there
├─ GetSessionToken for 1h with the MFA code of arn:aws:iam::111122223333:mfa/kim
│    because the role wants MFA
│    at https://sts.eu-west-1.amazonaws.com (eu-west-1)
└─ AssumeRole arn:aws:iam::111122223333:role/Deploy for 1h30m
     because the profile names it
     session name sts-deploy
     at https://sts.eu-west-1.amazonaws.com (eu-west-1)
note: a role lives an hour at most
`,
  );
});

pure("formatPlanTree() tells the external id, and the code of a role that takes one itself", () => {
  const { mfaSerial = "" } = session;
  const lines = treeOf({ roles: [{ ...role, mfaSerial }] }).split("\n");
  assert(lines.includes("     session name sts-deploy, external id kim:1"));
  assert(lines.some((line) => line.endsWith(`for 1h with the MFA code of ${mfaSerial}`)));
});

pure("formatPlanTree() tells where keys come from that are in no profile", () => {
  const [, first] = treeOf({ base: { ...base, kind: "environment" } }).split("\n");
  assertEquals(first, "├─ keys of the environment (…LE00)");
  const sso = {
    kind: "source",
    source: "sso",
    profile: "corp",
    settings: {},
    onlyNamed: true,
    detail: "https://a.example",
    reason: "so",
  } as const;
  assertEquals(
    treeOf({ base: sso, roles: [] }),
    'deploy\n└─ sso of profile "corp": https://a.example\n     because so\n' +
      'note: stsaval does not fetch sso of profile "corp", so it cannot execute this plan\n',
  );
});

pure("formatPlanTree() lets no text from a file command the terminal", () => {
  const text = treeOf({ roles: [{ ...role, reason: "\u001b[2Jgone\r\nnew line" }] });
  assert(!text.includes("\u001b") && !text.includes("\r"), text);
  assertEquals(text.split("\n").length, treeOf({}).split("\n").length);
});
