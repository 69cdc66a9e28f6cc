/**
 * Plans with what narrows them, and those that no endpoint could carry out.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { narrowedPlans } from "../../../src/session/scope/narrowed_plans.ts";
import { configOf, keys, portsOf, roleArn } from "../../config/in_memory.ts";

const texts = {
  credentials: `[kim]\n${keys}`,
  config: "[profile kim]\nregion = us-east-1\nsts_regional_endpoints = legacy\n" +
    `[profile dev]\nrole_arn = ${roleArn("Dev")}\nsource_profile = kim\n` +
    "[profile west]\nsource_profile = kim\nregion = eu-west-1\nsts_regional_endpoints = regional\n" +
    `role_arn = ${roleArn("West")}\n` +
    "[profile gov]\nregion = us-gov-west-1\ncredential_process = /bin/keys\n" +
    "[profile china]\nregion = cn-north-1\ncredential_process = /bin/keys\n",
};

async function narrowed(names: readonly string[], scope?: string) {
  const request = scope === undefined ? {} : { narrowing: { scope } };
  return await narrowedPlans(portsOf(texts), await configOf(texts), names, request);
}

Deno.test("narrowedPlans() asks no global endpoint for a scoped copy, and keeps the other plans", async () => {
  const { plans, problems } = await narrowed(["dev", "west", "kim"], "ecr-pull");
  assertEquals(plans.map(({ profile, scope }) => [profile, scope?.kind]), [
    ["west", "get-scoped-credentials"],
  ]);
  const use =
    "use a regional endpoint: name a region with --region, and remove sts_regional_endpoints = legacy";
  const message = (profile: string) =>
    `Cannot use profile "${profile}": the global endpoint of STS does not know GetScopedCredentials, ` +
    "which makes scoped copies";
  assertEquals(problems, [
    {
      profile: "dev",
      message: message("dev"),
      hint: `${use}; or narrow its role with --policy, which every endpoint takes`,
    },
    { profile: "kim", message: message("kim"), hint: use },
  ]);
});

Deno.test("narrowedPlans() leaves plans alone where nothing narrows them, or a role takes the scope itself", async () => {
  const plain = await narrowed(["dev", "west"]);
  assertEquals(plain.plans.map(({ profile, scope }) => [profile, scope]), [
    ["dev", undefined],
    ["west", undefined],
  ]);
  const { plans: [plan], problems } = await narrowed(["dev"], "read-only");
  assertEquals([plan?.scope, problems], [undefined, []]);
  assertEquals(plan?.roles[0]?.parameters?.policyArns, [
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
  ]);
});

Deno.test("narrowedPlans() names buckets in the partition of the region, where no role tells another", async () => {
  const rows = { gov: "aws-us-gov", china: "aws-cn", west: "aws" };
  for (const [name, partition] of Object.entries(rows)) {
    const { plans: [plan] } = await narrowed([name], "s3-read:reports");
    const [statement] = JSON.parse(plan?.scope?.policy ?? "").Statement;
    assertEquals(statement.Resource, [`arn:${partition}:s3:::reports/*`]);
  }
});
