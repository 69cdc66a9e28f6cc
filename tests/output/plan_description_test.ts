import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { describePlan } from "../../src/output/plan_description.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import { base, role, session } from "../session/fixtures.ts";

const plan: CredentialPlan = { profile: "deploy", base, session, roles: [role], notices: ["so"] };

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("describePlan() gives the steps in their order, with the endpoints worked out", () => {
  const endpoint = { endpoint: "https://sts.eu-west-1.amazonaws.com", region: "eu-west-1" };
  const { mfaSerial = "" } = session;
  assertEquals(describePlan(plan), {
    profile: "deploy",
    steps: [
      { kind: "static-keys", profile: "kim", accessKey: "…LE00", reason: "they are there" },
      {
        kind: "get-session-token",
        mfaSerial,
        durationSeconds: 3_600,
        ...endpoint,
        reason: "the role wants MFA",
      },
      {
        kind: "assume-role",
        profile: "deploy",
        roleArn: role.roleArn,
        roleSessionName: "sts-deploy",
        externalId: "kim:1",
        durationSeconds: 3_600,
        ...endpoint,
        reason: "the profile names it",
      },
    ],
    notices: ["so"],
  });
});

pure(
  "describePlan() holds no secret: neither of the keys nor of the command that gives codes",
  () => {
    const mfaProcess = "get-code --pin 4711";
    const text = JSON.stringify(describePlan({
      ...plan,
      session: { ...session, mfaProcess },
      roles: [{ ...role, mfaProcess }],
    }));
    assert(
      !text.includes(base.keys.secretAccessKey) && !text.includes(base.keys.accessKeyId),
      text,
    );
    assert(!text.includes("4711"), text);
  },
);

pure("describePlan() names kinds that are not fetched, with what the profile says of them", () => {
  const foreign = {
    kind: "source",
    source: "sso",
    profile: "corp",
    settings: {},
    onlyNamed: true,
    detail: "https://a.example",
    reason: "so",
  } as const;
  const { steps } = describePlan({ profile: "deploy", base: foreign, roles: [], notices: [] });
  const { detail, profile, reason } = foreign;
  assertEquals(steps, [{ kind: "sso", profile, detail, reason }]);
});

pure("describePlan() refuses endpoint settings that contradict each other", () => {
  const endpoint = { endpointUrl: "http://127.0.0.1:1", useFips: true };
  assertThrows(() => describePlan({ ...plan, roles: [{ ...role, endpoint }] }), UsageError);
});
