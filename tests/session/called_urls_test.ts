import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import type { CredentialPlan, EndpointSettings, PlanStep, RoleStep } from "../../src/plan.ts";
import { StsCore } from "../../src/session/core.ts";
import {
  calledUrls,
  endpointProblems,
  hostLimit,
  renewedUrls,
} from "../../src/session/called_urls.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";

function role(endpoint: EndpointSettings): RoleStep {
  return {
    kind: "assume-role",
    profile: "dev",
    roleArn: "arn:aws:iam::123456789012:role/Dev",
    roleSessionName: "kim",
    durationSeconds: 3_600,
    endpoint,
    reason: "",
  };
}

Deno.test({
  name: "calledUrls() gives each URL once, and none for what makes no call or cannot be called",
  permissions: "none",
  fn() {
    const keys = { accessKeyId: "A", secretAccessKey: "S" };
    const steps: readonly PlanStep[] = [
      { kind: "static-keys", profile: "kim", keys, reason: "" },
      { kind: "get-session-token", durationSeconds: 900, endpoint: {}, reason: "" },
      role({ region: "eu-west-1" }),
      role({ region: "eu-west-1" }),
      role({ region: "no/region" }),
      role({ endpointUrl: "http://127.0.0.1:4566" }),
    ];
    assertEquals(calledUrls(steps), [
      "https://sts.us-east-1.amazonaws.com",
      "https://sts.eu-west-1.amazonaws.com",
      "http://127.0.0.1:4566",
    ]);
  },
});

Deno.test({
  name: "calledUrls() says what is wrong with the endpoints where no step has a usable one",
  permissions: "none",
  fn() {
    const steps = [role({ endpointUrl: "ftp://x" }), role({ region: "no/region" })];
    assertThrows(() => calledUrls(steps), UsageError, 'Cannot use endpoint "ftp://x"');
    assertEquals(calledUrls([]), []);
  },
});

Deno.test({
  name: "hostLimit() refuses unusable endpoints, where nobody closes the way to others too",
  permissions: "none",
  fn() {
    const fips = { endpointUrl: "http://127.0.0.1:4566", useFips: true };
    const limit = hostLimit({}, [role(fips)]);
    const error = assertThrows(limit, UsageError, "FIPS and custom endpoint");
    assertStrictEquals(assertThrows(limit), error);
  },
});

Deno.test({
  name: "hostLimit() refuses a step's own endpoint although others can be used",
  permissions: "none",
  fn() {
    const closed: unknown[] = [];
    const callOnly = (urls: readonly string[]) => void closed.push(urls);
    const [good, bad] = [{ region: "eu-west-1" }, { region: "no/region" }];
    const limit = hostLimit({ callOnly }, [role(good), role(bad)]);
    assertThrows(() => limit(bad), UsageError, 'Cannot use region "no/region"');
    assertEquals(closed, []);
    limit(good);
    limit(good);
    assertEquals(closed, [["https://sts.eu-west-1.amazonaws.com"]]);
  },
});

Deno.test({
  name: "hostLimit() says whether a person may be asked: for a code, or for a passphrase",
  permissions: "none",
  fn() {
    const told = (...steps: readonly PlanStep[]) => {
      const found: (boolean | undefined)[] = [];
      hostLimit({ callOnly: (_urls, options) => void found.push(options?.mayPrompt) }, steps)();
      return found;
    };
    const session = { durationSeconds: 900, endpoint: {}, reason: "" } as const;
    const token = (
      mfa: { readonly mfaSerial?: string; readonly mfaProcess?: string },
    ): PlanStep => ({ kind: "get-session-token", ...session, ...mfa });
    const sealed = (opener: string): PlanStep => ({
      ...{ kind: "source", source: "sealed-keys", profile: "kim", reason: "", detail: "" },
      settings: { opener, accessKeyId: "AKIA" },
    });
    assertEquals(told(token({})), [false]);
    assertEquals(told(token({ mfaSerial: "arn:aws:iam::123456789012:mfa/kim" })), [true]);
    assertEquals(told(token({ mfaSerial: "1", mfaProcess: "op item" })), [false]);
    assertEquals(told(sealed("passphrase")), [true]);
    assertEquals(told(sealed("keychain")), [false]);
    const program: PlanStep = {
      ...{ kind: "source", source: "credential-process", profile: "kim", reason: "", detail: "" },
      settings: { command: "/bin/keys" },
    };
    assertEquals(told(program), [false], "a source that never asks");
    // One step is enough.
    assertEquals(told(sealed("keychain"), token({ mfaSerial: "1" })), [true]);
    assertEquals(told(token({}), sealed("passphrase")), [true]);
  },
});

Deno.test("nobody is asked for a code where the endpoint cannot be used", async () => {
  const emulator = createStsEmulator();
  for (const endpoint of [{ region: "no/region" }, { endpointUrl: "ftp://x" }]) {
    await using sts = new StsCore({ system: emulatorSystem(emulator), ...endpoint });
    let asked = 0;
    const options = { mfaCode: (serial: string) => (asked++, emulator.mfaCode(serial)) };
    await assertRejects(() => sts.generateCredentials(["DynamoDBRole-dev"], options), UsageError);
    assertEquals(asked, 0);
  }
});

Deno.test("endpointProblems() names the plans that would cost the others a code", () => {
  const plan = (profile: string, endpointUrl: string): CredentialPlan => ({
    profile,
    base: {
      kind: "static-keys",
      profile,
      keys: { accessKeyId: "A", secretAccessKey: "S" },
      reason: "",
    },
    roles: [role({ endpointUrl })],
    notices: [],
  });
  const [good, bad] = [plan("a", "https://sts.corp"), plan("b", "http://sts.corp")];
  const [problem, ...others] = endpointProblems([good, bad]);
  assertEquals([problem?.profile, others.length], ["b", 0]);
  assertStringIncludes(
    problem?.message ?? "",
    'Cannot use profile "b": cannot use endpoint "http://sts.corp": plain http',
  );
  assertEquals(endpointProblems([bad]), []);
});

/** Session tokens with and without a device, and with a program for its codes. */
const tokens: readonly PlanStep[] = [
  { kind: "get-session-token", durationSeconds: 900, endpoint: {}, reason: "" },
  { kind: "get-session-token", durationSeconds: 900, endpoint: {}, reason: "", mfaSerial: "m" },
  {
    ...{ kind: "get-session-token", durationSeconds: 900, endpoint: {}, reason: "" } as const,
    ...{ mfaSerial: "m", mfaProcess: "oathtool" },
  },
];

Deno.test({
  name: "hostLimit() says that a person may be asked where a code is needed that no program gives",
  permissions: "none",
  fn() {
    const [plain, device, program] = tokens;
    const rows: readonly (readonly [readonly (PlanStep | undefined)[], boolean])[] = [
      [[plain], false],
      [[device], true],
      [[program], false],
      [[plain, device, program], true],
      [[plain, program, role({})], false],
      [[{ ...role({}), mfaSerial: "m" }], true],
    ];
    for (const [steps, mayPrompt] of rows) {
      const told: unknown[] = [];
      const known = steps.filter((step) => step !== undefined);
      hostLimit({ callOnly: (_urls, options) => void told.push(options) }, known)();
      assertEquals(told, [{ mayPrompt }]);
    }
  },
});

Deno.test({
  name: "renewedUrls() are those of the roles, else of all steps, and none where none can be used",
  permissions: "none",
  fn() {
    const [session] = tokens;
    const plan = (parts: Partial<CredentialPlan>) => ({
      profile: "dev",
      base: { kind: "static-keys", profile: "dev", keys: {}, reason: "" },
      roles: [],
      notices: [],
      ...parts,
    } as unknown as CredentialPlan);
    const eu = role({ region: "eu-west-1" });
    const both = plan({ session: session as never, roles: [eu, role({ region: "us-west-2" })] });
    const urls = renewedUrls(both);
    assertEquals(urls, [
      ...["https://sts.eu-west-1.amazonaws.com", "https://sts.us-west-2.amazonaws.com"],
    ]);
    assertStrictEquals(renewedUrls(both), urls);
    assertEquals(renewedUrls(plan({ roles: [eu] })), ["https://sts.eu-west-1.amazonaws.com"]);
    assertEquals(renewedUrls(plan({ session: session as never })), [
      "https://sts.us-east-1.amazonaws.com",
    ]);
    assertEquals(renewedUrls(plan({ roles: [role({ region: "no/region" })] })), []);
  },
});
