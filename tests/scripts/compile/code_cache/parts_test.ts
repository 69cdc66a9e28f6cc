import { assert, assertEquals } from "@std/assert";
import {
  bundleStarts,
  ofScripts,
  partNames,
  partTable,
  scriptNames,
  scriptTable,
} from "../../../../scripts/compile/code_cache/parts.ts";

Deno.test("every part is a module that exports what the first file uses, by the name that it imports", async () => {
  const first = await Deno.readTextFile("cli.ts");
  for (const part of partNames) {
    const { module, exported } = partTable[part];
    assert(first.includes(`const { ${exported} } = await import("./${module}");`), part);
    assert((await Deno.readTextFile(module)).includes(`export async function ${exported}(`), part);
  }
  assertEquals(first.match(/await import\(/g)?.length, partNames.length);
});

Deno.test("the scripts of a bundle are loaded by its starts, each by others, and trained by one of them", () => {
  const seen = new Set<string>();
  for (const name of scriptNames) {
    const { bundle, loadedBy, trainedBy } = scriptTable[name];
    for (const start of loadedBy) assert(bundleStarts[bundle].includes(start), name);
    assert([...loadedBy].some((start) => start === trainedBy), name);
    seen.add(`${bundle} ${loadedBy.toSorted().join()}`);
  }
  assertEquals(seen.size, scriptNames.length);
  assertEquals(Object.keys(ofScripts(() => 1)), [...scriptNames]);
});
