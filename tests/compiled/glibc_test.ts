/**
 * Which distributions the compiled program runs on: the table of docs/install.md against the program itself (`objdump`).
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { isInstalled } from "../peers/stsaval_process.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const haveObjdump = await isInstalled("objdump");

type Version = readonly [major: number, minor: number];

const atLeast = (a: Version, b: Version) => a[0] > b[0] || (a[0] === b[0] && a[1] >= b[1]);

function parseVersion(text: string): Version {
  const [major = 0, minor = 0] = text.split(".").map(Number);
  return [major, minor];
}

/** The newest glibc that a symbol of the program asks for. */
async function neededGlibc(path: string): Promise<string> {
  const { stdout } = await new Deno.Command("objdump", { args: ["-T", path] }).output();
  const named = new TextDecoder().decode(stdout).matchAll(/GLIBC_(\d+\.\d+)/g);
  const versions = [...named].map(([, version = ""]) => version);
  return versions.reduce((most, one) =>
    atLeast(parseVersion(one), parseVersion(most)) ? one : most
  );
}

/** Rows such as `| Ubuntu 18.04 | 2.27 | works |` and `| RHEL 7 | 2.17 | too old, because … |`. */
function distributionRows(text: string): readonly (readonly [string, string, string])[] {
  return [...text.matchAll(/^\| (\S[^|]*?) +\| (\d+\.\d+) +\| ((?:works|too old)[^|]*?) +\|$/gm)]
    .map(([, name = "", glibc = "", verdict = ""]) => [name, glibc, verdict] as const);
}

programTest(
  haveObjdump ? program : { missing: "objdump is not installed" },
  "the table of distributions in docs/install.md is true of the program",
  async (path) => {
    const needed = await neededGlibc(path);
    const { size } = await Deno.stat(path);
    console.log(`needs glibc ${needed}; ${(size / 1e6).toFixed(1)} MB`);
    assertEquals(needed, "2.27");
    const rows = distributionRows(
      await Deno.readTextFile(new URL("../../docs/install.md", import.meta.url)),
    );
    for (const [name, glibc, verdict] of rows) {
      const works = atLeast(parseVersion(glibc), parseVersion(needed));
      assertEquals(verdict.startsWith("works"), works, `${name} with glibc ${glibc}`);
    }
    assert(rows.length >= 8, "a table of distributions");
  },
);
