/**
 * Which texts a command reads once: those of pipes, and short ones; a long one would be kept for as long as it runs.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { memoizeReads } from "../../src/cli/core_settings.ts";
import { fakeSystem } from "../fake_system.ts";
import { settle } from "../settle.ts";

const [short, long] = ["x".repeat(65_536), "x".repeat(65_537)];

/** How often each text is read that is asked for twice. */
async function readsOf(
  paths: readonly string[],
  options: NonNullable<Parameters<typeof memoizeReads>[1]>,
) {
  const { files } = fakeSystem({ files: { "/short": short, "/long": long, "/pipe": long } });
  files.said.set("/pipe", { special: true });
  const reads: string[] = [];
  const readText = files.readText.bind(files);
  files.readText = (path) => {
    reads.push(path);
    return readText(path);
  };
  const memoized = memoizeReads(files, options);
  for (const path of paths) {
    const first = await memoized.readText(path);
    await settle();
    assertEquals(await memoized.readText(path), first);
  }
  return reads;
}

Deno.test("a long text of a plain file is read again, any other one is remembered", {
  permissions: "none",
}, async () => {
  assertEquals(await readsOf(["/short", "/long", "/pipe", "/missing"], { forgetLong: true }), [
    ...["/short", "/long", "/long"],
    ...["/pipe", "/missing"],
  ]);
});

Deno.test("who relies on the same text has a long one remembered too", {
  permissions: "none",
}, async () => {
  const paths = ["/short", "/long", "/pipe", "/missing"];
  assertEquals(await readsOf(paths, {}), paths);
});

Deno.test("with a list of paths, only these are remembered", { permissions: "none" }, async () => {
  assertEquals(await readsOf(["/short", "/missing"], { only: new Set(["/missing"]) }), [
    ...["/short", "/short", "/missing"],
  ]);
});
