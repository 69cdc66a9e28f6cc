import { assert, assertEquals } from "@std/assert";

Deno.test("the compiled program holds every part of the SDK that the code uses", async () => {
  const folder = new URL("../../../src/sts/", import.meta.url);
  const used = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    for (const [, part = ""] of text.matchAll(/\bnew sdk\.(\w+)/g)) used.add(part);
  }
  assert(used.size >= 5, "the SDK is used in another way");
  const text = await Deno.readTextFile(
    new URL("../../../scripts/compile/sdk_edition.ts", import.meta.url),
  );
  const [, list = ""] = /sdkParts: readonly string\[\] = \[([^\]]*)\]/.exec(text) ?? [];
  const parts = [...list.matchAll(/"(\w+)"/g)].map(([, part]) => part);
  assertEquals(parts.sort(), [...used].sort());
});
