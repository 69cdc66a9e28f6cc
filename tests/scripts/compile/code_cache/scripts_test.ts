import { assert, assertEquals } from "@std/assert";
import { piecesFrom } from "../../../../scripts/compile/code_cache/scripts.ts";

Deno.test("a bundle's pieces are found by the names with which they import each other, and no other file is", async () => {
  const folder = await Deno.makeTempDir({ dir: ".tmp" });
  try {
    const files = {
      "main.js": `import{a}from"./chunk-A.js";const b=()=>import("./late-B.js");"./absent-C.js"`,
      "chunk-A.js": `import"./chunk-D.js";export{a}`,
      "chunk-D.js": `import"./chunk-A.js";`,
      "late-B.js": "",
      "other.js": "",
    };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    assertEquals(await piecesFrom(folder, ["./main.js"]), [
      "./chunk-A.js",
      "./chunk-D.js",
      "./late-B.js",
      "./main.js",
    ]);
    assertEquals(await piecesFrom(folder, ["./other.js"]), ["./other.js"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("timers of scripts are given, since those that they find by themselves are Node's", async () => {
  const text = await Deno.readTextFile("scripts/compile/code_cache/scripts.ts");
  const loader = await Deno.readTextFile("scripts/compile/code_cache/loader.ts");
  const [, given = ""] = /^const given = \["require", (.*)\];$/m.exec(text) ?? [];
  const [, timers = ""] = /^const timers = \[(.*)\];$/m.exec(loader) ?? [];
  assert(timers !== "");
  assertEquals(given.replaceAll('"', ""), timers);
});
