/**
 * The scoped copy at the end of a plan: when there is one, for how long, where its call goes, and why it is refused.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { resolvePlans } from "../../../src/config/plan/plan.ts";
import type { NarrowingRequest, PlanRequest } from "../../../src/config/plan/request.ts";
import { narrowPlans } from "../../../src/config/scope/narrow_plans.ts";
import { wantsNarrowing } from "../../../src/config/scope/wanted.ts";
import type { EndpointSettings } from "../../../src/plan.ts";
import { StsavalError, UsageError } from "../../../src/errors.ts";
import { configOf, keys, portsOf, roleArn } from "../in_memory.ts";

const policy = '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}';
const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";

const texts = {
  credentials: `[kim]\n${keys}`,
  config: "[profile kim]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::123456789012:mfa/kim\n" +
    `[profile dev]\nrole_arn = ${roleArn("Dev")}\nsource_profile = kim\nduration_seconds = 3600\n` +
    "[profile gov]\nregion = us-gov-west-1\ncredential_process = /bin/keys\n" +
    "scope_policy = s3-read:reports\n" +
    `[profile web]\nrole_arn = ${
      roleArn("Web")
    }\nweb_identity_token_file = /t\nregion = eu-west-1\n` +
    `[profile top]\nrole_arn = ${roleArn("Top")}\nsource_profile = web\n` +
    "[profile sso]\nsso_account_id = 123456789012\nsso_role_name = Dev\nregion = eu-central-1\n" +
    "sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n" +
    `[profile scoped]\nrole_arn = ${
      roleArn("Dev")
    }\nsource_profile = kim\nscope_policy = read.json\n`,
  files: { "/home/kim/.aws/read.json": policy },
};

async function narrowed(name: string, narrowing: NarrowingRequest, more: PlanRequest = {}) {
  const config = await configOf(texts);
  const request: PlanRequest = { ...more, narrowing };
  const plans = resolvePlans(config, [name], request);
  const ports = {
    ...portsOf(texts),
    partitionOf: (endpoint: EndpointSettings) =>
      endpoint.region?.startsWith("us-gov-") ? "aws-us-gov" : "aws",
  };
  const result = await narrowPlans(ports, config, plans, request);
  const [problem] = result.problems;
  if (problem !== undefined) return { problem: `${problem.message}; ${problem.hint ?? ""}` };
  return { plan: result.plans[0] };
}

async function scopeOf(...setup: Parameters<typeof narrowed>) {
  const { plan, problem } = await narrowed(...setup);
  assertEquals(problem, undefined);
  return plan?.scope;
}

Deno.test("a scope that is a policy is a step after the last role, at its endpoint", async () => {
  const { plan } = await narrowed("dev", { scope: policy });
  assertEquals(plan?.scope, {
    ...{ kind: "get-scoped-credentials", profile: "dev", policy } as const,
    ...{ endpoint: plan?.roles[0]?.endpoint ?? {}, reason: "a scope was asked for" },
  });
  const described = await scopeOf("dev", {
    ...{ scope: policy, scopeSeconds: 900, scopeDescription: "for a build" },
  });
  assertEquals(
    [described?.durationSeconds, described?.description, described?.reason],
    [900, "for a build", "a shorter life was asked for"],
  );
});

Deno.test("a shorter life alone makes a copy too, and nothing at all makes none", async () => {
  const copy = await scopeOf("dev", { scopeSeconds: 3600 });
  assertEquals([copy?.policy, copy?.durationSeconds, copy?.reason], [
    ...[undefined, 3600, "a shorter life was asked for"],
  ]);
  const named = await scopeOf("dev", { scope: "ecr-pull", scopeSeconds: 900 });
  assertEquals(named?.reason, "a scope was asked for");
  assertEquals(await scopeOf("dev", {}), undefined);
  const own = await scopeOf("scoped", {});
  assertEquals([own?.policy, own?.reason], [
    policy,
    'profile "scoped" sets scope_policy at "/home/kim/.aws/config", line 28',
  ]);
  // The request wins over the profile.
  assertEquals(JSON.parse((await scopeOf("scoped", { scope: "ecr-pull" }))?.policy ?? ""), {
    ...JSON.parse((await scopeOf("dev", { scope: "ecr-pull" }))?.policy ?? ""),
  });
});

Deno.test("a copy of a session goes where the session was made, and one of a source where its profile says", async () => {
  const { plan } = await narrowed("kim", { scope: policy });
  assertEquals(plan?.scope?.endpoint, plan?.session?.endpoint);
  assertEquals((await scopeOf("sso", { scope: policy }))?.endpoint.region, "eu-central-1");
  const gov = await scopeOf("gov", {});
  assertEquals(gov?.endpoint.region, "us-gov-west-1");
  assertEquals(gov?.policy?.includes('"arn:aws-us-gov:s3:::reports/*"'), true);
  assertEquals((await scopeOf("web", { scope: policy }))?.endpoint.region, "eu-west-1");
});

Deno.test("a managed policy is taken with a role alone, and refused for what has none", async () => {
  const hint =
    "give the scope as JSON, or by a name that 'stsaval scopes' lists as a policy; or assume a role on top with --role-arn";
  const said = (profile: string, from: string) =>
    `Cannot use profile "${profile}": scope "read-only" is the ARN of a managed policy, which AWS takes with a role ` +
    `alone, and its credentials ${from}; ${hint}`;
  const scope = " read-only ";
  assertEquals((await narrowed("kim", { scope })).problem, said("kim", "are a session token's"));
  assertEquals(
    (await narrowed("sso", { scope })).problem,
    said("sso", 'come from sso of profile "sso"'),
  );
  const { plan: web } = await narrowed("web", { scope });
  assertEquals([web?.scope, JSON.stringify(web?.base).includes(managed)], [undefined, true]);
  // On top of another role, it is the last one that is narrowed.
  const { plan: top } = await narrowed("top", { scope });
  assertEquals([top?.scope, top?.roles[0]?.parameters?.policyArns], [undefined, [managed]]);
  assertEquals(JSON.stringify(top?.base).includes(managed), false);
});

Deno.test("a copy does not outlive its role, and may live as long", async () => {
  assertEquals((await scopeOf("dev", { scopeSeconds: 3_600 }))?.durationSeconds, 3_600);
  assertEquals(
    (await narrowed("dev", { scopeSeconds: 3_601 })).problem,
    `Cannot use profile "dev": a scoped copy for 1h1s would outlive the role "${
      roleArn("Dev")
    }", which is assumed for 1h; ask for 1h at most, or leave the life of the copy out`,
  );
  // How long a session or a source lives is known after its call alone.
  assertEquals((await scopeOf("kim", { scopeSeconds: 129_600 }))?.durationSeconds, 129_600);
});

Deno.test("a life and a description of a copy keep AWS's rules", async () => {
  const rows: readonly (readonly [NarrowingRequest, string])[] = [
    [{ scopeSeconds: 0 }, "life of a scoped copy: it is 0s, wanted 1 second to 36 hours"],
    [
      { scopeSeconds: 129_601 },
      "life of a scoped copy: it is 1d12h1s, wanted 1 second to 36 hours",
    ],
    [
      { scope: policy, scopeDescription: "x" },
      "description of a scoped copy: it has 1 characters, wanted 2 to 256",
    ],
    [
      { scope: policy, scopeDescription: "x".repeat(257) },
      "description of a scoped copy: it has 257 characters, wanted 2 to 256",
    ],
    [
      { scope: policy, scopeDescription: "ab\u0100" },
      "description of a scoped copy: it has characters that AWS does not log, wanted those up to U+00FF",
    ],
    [
      { scope: policy, scopeDescription: "\u0085a" },
      "description of a scoped copy: it has characters that AWS does not log, wanted those up to U+00FF",
    ],
    [
      { scope: policy, scopeDescription: "\u0100".repeat(256) },
      "description of a scoped copy: it has characters that AWS does not log, wanted those up to U+00FF",
    ],
    [
      { scopeDescription: "for a build" },
      "description of a scoped copy: it describes none: nothing else narrows the credentials",
    ],
    [
      { scope: "read-only", scopeDescription: "for a build" },
      "description of a scoped copy: it describes none: nothing else narrows the credentials",
    ],
  ];
  for (const [narrowing, message] of rows) {
    const error = await assertRejects(() => narrowed("dev", narrowing), StsavalError);
    assertEquals([error.message, error instanceof UsageError], [
      ...[`Cannot use the given ${message}`, true],
    ]);
    if (message.includes("none")) assertEquals(error.hint, "add --scope or --scope-for");
  }
  for (const scopeDescription of ["ab", "x".repeat(256)]) {
    assertEquals(
      (await scopeOf("dev", { scope: policy, scopeDescription }))?.description,
      scopeDescription,
    );
  }
  assertEquals((await scopeOf("dev", { scopeSeconds: 1 }))?.durationSeconds, 1);
});

Deno.test("wantsNarrowing() is true for a request, a scope, or a setting of any role on the way", async () => {
  const config = await configOf({
    credentials: `[kim]\n${keys}`,
    config:
      `[profile first]\nrole_arn = ${
        roleArn("First")
      }\nsource_profile = kim\nsession_tags = a=1\n` +
      `[profile second]\nrole_arn = ${roleArn("Second")}\nsource_profile = first\n` +
      `[profile plain]\nrole_arn = ${roleArn("Plain")}\nsource_profile = kim\n` +
      `[profile scoped]\nrole_arn = ${
        roleArn("Plain")
      }\nsource_profile = kim\nscope_policy = ecr-pull\n` +
      `[profile web]\nrole_arn = ${
        roleArn("Web")
      }\nweb_identity_token_file = /t\npolicy = ecr-pull\n` +
      `[profile top]\nrole_arn = ${roleArn("Top")}\nsource_profile = web\n`,
  });
  const wants = (names: readonly string[], request: PlanRequest = {}) =>
    wantsNarrowing(config, resolvePlans(config, names, request).plans, request);
  assertEquals(wants(["plain", "kim"]), false);
  assertEquals(wants(["plain"], { narrowing: {} }), false);
  assertEquals(wants(["plain"], { narrowing: { scope: "" } }), true);
  for (const name of ["first", "second", "scoped", "web", "top"]) {
    assertEquals(wants([name]), true, name);
    assertEquals(wants(["plain", name, "kim"]), true, name);
  }
});
