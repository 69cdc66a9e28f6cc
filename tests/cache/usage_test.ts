import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readUsage } from "../../src/cache/usage.ts";
import { silentLogger } from "../../src/logger.ts";
import { fakeSystem } from "../fake_system.ts";

const path = "/home/kim/.aws/stsaval/usage.json";
const week = 7 * 86_400_000;

async function usageOf(system = fakeSystem()) {
  const usage = await readUsage({ ...system, logger: silentLogger });
  assert(usage !== undefined);
  return usage;
}

Deno.test("what is picked counts, and half as much a week later", async () => {
  const system = fakeSystem();
  await (await usageOf(system)).count(["dev", "qa"]);
  await (await usageOf(system)).count(["dev"]);
  assertEquals(system.files.modes.get(path), 0o600);
  system.clock.jump(week);
  const { scores } = await usageOf(system);
  assertEquals(scores.get("dev"), 1);
  assertEquals(scores.get("qa"), 0.5);
});

Deno.test("a clock that was set back changes no count", async () => {
  const system = fakeSystem();
  await (await usageOf(system)).count(["dev"]);
  system.clock.jump(-week);
  assertEquals((await usageOf(system)).scores.get("dev"), 1);
});

Deno.test("a file that is none of this version counts nothing, and is replaced", async () => {
  for (
    const text of [
      "",
      "{",
      "[]",
      '{"version":2}',
      '{"version":1,"time":"x"}',
      '{"version":1,"time":1,"scores":[1]}',
    ]
  ) {
    const system = fakeSystem({ files: { [path]: text } });
    const usage = await usageOf(system);
    assertEquals(usage.scores.get("dev"), undefined);
    await usage.count(["dev"]);
    assertEquals((await usageOf(system)).scores.get("dev"), 1, text);
  }
});

Deno.test("a count that is no number is left out", async () => {
  const text = JSON.stringify({ version: 1, time: 0, scores: { a: "1", b: -1, c: null } });
  assertEquals((await usageOf(fakeSystem({ files: { [path]: text } }))).scores.size, 0);
});

Deno.test("the names that are picked least are dropped beyond a thousand", async () => {
  const system = fakeSystem();
  await (await usageOf(system)).count(["often"]);
  await (await usageOf(system)).count([
    "often",
    ...Array.from({ length: 1_200 }, (_, at) => `p${at}`),
  ]);
  const { scores } = await usageOf(system);
  assertEquals(scores.size, 1_000);
  assertEquals(scores.get("often"), 2);
});

Deno.test("a file that others can read is not used", async () => {
  const system = fakeSystem({ files: { [path]: '{"version":1,"time":0,"scores":{"dev":9}}' } });
  system.files.modes.set(path, 0o644);
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
  const usage = await readUsage({ ...system, logger });
  assertEquals(usage?.scores.size, 0);
  assertStringIncludes(warnings.join(), "other users have access");
});

Deno.test("a file of another version counts nothing, even where all else is as it should be", async () => {
  const scores = { dev: 4, none: 0 };
  const of = async (parts: Record<string, unknown>) => {
    const text = JSON.stringify({ version: 1, time: Date.UTC(2026, 0, 1), scores, ...parts });
    return [...(await usageOf(fakeSystem({ files: { [path]: text } }))).scores];
  };
  assertEquals(await of({}), [["dev", 4]]);
  assertEquals(await of({ version: 2 }), []);
  assertEquals(await of({ time: "2026" }), []);
  const homeless = { ...fakeSystem(), env: { get: () => undefined }, logger: silentLogger };
  assertEquals(await readUsage(homeless), undefined);
  const system = fakeSystem({ env: { STSAVAL_CACHE_DIR: "/run/kim//" } });
  await (await usageOf(system)).count(["dev"]);
  assertEquals([...system.files.contents.keys()], ["/run/kim/usage.json"]);
  system.files.said.set("/run/kim", { mode: 0o701 });
  assertEquals((await usageOf(system)).scores.size, 0);
});
