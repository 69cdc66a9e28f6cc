import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { describePlan } from "../../../src/output/plan_description.ts";
import { formatPlanTree } from "../../../src/output/plan_tree.ts";
import { fakeSystem } from "../../fake_system.ts";

const user = "[profile kim]\naws_access_key_id = AKIA\naws_secret_access_key = s\n";
const device = "arn:aws:iam::123456789012:mfa/kim";
const other = "arn:aws:iam::123456789012:mfa/other";
const role = (more: string) =>
  `[profile role]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = kim\n${more}`;

const load = (config: string) =>
  loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": config } }));

const cases: readonly (readonly [string, string, string | undefined])[] = [
  ["of the role", role(`mfa_serial = ${device}\nmfa_process = code 1\n`), "code 1"],
  ["of the user", `${role("")}${user}mfa_serial = ${device}\nmfa_process = code 2\n`, "code 2"],
  [
    "of the role before that of the user",
    `${role(`mfa_process = code 1\n`)}${user}mfa_serial = ${device}\nmfa_process = code 2\n`,
    "code 1",
  ],
  [
    "of a profile that names another device not",
    `${role(`mfa_serial = ${device}\n`)}${user}mfa_serial = ${other}\nmfa_process = code 2\n`,
    undefined,
  ],
  ["of nobody", role(`mfa_serial = ${device}\n`), undefined],
];

for (const [whose, config, process] of cases) {
  Deno.test({
    name: `resolvePlans() takes the command for MFA codes ${whose}`,
    permissions: "none",
    async fn() {
      const text = config.includes(user) ? config : config + user;
      const { plans, problems } = resolvePlans(await load(text), ["role"]);
      assertEquals(problems, []);
      assertEquals(plans.map(({ session }) => session?.mfaSerial), [device]);
      assertEquals(plans.map(({ session }) => session?.mfaProcess), [process]);
    },
  });
}

Deno.test({
  name:
    "resolvePlans() takes the command along where a role takes the code itself, and for a device that was asked for",
  permissions: "none",
  async fn() {
    const config = await load(role("duration_seconds = 7200\nmfa_process = code 1\n") + user);
    const { plans } = resolvePlans(config, ["role"], { mfaSerial: device });
    assertEquals(plans.map(({ roles }) => roles.map(({ mfaProcess }) => mfaProcess)), [["code 1"]]);
  },
});

Deno.test({
  name: "resolveSessionPlan() takes the command of the user",
  permissions: "none",
  async fn() {
    const config = await load(`${user}mfa_serial = ${device}\nmfa_process = code 2\n`);
    assertEquals(resolveSessionPlan(config, "kim").session?.mfaProcess, "code 2");
  },
});

Deno.test({
  name: "a plan that is shown does not show the command for MFA codes",
  permissions: "none",
  async fn() {
    const config = await load(
      `${role("")}${user}mfa_serial = ${device}\nmfa_process = code s3cret\n`,
    );
    for (const plan of resolvePlans(config, ["role"]).plans) {
      const description = describePlan(plan);
      assertEquals(JSON.stringify(description).includes("s3cret"), false);
      assertEquals(formatPlanTree(description).includes("s3cret"), false);
    }
  },
});
