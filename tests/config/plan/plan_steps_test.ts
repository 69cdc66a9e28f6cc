/**
 * What single steps of a plan hold: the base with or without the AWS CLI's names, the code, refusals and their hints.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { BaseKind } from "../../../src/config/base_kind.ts";
import { type PlanRequest, resolvePlans } from "../../../src/config/plan/plan.ts";
import { configOf, configPath, keys, roleArn, serialOf, type Texts } from "../in_memory.ts";

const role = (name: string, more = "", source = "user") =>
  `[profile ${name}]\nrole_arn = ${roleArn(name)}\nsource_profile = ${source}\n${more}`;
const user = `[profile user]\n${keys}`;

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

async function resolve(texts: Texts, name = "a", request: PlanRequest = {}) {
  const { plans: [plan], problems: [problem], notices } = resolvePlans(
    ...[await configOf(texts), [name], request] as const,
  );
  return { plan, problem, notices };
}

const sso = "sso_start_url = https://s.example\nsso_region = eu-west-1\n" +
  "sso_account_id = 123456789012\nsso_role_name = Admin\n";

pure("a base keeps what the AWS CLI calls it only where its cache is shared", async () => {
  const awsCliOf = async (more: string, request?: PlanRequest) => {
    const { plan } = await resolve({ config: `[profile a]\n${sso}${more}` }, "a", request);
    return plan !== undefined && "awsCli" in plan.base;
  };
  const shares = "share_aws_cache = true\n";
  assertEquals(await awsCliOf(""), false);
  assertEquals(await awsCliOf(shares), true);
  assertEquals(await awsCliOf("", { shareAwsCache: true }), true);
  assertEquals(await awsCliOf(shares, { shareAwsCache: false }), false);
  const { problem } = await resolve({ config: `[profile a]\n${sso}share_aws_cache = perhaps\n` });
  assertStringIncludes(problem?.message ?? "", 'share_aws_cache of profile "a"');
});

pure("a fault that is none of a profile ends the work", async () => {
  const odd: BaseKind = {
    source: "odd",
    ofProfile() {
      throw new TypeError("odd");
    },
  };
  const config = { ...await configOf({ config: "[profile a]\nregion = r\n" }), kinds: [odd] };
  assertThrows(() => resolvePlans(config, ["a"]), TypeError, "odd");
});

pure(
  "temporary keys of the environment are told by their variable, those of a profile by their setting",
  async () => {
    const env = { AWS_ACCESS_KEY_ID: "ASIA", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };
    const { problem } = await resolve({ env }, "environment");
    assertEquals(
      problem?.message,
      "Cannot use the keys of the environment: AWS_SESSION_TOKEN makes " +
        "them temporary, so no session token can be issued",
    );
    assertEquals(problem?.hint, "unset the AWS_ variables, or name a profile");
    const own = await resolve({ config: `[profile a]\n${keys}aws_session_token = t\n` });
    assertStringIncludes(own.problem?.message ?? "", 'aws_session_token of profile "a"');
    assertEquals(own.problem?.hint, "use the keys as they are, or name a profile with a role");
  },
);

pure("one notice tells which durations are capped, and why", async () => {
  const config = role("a", `duration_seconds = 7200\nmfa_serial = ${serialOf("kim")}\n`) + user;
  const loaded = await configOf({ config: config + role("b", "duration_seconds = 7200\n", "a") });
  const { notices } = resolvePlans(loaded, ["a", "b"]);
  assertEquals(
    notices[0],
    'duration_seconds is capped at one hour for "a", "b": AWS allows no more for a role that is ' +
      "assumed with a session token or from another role",
  );
});

pure("a chain stays in one of AWS's partitions, or says which two settings disagree", async () => {
  const china = (text: string) => text.replace("arn:aws:", "arn:aws-cn:");
  const { problem } = await resolve({ config: role("a", "", "b") + china(role("b")) + user });
  assertEquals(
    [problem?.message, problem?.hint],
    [
      `Cannot use profile "a": role_arn of profile "b" at "${configPath}", line 5 is of partition ` +
      `aws-cn, but role_arn of profile "a" at "${configPath}", line 2 of aws`,
      "AWS keeps its partitions apart: use a user, a device and roles of the same one",
    ],
  );
  const device = `mfa_serial = ${china(serialOf("kim"))}\n`;
  assertStringIncludes(
    (await resolve({ config: role("a", device) + user })).problem?.message ?? "",
    `is of partition aws, but the MFA device ${china(serialOf("kim"))} of aws-cn`,
  );
});

pure(
  "settings of an endpoint that cannot be read count, unless something comes before them",
  async () => {
    const message = async (more: string, env = {}) =>
      (await resolve({ config: role("a", more) + user, env })).problem?.message ?? "";
    const broken = [
      ...["region = eu\n  west\n", "endpoint_url = http://a\n  b\n", "services = none\n"],
      "use_fips_endpoint = perhaps\n",
    ];
    for (const text of broken) {
      const [name] = text.split(" ");
      assertStringIncludes(await message(text), `${name} of profile "a"`);
    }
    const env = {
      ...{ AWS_REGION: "r", AWS_ENDPOINT_URL: "http://a", AWS_USE_FIPS_ENDPOINT: "false" },
    };
    assertEquals(await message(broken.join(""), env), "");
  },
);

pure("what a source notes of itself is among the notices of the plan", async () => {
  const kind = (notices?: readonly string[]): BaseKind => ({
    source: "odd",
    ofProfile: ({ profile }) => ({
      kind: "source",
      source: "odd",
      profile: profile.name,
      detail: "",
      settings: {},
      reason: "",
      ...(notices === undefined ? {} : { notices }),
    }),
  });
  const config = await configOf({ config: "[profile a]\nregion = r\n" });
  const noticesOf = (...notices: Parameters<typeof kind>) =>
    resolvePlans({ ...config, kinds: [kind(...notices)] }, ["a"]).plans[0]?.notices;
  assertEquals(noticesOf(["it is slow"]), ["it is slow"]);
  assertEquals(noticesOf(), []);
});
