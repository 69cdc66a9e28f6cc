/**
 * The variables that stop `stsaval-process`: all that may change a plan, and no other.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatProcessScript } from "../../../src/cli/answers/script.ts";
import { answerVariable, answerVariables } from "../../../src/cli/answers/variables.ts";
import { processRecord } from "../../../src/cli/commands/shared/process_record.ts";
import { environmentNames, needRow } from "../../../src/cli/permissions/needs.ts";
import { cacheKey } from "../../../src/cache/key.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans } from "../../../src/config/plan/plan.ts";
import { configOptions } from "../../../src/session/plan_settings.ts";
import { Desk, role, user } from "../desk.ts";

Deno.test("the script names every variable of the table, and nothing else of the environment but HOME", () => {
  const script = formatProcessScript();
  const named = [...script.matchAll(/\$\{([A-Z][A-Z0-9_]*)-\}/g)].map(([, name]) => name ?? "");
  assertEquals(named.toSorted(), [...answerVariables(), "HOME"].sort());
  for (const name of named) assert(environmentNames().includes(name), name);
  for (const [, name = ""] of script.matchAll(/\$\{?([A-Za-z]\w*)/g)) {
    assert(name.startsWith("stsaval_") || name === "HOME" || named.includes(name), name);
  }
});

Deno.test("a variable is harmless by its row or by its name: a new one stops the script", () => {
  // bash sets TERM by itself, and programs that ask set AWS_PROFILE.
  for (
    const name of ["TERM", "NO_COLOR", "AWS_PROFILE", "HTTPS_PROXY", "AWS_EC2_METADATA_DISABLED"]
  ) {
    assert(!answerVariables().includes(name), name);
  }
  const all = processRecord.needs.flatMap((need) => needRow(need).environment ?? []);
  const harmless = all.filter((name) => !answerVariables().includes(name));
  const rows = [
    ...["default-chain", "sources", "github-oidc", "sts", "colors"] as const,
    ...["sealed-keys", "sealed-cache", "kept-seed"] as const,
  ];
  const known = rows.flatMap((need) => needRow(need).environment ?? []);
  const others = harmless.filter((name) => !known.includes(name));
  assertEquals([...new Set(others)].sort(), ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]);
  assertEquals(
    answerVariable({ get: (name) => name === "AWS_REGION" ? "x" : undefined }),
    "AWS_REGION",
  );
  assertEquals(
    answerVariable({ get: (name) => name === "AWS_PROFILE" ? "x" : undefined }),
    undefined,
  );
});

Deno.test("no variable that the script lets pass changes what the program looks for in its cache", async () => {
  const { system: { files } } = new Desk();
  const keyWith = async (profile: string, values: Readonly<Record<string, string>>) => {
    const env = { get: (name: string) => ({ HOME: "/home/kim", ...values })[name] };
    const config = await loadConfig({ files, env }, configOptions({}));
    const { plans: [plan], notices, problems } = resolvePlans(config, [profile], {
      lifetimeIsDefault: true,
    });
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    return JSON.stringify([
      await cacheKey(plan),
      plan.session?.requiredSeconds,
      notices,
      plan.notices,
    ]);
  };
  const harmless = environmentNames().filter((name) =>
    name !== "HOME" && !answerVariables().includes(name)
  );
  assert(harmless.length > 20);
  for (const profile of [role, user]) {
    const key = await keyWith(profile, {});
    for (const name of harmless) {
      for (
        const value of ["x", "true", "1", role, user, "http://127.0.0.1:1", "arn:aws:iam::1:role/x"]
      ) {
        assertEquals(await keyWith(profile, { [name]: value }), key, `${name}=${value}`);
      }
    }
    assert(await keyWith(profile, { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" }) !== key);
  }
});

Deno.test("the script is about a screen long, and its lines are no longer than the source's", () => {
  const lines = formatProcessScript().split("\n");
  assert(lines.length < 100, `${lines.length} lines`);
  for (const line of lines) assert(line.length <= 120, line);
  assertMatch(lines[0] ?? "", /^#!\/bin\/sh$/);
});

Deno.test("the packages hold the script that the program writes", async () => {
  const file = new URL("../../../packaging/stsaval-process", import.meta.url);
  const hint = "write it anew: deno task stsaval help --process-script >packaging/stsaval-process";
  assertEquals(await Deno.readTextFile(file), formatProcessScript(), hint);
});
