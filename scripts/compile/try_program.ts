/**
 * Tries a program that was just compiled: it is run if it is for this machine; otherwise its header is checked.
 *
 * @module
 */

import { describeVersion } from "../../src/cli/help/version.ts";
import type { BuildFacts } from "../../src/build.ts";
import { checkExecutable, headerLength } from "./executable.ts";

/** What is known of a program that was just made. */
export interface MadeFile {
  readonly path: string;
  readonly target: string;
  readonly facts: BuildFacts;
}

/** How it is tried. */
export interface TrialOptions {
  /** The target that this machine runs. Default: this machine's own. */
  readonly runs?: string;
  /** When a program that says nothing counts as hanging, in milliseconds. Default: one minute. */
  readonly limitMs?: number;
}

/**
 * Rejects a program that is for another machine, or does not start, or is not stsaval as it was just built.
 *
 * @throws {Error} that says what it did and what was wanted
 */
export async function tryProgram(
  { path, target, facts }: MadeFile,
  { runs = Deno.build.target, limitMs = 60_000 }: TrialOptions = {},
): Promise<void> {
  checkExecutable(await readStart(path), target);
  if (target !== runs) return;
  const words = ["--version", "--verbose"];
  const wanted = describeVersion(words, facts);
  const { ending, stdout, stderr } = await run(path, words, limitMs);
  if (ending === "status 0" && stdout === wanted) return;
  const said = inShort(stderr) || inShort(stdout) || "nothing";
  const line = `stsaval-${target} ${words.join(" ")}`;
  throw new Error(
    `Cannot use what was compiled: "${line}" ended with ${ending} and said: ${said}\n` +
      `wanted: ${inShort(wanted)}`,
  );
}

async function readStart(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(headerLength);
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * In an environment without settings, so that what it says does not depend on whose machine it is made on. `PATH` is
 * there since Deno looks for the programs of `--allow-run` in it before anything else.
 */
async function run(path: string, args: readonly string[], limitMs: number) {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const { code, signal, stdout, stderr } = await new Deno.Command(await Deno.realPath(path), {
      args: [...args],
      clearEnv: true,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
      stdin: "null",
      signal: limit,
    }).output();
    const decoder = new TextDecoder();
    const ending = limit.aborted ? `no end within ${limitMs} ms` : `status ${signal ?? code}`;
    return { ending, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    // It is not even a program that the system can start.
    const why = error instanceof Error ? error.message : String(error);
    return { ending: "an error of the system", stdout: "", stderr: why };
  }
}

function inShort(text: string): string {
  return text.trim().slice(0, 1_000);
}
