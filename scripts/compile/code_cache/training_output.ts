/**
 * What a program in training hands out when it ends, in the folder `training` of its home. This is bundled into the first
 * file of such a program, before all else.
 *
 * @module
 */

import { loadedPieces, loadedScripts, makeScript } from "./loader.ts";
import { functionsBefore, scriptsBefore } from "./code_bytes.ts";
import { laterName, type ScriptName, scriptNames } from "./parts.ts";

/** The text of `report.json`. */
export interface TrainingReport {
  /** The pieces that were loaded by themselves. */
  readonly pieces: readonly string[];
  /** The scripts whose code V8 did not take. */
  readonly rejected: readonly ScriptName[];
  /** The beginning of what V8 hands out, whatever the script. */
  readonly header: readonly number[];
}

const home = Deno.env.get("HOME");
// Without a home, as it is tried first, it does what any program does.
if (home !== undefined) handOut(`${home}/training`);

function handOut(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) if (name === laterName) numberLater();
  // Open from the start: once permissions are narrowed, the program may open nothing there.
  const report = createFile(`${folder}/report.json`);
  const codes = new Map(scriptNames.map((name) => [name, createFile(`${folder}/${name}.code`)]));
  addEventListener("unload", () => {
    const rejected = scriptNames.filter((name) => loadedScripts.get(name)?.cachedDataRejected);
    const header = [...makeScript("empty", new Uint8Array()).createCachedData().subarray(0, 32)];
    const pieces = [...loadedPieces];
    const text = JSON.stringify({ pieces, rejected, header } satisfies TrainingReport);
    writeAll(report, new TextEncoder().encode(text));
    for (const [name, script] of loadedScripts) {
      writeAll(codes.get(name), script.createCachedData());
    }
  });
}

/** Makes functions, so that all others are numbered later. V8 does not make a script of the same text twice. */
function numberLater(): void {
  const functions = "()=>0,".repeat(functionsBefore / scriptsBefore);
  for (let number = 0; number < scriptsBefore; number++) {
    makeScript("functions", new TextEncoder().encode(`[${functions}${number}]`));
  }
}

function createFile(path: string): Deno.FsFile {
  return Deno.openSync(path, { write: true, create: true, truncate: true });
}

function writeAll(file: Deno.FsFile | undefined, bytes: Uint8Array): void {
  let length = 0;
  while (file !== undefined && length < bytes.length) {
    length += file.writeSync(bytes.subarray(length));
  }
}
