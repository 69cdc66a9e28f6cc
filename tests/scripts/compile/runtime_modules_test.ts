import { assert, assertEquals } from "@std/assert";
import { closedModules, usedModules } from "../../../scripts/compile/runtime_modules.ts";

Deno.test("every module of Node is closed in both spellings, but for those that the program imports", async () => {
  const closed = closedModules();
  for (const name of ["fs", "fs/promises", "module", "os", "process", "sqlite", "vm"]) {
    assert(closed.includes(name) && closed.includes(`node:${name}`), name);
  }
  for (const name of usedModules) {
    assert(!closed.includes(name) && !closed.includes(`node:${name}`), name);
  }
  assertEquals((await imported(new URL("../../../src/", import.meta.url))).sort(), [
    ...usedModules,
  ]);
});

/** The modules of Node that files below the folder import; the adapter of Node itself is no part of the program. */
async function imported(folder: URL): Promise<string[]> {
  const names = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (folder.pathname.endsWith("/src/") && name === "node") continue;
    const found = isDirectory
      ? await imported(new URL(`${name}/`, folder))
      : [...(await Deno.readTextFile(new URL(name, folder))).matchAll(/from "node:([^"]+)"/g)]
        .map(([, module = ""]) => module);
    for (const module of found) names.add(module);
  }
  return [...names];
}
