import { assert, assertEquals, assertThrows } from "@std/assert";
import { type PlanRequest, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { ProfileError, UsageError } from "../../../src/errors.ts";
import type { CredentialPlan } from "../../../src/plan.ts";
import { configOf, keys, roleArn, serialOf, type Texts } from "../in_memory.ts";

async function planOf(
  texts: Texts,
  name?: string,
  request?: PlanRequest,
): Promise<CredentialPlan> {
  return resolveSessionPlan(await configOf(texts), name, request);
}

async function refusalOf(texts: Texts, name?: string): Promise<ProfileError> {
  const config = await configOf(texts);
  return assertThrows(() => resolveSessionPlan(config, name), ProfileError);
}

const credentials = `[default]\n${keys}[kim]\n${keys.replace("00", "01")}`;
const environmentKeys = { AWS_ACCESS_KEY_ID: "env", AWS_SECRET_ACCESS_KEY: "s" };
const role = (name: string, serial?: string, source = "source_profile = kim") =>
  `[profile ${name}]\nrole_arn = ${roleArn(name)}\n${source}\n` +
  (serial === undefined ? "" : `mfa_serial = ${serialOf(serial)}\n`);

Deno.test({
  name: "resolveSessionPlan() takes the profile named, else AWS_PROFILE, else default",
  permissions: "none",
  async fn() {
    const named = await planOf({ credentials, env: environmentKeys }, "kim");
    assertEquals([named.profile, named.base.profile], ["kim", "kim"]);
    const byVariable = await planOf({ credentials, env: { AWS_PROFILE: "kim" } });
    assertEquals(byVariable.profile, "kim");
    assertEquals((await planOf({ credentials })).profile, "default");
  },
});

Deno.test({
  name: "resolveSessionPlan() takes the environment's keys before AWS_PROFILE, as the AWS CLI does",
  permissions: "none",
  async fn() {
    const plan = await planOf({ credentials, env: { ...environmentKeys, AWS_PROFILE: "kim" } });
    assertEquals([plan.profile, plan.base.kind], ["environment", "environment"]);
    assertEquals("keys" in plan.base && plan.base.keys.accessKeyId, "env");
    assertEquals(plan.session?.mfaSerial, undefined);
  },
});

Deno.test({
  name: "resolveSessionPlan() plans one hour by default, and what is asked for",
  permissions: "none",
  async fn() {
    const plan = await planOf({ credentials });
    assertEquals(plan.session, {
      kind: "get-session-token",
      durationSeconds: 3600,
      endpoint: {},
      reason: "a session token was requested",
    });
    assertEquals([plan.roles, plan.notices], [[], []]);
    const long = await planOf({ credentials }, undefined, { lifetimeSeconds: 18_000, region: "r" });
    assertEquals(long.session?.durationSeconds, 18_000);
    assertEquals(long.session?.endpoint.region, "r");
  },
});

Deno.test({
  name:
    "resolveSessionPlan() takes the device asked for, the profile's, or the one its roles share",
  permissions: "none",
  async fn() {
    const serial = async (config: string, more = "", request?: PlanRequest) => {
      const plan = await planOf({ config, credentials: credentials + more }, "kim", request);
      return plan.session?.mfaSerial?.replace(/^.*\//, "");
    };
    const shared = role("a", "shared") + role("b", "shared") + role("c");
    const own = `mfa_serial = ${serialOf("own")}\n`;
    assertEquals(await serial(shared, own, { mfaSerial: serialOf("asked") }), "asked");
    assertEquals(await serial(shared, own), "own");
    assertEquals(await serial(shared), "shared");
    assertEquals(await serial(shared + role("d", "another")), undefined);
    assertEquals(await serial(role("a", "x", "source_profile = default")), undefined);
    // What has no role assumes none with these keys, whatever it names.
    const bare = role("e", "bare").replace(/role_arn.*\n/, "");
    assertEquals([await serial(bare), await serial(shared + bare)], [undefined, "shared"]);
  },
});

Deno.test({
  name: "resolveSessionPlan() says which roles its device comes from",
  permissions: "none",
  async fn() {
    const { session } = await planOf({ config: role("a", "shared"), credentials }, "kim");
    assertEquals(
      session?.reason,
      `all roles of this user name the MFA device ${serialOf("shared")}`,
    );
  },
});

Deno.test({
  name: "resolveSessionPlan() takes the device of the roles that use the environment",
  permissions: "none",
  async fn() {
    const config = role("a", "env", "credential_source = Environment") + role("b", "kim");
    const texts = { config, credentials, env: environmentKeys };
    assertEquals((await planOf(texts)).session?.mfaSerial, serialOf("env"));
    const named = await planOf({ ...texts, config: `${config}` }, "a");
    assertEquals([named.base.kind, named.roles.length], ["environment", 0]);
    const bare = config.replace(/mfa_serial.*env\n/, "") +
      role("c", "other", "credential_source = Environment");
    assertEquals(
      (await planOf({ ...texts, config: bare }, "a")).session?.mfaSerial,
      serialOf("other"),
    );
  },
});

Deno.test({
  name: "resolveSessionPlan() takes the keys below a role, and the role's device",
  permissions: "none",
  async fn() {
    const config = role("a", "own").replace("[profile a]", "[profile a]\nregion = r");
    const plan = await planOf({ config, credentials }, "a");
    assertEquals([plan.profile, plan.base.profile, plan.roles.length], ["a", "kim", 0]);
    assertEquals(plan.session?.mfaSerial, serialOf("own"));
    assertEquals(plan.session?.endpoint, { region: "r", partition: "aws" });
  },
});

Deno.test({
  name: "resolveSessionPlan() refuses keys that are temporary or are not its own",
  permissions: "none",
  async fn() {
    const temporary = `[kim]\n${keys}aws_session_token = t\n`;
    const { message } = await refusalOf({ credentials: temporary }, "kim");
    assert(
      message.includes('keys of profile "kim" are temporary, so no session token can be issued'),
    );
    const section = "sso_start_url = https://s.example\nsso_region = eu-west-1\n";
    const role = "sso_account_id = 123456789012\nsso_role_name = Admin\n";
    const sso = await refusalOf({ config: `[profile a]\n${section}${role}` }, "a");
    assert(sso.message.includes("a session token needs long-term keys of a user"), sso.message);
    const token = { ...environmentKeys, AWS_SESSION_TOKEN: "t" };
    const fromEnvironment = await refusalOf({ env: token });
    assertEquals(
      fromEnvironment.message,
      "Cannot use the keys of the environment: AWS_SESSION_TOKEN makes them temporary, " +
        "so no session token can be issued",
    );
    const half = await refusalOf({ env: { AWS_ACCESS_KEY_ID: "env" } });
    assert(half.message.endsWith("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"));
  },
});

Deno.test({
  name: "resolveSessionPlan() says when the default profile does not exist",
  permissions: "none",
  async fn() {
    const { message } = await refusalOf({});
    assert(message.startsWith('Cannot find profile "default": '), message);
  },
});

Deno.test({
  name: "resolveSessionPlan() refuses a serial that cannot be one",
  permissions: "none",
  async fn() {
    const config = await configOf({ credentials });
    assertThrows(() => resolveSessionPlan(config, "kim", { mfaSerial: "short" }), UsageError);
  },
});
