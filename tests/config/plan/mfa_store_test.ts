import { assertEquals, assertStringIncludes } from "@std/assert";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { describePlan } from "../../../src/output/plan_description.ts";
import { formatPlanTree } from "../../../src/output/plan_tree.ts";
import { fakeSystem } from "../../fake_system.ts";

const device = "arn:aws:iam::123456789012:mfa/kim";
const other = "arn:aws:iam::123456789012:mfa/other";
const user = (more = "") =>
  `[profile kim]\naws_access_key_id = AKIA\naws_secret_access_key = s\n${more}`;
const role = (more = "") =>
  `[profile role]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = kim\n${more}`;
const serial = `mfa_serial = ${device}\n`;

const load = (config: string) =>
  loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": config } }));

const cases: readonly (readonly [what: string, config: string, store: string | undefined])[] = [
  ["of the user", role() + user(`${serial}mfa_store = true\n`), "kim"],
  ["of the role", role(`${serial}mfa_store = true\n`) + user(), "kim"],
  ["of nobody", role(serial) + user(), undefined],
  ["denied", role(serial) + user("mfa_store = false\n"), undefined],
  [
    "denied by the role",
    role(`${serial}mfa_store = false\n`) + user("mfa_store = true\n"),
    undefined,
  ],
  [
    "of a profile with another device",
    role(serial) + user(`mfa_serial = ${other}\nmfa_store = true\n`),
    undefined,
  ],
  [
    "of an included profile",
    role(`include_profile = base\n`) + user(serial) + "[profile base]\nmfa_store = true\n",
    "kim",
  ],
];

for (const [what, config, store] of cases) {
  Deno.test({
    name: `a plan takes codes of the kept seed as its profiles say: ${what}`,
    permissions: "none",
    async fn() {
      const { plans, problems } = resolvePlans(await load(config), ["role"]);
      assertEquals(problems, []);
      assertEquals(plans.map(({ session }) => session?.mfaStore), [store]);
    },
  });
}

Deno.test({
  name: "a role that takes the code itself, and a session token, take it from the kept seed too",
  permissions: "none",
  async fn() {
    const long = role(`${serial}duration_seconds = 7200\nmfa_store = true\n`) + user();
    const { plans: [plan] } = resolvePlans(await load(long), ["role"]);
    assertEquals([plan?.session, plan?.roles[0]?.mfaStore], [undefined, "kim"]);
    const config = await load(user(`${serial}mfa_store = true\n`));
    assertEquals(resolveSessionPlan(config, "kim").session?.mfaStore, "kim");
  },
});

Deno.test({
  name: "a value that is neither true nor false is refused",
  permissions: "none",
  async fn() {
    const { problems } = resolvePlans(await load(role(serial) + user("mfa_store = yes\n")), [
      "role",
    ]);
    assertStringIncludes(problems.map(({ message }) => message).join(), "mfa_store");
  },
});

Deno.test({
  name: "a plan that is shown tells whose seed makes the code",
  permissions: "none",
  async fn() {
    const { plans: [plan] } = resolvePlans(await load(cases[0]?.[1] ?? ""), ["role"]);
    const description = plan && describePlan(plan);
    assertEquals(description?.steps[1]?.mfaStore, "kim");
    assertStringIncludes(
      description === undefined ? "" : formatPlanTree(description),
      `with the MFA code of ${device}, from the seed that is kept for "kim"`,
    );
  },
});
