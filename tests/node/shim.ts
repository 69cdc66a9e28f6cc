/**
 * What tests use of `Deno`, for Node and Bun: `Deno.test`, and what reads files or shows values. The name `Deno` itself
 * stays free, since the module tells runtimes apart by it.
 *
 * @module
 */

import { readdir, readFile } from "node:fs/promises";
import process from "node:process";
import { inspect } from "node:util";

/** A test. */
export interface ShimmedTest {
  readonly name: string;
  readonly ignore?: boolean;
  fn(): void | Promise<void>;
}

/** The tests that were declared so far. */
export const declared: ShimmedTest[] = [];

type Declared = ShimmedTest | string;

/** As `Deno.test`: permissions and sanitizers are Deno's own, and left out. */
function test(
  first: Declared,
  second?: object | ShimmedTest["fn"],
  third?: ShimmedTest["fn"],
): void {
  if (typeof first === "object") return void declared.push(first);
  const fn = third ?? second;
  if (typeof fn !== "function") throw new TypeError(`the test "${first}" has no function`);
  declared.push({
    ...(third === undefined ? {} : second),
    name: first,
    fn: fn as ShimmedTest["fn"],
  });
}

/** The error of Deno that a program is refused by; the module knows it by its name. */
class NotCapable extends Error {
  override readonly name = "NotCapable";
}

Object.assign(globalThis, {
  denoOfTests: {
    test,
    inspect,
    build: { os: process.platform === "win32" ? "windows" : process.platform },
    errors: { NotCapable },
    pid: process.pid,
    readTextFile: (path: string | URL) => readFile(path, "utf8"),
    async *readDir(path: string | URL) {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        yield { name: entry.name, isDirectory: entry.isDirectory() };
      }
    },
  },
});
