import { describePlan } from "../../../src/output/plan_description.ts";
import {
  assert,
  assertEquals,
  assertExists,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type PlanRequest, type PlanResult, resolvePlans } from "../../../src/config/plan/plan.ts";
import { UsageError } from "../../../src/errors.ts";
import type { CredentialPlan } from "../../../src/plan.ts";
import { configOf, configPath, keys, roleArn, serialOf, type Texts } from "../in_memory.ts";

const kim = serialOf("kim");
const role = (name: string, more = "", source = "user") =>
  `[profile ${name}]\nrole_arn = ${
    roleArn(name.toUpperCase())
  }\nsource_profile = ${source}\n${more}`;
const withMfa = (name: string, more = "") => role(name, `mfa_serial = ${kim}\n${more}`);
const user = `[user]\n${keys}`;
const temporaryUser = `${user}aws_session_token = t\n`;

async function plansOf(
  config: string,
  names: readonly string[],
  request: PlanRequest = {},
  texts: Texts = {},
): Promise<PlanResult> {
  return resolvePlans(await configOf({ config, credentials: user, ...texts }), names, request);
}

async function planOf(
  config: string,
  request: PlanRequest = {},
  texts: Texts = {},
): Promise<CredentialPlan> {
  const { plans: [plan], problems } = await plansOf(config, ["a"], request, texts);
  assertEquals(problems, []);
  assertExists(plan);
  return plan;
}

function durations({ session, roles }: CredentialPlan): readonly (number | undefined)[] {
  return [session?.durationSeconds, ...roles.map(({ durationSeconds }) => durationSeconds)];
}

Deno.test({
  name: "resolvePlans() gives a role with MFA a session token, and every step its reason",
  permissions: "none",
  async fn() {
    assertEquals(await planOf(withMfa("a", "external_id = x-1\nregion = eu-west-1\n")), {
      profile: "a",
      base: {
        kind: "static-keys",
        profile: "user",
        keys: { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "kept-secret" },
        reason: 'profile "user" sets aws_access_key_id at "/home/kim/.aws/credentials", line 2',
      },
      session: {
        kind: "get-session-token",
        mfaSerial: kim,
        durationSeconds: 3600,
        endpoint: { region: "eu-west-1", partition: "aws" },
        reason: `profile "a" sets mfa_serial at "${configPath}", line 4`,
      },
      roles: [{
        kind: "assume-role",
        profile: "a",
        roleArn: roleArn("A"),
        roleSessionName: "sts-a",
        externalId: "x-1",
        durationSeconds: 3600,
        endpoint: { region: "eu-west-1", partition: "aws" },
        reason: `profile "a" sets role_arn at "${configPath}", line 2`,
      }],
      notices: [],
    });
  },
});

Deno.test({
  name: "resolvePlans() assumes a role without MFA with the keys themselves",
  permissions: "none",
  async fn() {
    const plan = await planOf(role("a", "duration_seconds = 7200\n"));
    assertEquals([plan.session, plan.roles[0]?.mfaSerial], [undefined, undefined]);
    assertEquals(durations(plan), [undefined, 7200]);
  },
});

Deno.test({
  name: "resolvePlans() gives roles of the same keys and device the very same session step",
  permissions: "none",
  async fn() {
    const config = withMfa("a", "region = eu-west-1\n") + withMfa("b", "region = us-east-1\n") +
      role("c", `mfa_serial = ${serialOf("other")}\n`) +
      withMfa("d", "endpoint_url = http://local\n");
    const { plans: [a, b, c, d] } = await plansOf(config, ["a", "b", "c", "d"]);
    assertStrictEquals(a?.session, b?.session);
    const reasonOf = (plan: typeof a) =>
      plan && describePlan(plan).steps.find(({ kind }) => kind === "get-session-token")?.reason;
    assertStringIncludes(reasonOf(a) ?? "", 'profile "a" sets mfa_serial');
    assertStringIncludes(reasonOf(b) ?? "", 'profile "b" sets mfa_serial');
    assertEquals(a?.session?.endpoint.region, "eu-west-1");
    assertEquals(b?.roles[0]?.endpoint.region, "us-east-1");
    assertEquals(c?.session?.mfaSerial, serialOf("other"));
    assertEquals(d?.session?.endpoint.endpointUrl, "http://local");
  },
});

Deno.test({
  name: "resolvePlans() gives two profiles with the same keys one session, and other keys another",
  permissions: "none",
  async fn() {
    const credentials = `${user}[again]\n${keys}[other]\n${keys.replace(/AKIA/, "AKIB")}`;
    const config = withMfa("a") + role("b", `mfa_serial = ${kim}\n`, "again") +
      role("c", `mfa_serial = ${kim}\n`, "other");
    const { plans: [a, b, c], problems } = await plansOf(config, ["a", "b", "c"], {}, {
      credentials,
    });
    assertEquals(problems, []);
    assertExists(a?.session);
    assertStrictEquals(a.session, b?.session);
    assertNotStrictEquals(a.session, c?.session);
    assertExists(c?.session);
  },
});

Deno.test({
  name: "resolvePlans() takes the role's device before the base's, and that before a later role's",
  permissions: "none",
  async fn() {
    const serialsOf = async (roleMore: string, userMore: string, topMore: string) => {
      const config = role("a", topMore, "mid") + role("mid", roleMore);
      const plan = await planOf(config, {}, { credentials: user + userMore });
      return plan.session?.mfaSerial?.replace(/^.*\//, "");
    };
    const mfa = (name: string) => `mfa_serial = ${serialOf(name)}\n`;
    assertEquals(await serialsOf(mfa("role"), mfa("user"), mfa("top")), "role");
    assertEquals(await serialsOf("", mfa("user"), mfa("top")), "user");
    assertEquals(await serialsOf("", "", mfa("top")), "top");
    assertEquals(await serialsOf("", "", ""), undefined);
  },
});

Deno.test({
  name: "resolvePlans() says which devices of a chain it does not use",
  permissions: "none",
  async fn() {
    const config = role("a", `mfa_serial = ${serialOf("top")}\n`, "mid") + withMfa("mid");
    const { notices } = await planOf(config);
    assertEquals(notices, [
      `MFA device ${
        serialOf("top")
      } of profile "a" is not used: only one device is prompted for, ${kim}`,
    ]);
    const asked = await planOf(config, { mfaSerial: "GAHT12345678" });
    assertEquals([asked.session?.mfaSerial, asked.notices.length], ["GAHT12345678", 0]);
    assertEquals(asked.session?.reason, "the MFA device was requested");
    assertEquals(asked.session?.endpoint.partition, "aws");
  },
});

Deno.test({
  name: "resolvePlans() asks for no MFA where the base keys are temporary already",
  permissions: "none",
  async fn() {
    const config = withMfa("a", "duration_seconds = 7200\n");
    const texts = { config, credentials: temporaryUser };
    const result = resolvePlans(await configOf(texts), ["a"], { mfaSerial: kim });
    const [plan] = result.plans;
    assertExists(plan);
    assertEquals(plan.session, undefined);
    assertEquals(durations(plan), [undefined, 3600]);
    assertEquals(plan.notices.length, 1);
    assertEquals(result.notices.length, 1);
  },
});

Deno.test({
  name: "resolvePlans() lets one long role alone take the code itself",
  permissions: "none",
  async fn() {
    const config = withMfa("a", "duration_seconds = 7200\n") + withMfa("b");
    const { plans: [plan], notices } = await plansOf(config, ["a"]);
    assertExists(plan);
    assertEquals([plan.session, plan.roles[0]?.mfaSerial], [undefined, kim]);
    assertEquals([durations(plan), notices.length], [[undefined, 7200], 0]);
    assert(plan.roles[0]?.reason.includes("the MFA code is sent with the role itself"));
    // The same name twice is one profile.
    const { plans: twice } = await plansOf(config, ["a", "a"]);
    assertEquals(twice.map(({ session }) => session), [undefined, undefined]);
  },
});

Deno.test({
  name: "resolvePlans() takes a session token for a chain of roles, however long they may live",
  permissions: "none",
  async fn() {
    const config = role("a", "", "mid") + withMfa("mid", "duration_seconds = 7200\n");
    const { plans: [plan], notices } = await plansOf(config, ["a"]);
    assertExists(plan);
    assertEquals(durations(plan), [3600, 3600, 3600]);
    assertEquals([plan.session?.mfaSerial, notices.length], [kim, 1]);
  },
});

Deno.test({
  name: "resolvePlans() takes a session token for a long role that is wanted longer than it lives",
  permissions: "none",
  async fn() {
    const config = withMfa("a", "duration_seconds = 7200\n");
    const seconds = async (lifetimeSeconds: number) =>
      durations(await planOf(config, { lifetimeSeconds }));
    assertEquals(await seconds(18_000), [18_000, 3600]);
    assertEquals(await seconds(7200), [undefined, 7200]);
    assertEquals(await seconds(5400), [undefined, 5400]);
    assertEquals(await seconds(3600), [3600, 3600]);
    assertEquals(await seconds(1000), [1000, 1000]);
  },
});

Deno.test({
  name: "resolvePlans() cuts to one hour with one notice for all",
  permissions: "none",
  async fn() {
    const long = "duration_seconds = 7200\n";
    const config = withMfa("a", long) + withMfa("b", long) + withMfa("c") + role("d", long) +
      role("e", long, "d");
    const { plans, notices } = await plansOf(config, ["a", "b", "c", "d", "e"]);
    assertEquals(plans.map(durations), [
      [3600, 3600],
      [3600, 3600],
      [3600, 3600],
      [undefined, 7200],
      [undefined, 7200, 3600],
    ]);
    assertEquals(notices.length, 1);
    assert(notices[0]?.startsWith('duration_seconds is capped at one hour for "a", "b", "e": '));
  },
});

Deno.test({
  name: "resolvePlans() makes nothing live longer than was asked for, nor shorter than AWS allows",
  permissions: "none",
  async fn() {
    const config = withMfa("a", "duration_seconds = 1800\n");
    const seconds = async (lifetimeSeconds?: number) =>
      durations(await planOf(config, lifetimeSeconds === undefined ? {} : { lifetimeSeconds }));
    assertEquals(await seconds(), [3600, 1800]);
    assertEquals(await seconds(129_600), [129_600, 1800]);
    assertEquals(await seconds(900), [900, 900]);
    // The callers check a lifetime; a plan is valid all the same.
    assertEquals(await seconds(1), [900, 900]);
    assertEquals(await seconds(999_999), [129_600, 1800]);
  },
});

Deno.test({
  name: "resolvePlans() gives a user a session token and no roles",
  permissions: "none",
  async fn() {
    const { plans: [plan] } = await plansOf("", ["user"], { lifetimeSeconds: 7200 });
    assertEquals([plan?.session?.durationSeconds, plan?.roles], [7200, []]);
    assertEquals([plan?.session?.mfaSerial, plan?.notices], [undefined, []]);
    const texts = { credentials: `${user}mfa_serial = ${kim}\n` };
    const { plans: [guarded] } = await plansOf("", ["user"], {}, texts);
    assertEquals(guarded?.session?.mfaSerial, kim);
  },
});

Deno.test({
  name: "resolvePlans() has nothing to issue for a user with temporary keys",
  permissions: "none",
  async fn() {
    const { plans, problems } = await plansOf("", ["user"], {}, { credentials: temporaryUser });
    assertEquals(plans, []);
    assertEquals(
      problems[0]?.message,
      'Cannot use profile "user": aws_session_token of profile "user" at ' +
        '"/home/kim/.aws/credentials", line 4 makes its keys temporary, so no session token can be issued',
    );
  },
});

function sourceOf({ base }: CredentialPlan): string | undefined {
  return base.kind === "source" ? base.source : undefined;
}

Deno.test({
  name: "resolvePlans() starts from the environment and from foreign kinds without a session token",
  permissions: "none",
  async fn() {
    const config = (source: string) =>
      `[profile a]\nrole_arn = ${
        roleArn("A")
      }\ncredential_source = ${source}\nmfa_serial = ${kim}\n`;
    const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "s" };
    const fromEnvironment = await planOf(config("Environment"), {}, { env });
    assertEquals(fromEnvironment.base.kind, "environment");
    assertEquals(fromEnvironment.session?.mfaSerial, kim);
    const temporary = { env: { ...env, AWS_SESSION_TOKEN: "t" } };
    assertEquals((await planOf(config("Environment"), {}, temporary)).session, undefined);
    const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/id" };
    const foreign = await planOf(config("EcsContainer"), {}, { env: container });
    assertEquals([sourceOf(foreign), foreign.session], ["container", undefined]);
    const sso = await planOf(
      "[profile a]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = Admin\n" +
        "[sso-session s]\nsso_start_url = https://s.example\nsso_region = eu-west-1\n",
    );
    assertEquals([sourceOf(sso), sso.roles.length, sso.session], ["sso", 0, undefined]);
  },
});

Deno.test({
  name:
    "resolvePlans() makes the session name legal and says so, and leaves a configured one alone",
  permissions: "none",
  async fn() {
    const nameOf = async (name: string, more = "") => {
      const header = name.includes(" ") ? `"${name}"` : name;
      const config = `[profile ${header}]\nrole_arn = ${
        roleArn("A")
      }\nsource_profile = user\n${more}`;
      const { plans: [plan] } = await plansOf(config, [name]);
      return [plan?.roles[0]?.roleSessionName, ...(plan?.notices ?? [])];
    };
    assertEquals(await nameOf("Dev.1@x+y"), ["sts-Dev.1@x+y"]);
    const [legal, notice] = await nameOf("a/b");
    assertEquals(legal, "sts-a-b");
    assert(notice?.startsWith('Session name for profile "a/b" is "sts-a-b": STS allows 2 to 64'));
    assertEquals((await nameOf("my a%"))[0], "sts-my-a-");
    assertEquals((await nameOf("x".repeat(70)))[0], `sts-${"x".repeat(60)}`);
    assertEquals(await nameOf("a/b", "role_session_name = kim\n"), ["kim"]);
  },
});

Deno.test({
  name: "resolvePlans() collects every profile that is wrong, once, beside the plans",
  permissions: "none",
  async fn() {
    const config = withMfa("a") + role("b", "", "nobody") +
      role("c", "duration_seconds = 1\nrole_session_name = a b\n");
    const { plans, problems } = await plansOf(config, ["c", "b", "x", "a"]);
    assertEquals(plans.map(({ profile }) => profile), ["a"]);
    assertEquals(problems.map(({ profile }) => profile), ["c", "b", "x"]);
  },
});

Deno.test({
  name: "resolvePlans() refuses a serial that cannot be one",
  permissions: "none",
  async fn() {
    const config = await configOf({ config: withMfa("a"), credentials: user });
    assertThrows(
      () => resolvePlans(config, ["a"], { mfaSerial: "kim smith" }),
      UsageError,
      'Cannot use MFA serial "kim smith": wanted 9 to 256',
    );
  },
});

Deno.test({
  name: "resolvePlans() plans a thousand profiles over one session step",
  permissions: "none",
  async fn() {
    const names = Array.from({ length: 1_000 }, (_, index) => `r${index}`);
    const config = names.map((name) => withMfa(name)).join("");
    const { plans } = await plansOf(config, names);
    assertEquals(new Set(plans.map(({ session }) => session)).size, 1);
    assertEquals(plans.map(({ profile }) => profile), names);
  },
});

Deno.test({
  name: "resolvePlans() bounds a chain, in words, and takes no longer than the chains are long",
  permissions: "none",
  async fn() {
    const names = Array.from({ length: 10_000 }, (_, index) => `r${index}`);
    const config = names.map((name, index) =>
      index === 0 ? withMfa(name) : role(name, "", `r${index - 1}`)
    ).join("");
    const { plans, problems } = await plansOf(config, names);
    assertEquals(plans.length, 100);
    assertEquals(plans.at(-1)?.roles.length, 100);
    assertEquals(problems.length, 9_900);
    assertEquals(
      problems.at(-1)?.message,
      'Cannot use profile "r9999": more than 100 roles would be assumed one after another, ' +
        "and AWS ends the last after one hour",
    );
  },
});

Deno.test({
  name:
    "resolvePlans() names a hundred thousand profiles that do not exist, the first with the nearest",
  permissions: "none",
  async fn() {
    const known = Array.from({ length: 2_000 }, (_, index) => withMfa(`known-${index}`)).join("");
    const names = Array.from({ length: 100_000 }, (_, index) => `known-x${index}`);
    const { problems } = await plansOf(known, names);
    assertEquals(problems.length, 100_000);
    assertEquals(problems[0]?.hint, 'did you mean "known-0"?');
    assertEquals(problems.at(-1)?.hint, "'stsaval profiles' lists the known profiles");
  },
});
