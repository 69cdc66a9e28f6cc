/**
 * Who looks at a folder early shares the answer with others who do; who holds a lock looks by itself.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { OwnerOnlyFolder } from "../../src/cache/owner_only_folder.ts";
import { silentLogger } from "../../src/logger.ts";
import type { FileFacts, Files } from "../../src/system.ts";

const privateFolder: FileFacts = {
  ...{ special: false, mode: 0o700, foreign: false, size: 0, modified: 0 },
};

/** A folder that appears when `appear` is called; `looks` counts how often it was looked at. */
function appearing({ logger = silentLogger } = {}) {
  const state = { looks: 0, isThere: false, fails: false };
  const facts = async (path: string): Promise<FileFacts | undefined> => {
    if (path !== "/cache") return state.isThere ? { ...privateFolder, mode: 0o600 } : undefined;
    state.looks++;
    const found = state.isThere ? privateFolder : undefined;
    // What other processes do meanwhile is not seen.
    await new Promise((resolve) => setTimeout(resolve));
    if (state.fails) throw new Error("no such device");
    return found;
  };
  const files = { facts } as Partial<Files> as Files;
  return { state, folder: new OwnerOnlyFolder("/cache", 0o700, { files, logger }) };
}

Deno.test("a hundred who look early look at the folder once, and those who come later again", async () => {
  const { state, folder } = appearing();
  const early = () =>
    Promise.all(Array.from({ length: 100 }, (_, index) => folder.missing([`${index}.json`], true)));
  assertEquals(new Set<unknown>(await early()), new Set<unknown>(["folder"]));
  assertEquals(state.looks, 1);
  const safe = await Promise.all(Array.from({ length: 100 }, () => folder.isSafe(true)));
  assertEquals([new Set(safe), state.looks], [new Set([true]), 2]);
  state.isThere = true;
  assertEquals(new Set<unknown>(await early()), new Set<unknown>([undefined]));
  assertEquals(state.looks, 3);
});

Deno.test("who does not look early gets no answer of a moment ago", async () => {
  const { state, folder } = appearing();
  const early = folder.missing(["a.json"], true);
  state.isThere = true;
  assertEquals([await folder.missing(["a.json"]), await early], [undefined, "folder"]);
  assertEquals([await folder.isSafe(), state.looks], [true, 3]);
});

Deno.test("an early look that fails is not remembered", async () => {
  const warn = () => {
    throw new Error("nowhere to write to");
  };
  const { state, folder } = appearing({ logger: { ...silentLogger, warn } });
  state.fails = true;
  await assertRejects(() => folder.missing(["a.json"], true), Error, "nowhere to write to");
  state.fails = false;
  assertEquals(await folder.missing(["a.json"], true), "folder");
});
