import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { sealWish } from "../../../src/session/sealed_cache.ts";
import { fakeSystem } from "../../fake_system.ts";

const user = (more = "") =>
  `[profile kim]\naws_access_key_id = AKIA\naws_secret_access_key = s\n${more}`;
const role = (more = "", name = "role") =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = kim\n${more}`;
const load = (config: string) =>
  loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": config } }));

const cases: readonly (readonly [config: string, wish: boolean | undefined])[] = [
  [role() + user(), undefined],
  [role() + user("seal_cache = true\n"), true],
  [role("seal_cache = true\n") + user(), true],
  [role("seal_cache = false\n") + user(), false],
  [role("seal_cache = false\n") + user("seal_cache = true\n"), true],
  [role("seal_cache = true\n") + user("seal_cache = false\n"), true],
  // What another profile wants holds for the cache of all.
  [role("seal_cache = false\n") + user() + role("seal_cache = true\n", "other"), undefined],
  [role() + user() + role("seal_cache = true\n", "other"), undefined],
];

for (const [text, wish] of cases) {
  Deno.test({
    name: `the cache is sealed as the profiles of a plan say: ${JSON.stringify(text.slice(90))}`,
    permissions: "none",
    async fn() {
      const config = await load(text);
      const { plans, problems } = resolvePlans(config, ["role"]);
      assertEquals(problems, []);
      assertEquals(sealWish(plans, config), wish);
    },
  });
}

Deno.test({
  name: "a request to seal holds for every plan, and a session token's plan has its own wish",
  permissions: "none",
  async fn() {
    const config = await load(role("seal_cache = false\n") + user());
    const { plans } = resolvePlans(config, ["role"], { sealCache: true });
    assertEquals(plans.map(({ sealCache }) => sealCache), [true]);
    const sealed = await load(user("seal_cache = true\n"));
    assertEquals(resolveSessionPlan(sealed, "kim").sealCache, true);
    assertEquals("sealCache" in resolveSessionPlan(await load(user()), "kim"), false);
  },
});

Deno.test({
  name: "a plan cannot seal what it shares with the AWS CLI",
  permissions: "none",
  async fn() {
    for (
      const [text, seal, share] of [
        [role("seal_cache = true\nshare_aws_cache = true\n") + user(), "role", "role"],
        [role("share_aws_cache = true\n") + user("seal_cache = true\n"), "kim", "role"],
        [
          role("seal_cache = true\nshare_aws_cache = true\n") + user("seal_cache = true\n"),
          ...["kim", "role"] as const,
        ],
      ] as const
    ) {
      const { plans, problems: [problem] } = resolvePlans(await load(text), ["role"]);
      assertEquals(plans, []);
      assertMatch(
        problem?.message ?? "",
        new RegExp(
          "its cache cannot be sealed and shared with the AWS CLI, which reads no sealed file: " +
            `seal_cache of profile "${seal}" at .* line \\d+, ` +
            `share_aws_cache of profile "${share}" at .* line \\d+$`,
        ),
      );
      assertEquals(problem?.hint, "remove seal_cache or share_aws_cache");
    }
    const config = await load(role("share_aws_cache = true\n") + user());
    const { problems: [problem] } = resolvePlans(config, ["role"], { sealCache: true });
    assertStringIncludes(problem?.message ?? "", "--seal-cache was given, share_aws_cache of");
    const twice = "seal_cache = true\nshare_aws_cache = true\n";
    const { problems: [first] } = resolvePlans(await load(role(twice) + user(twice)), ["role"]);
    // Of several profiles that say so, the one that is nearest to the keys is told.
    assertStringIncludes(first?.message ?? "", 'seal_cache of profile "kim" at');
    assertStringIncludes(first?.message ?? "", 'share_aws_cache of profile "kim" at');
    const flags = { sealCache: true, shareAwsCache: true };
    const { problems: [both] } = resolvePlans(await load(role() + user()), ["role"], flags);
    assertStringIncludes(both?.message ?? "", "--seal-cache was given, the AWS CLI's cache");
  },
});

Deno.test({
  name: "a profile that says neither true nor false of sealing has no plan",
  permissions: "none",
  async fn() {
    for (
      const text of [role("seal_cache = maybe\n") + user(), role() + user("seal_cache = maybe\n")]
    ) {
      const { plans, problems: [problem] } = resolvePlans(await load(text), ["role"]);
      assertEquals(plans, []);
      assertMatch(
        problem?.message ?? "",
        /seal_cache of profile .* is "maybe", wanted true or false/,
      );
    }
  },
});
