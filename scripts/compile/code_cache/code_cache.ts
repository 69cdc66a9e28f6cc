/**
 * The code cache of a program: what V8 makes of the scripts when the program does what most starts do. It is part of the
 * program, and the same for each build.
 *
 * @module
 */

import type { Stage } from "../stage.ts";
import { withFlagsOf, withoutNumbers } from "./code_bytes.ts";
import {
  bundleStarts,
  type OfScripts,
  ofScripts,
  type ScriptName,
  scriptTable,
  type StartName,
  startNames,
} from "./parts.ts";
import { makeScripted, makeScripts } from "./scripted.ts";
import { train, type TrainedStarts } from "./training.ts";

/** What makes programs of folders. */
export interface ProgramMaker {
  /** Compiles a folder, and returns the program's path. */
  compile(folder: string, flags?: readonly string[]): Promise<string>;
  /** Rejects a program that does not start. */
  tryProgram(path: string): Promise<void>;
}

/**
 * Flags with which each training has the same result. Objects lie in memory that was never used, since V8 hands out what
 * lies between their fields too; all code is kept; and none is optimized, since V8 notes for which functions it was.
 */
const trainingFlags = [
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--initial-old-space-size=256",
  "--no-flush-bytecode",
  "--no-opt",
  "--no-sparkplug",
];

/** A folder without any code: V8 compiles each piece when it is needed. */
export async function makeWithoutCode(stage: Stage): Promise<string> {
  const scripts = await makeScripts(stage, ofScripts(() => new Set()));
  return await makeScripted(stage, { name: "program", scripts, training: false });
}

/**
 * Trains the program, and makes the folder that it is compiled of.
 *
 * @throws {Error} when a start in training fails, or V8 does not take what it handed out
 */
export async function makeWithCode(stage: Stage, maker: ProgramMaker): Promise<string> {
  const inPieces = await makeScripts(stage, ofScripts(() => new Set()));
  const first = await maker.compile(
    await makeScripted(stage, { name: "recorder", scripts: inPieces, training: true }),
  );
  await maker.tryProgram(first);
  const recorded = await train(first);
  const scripts = await makeScripts(stage, earlyPieces(recorded));
  const trainee = await makeScripted(stage, { name: "trainee", scripts, training: true });
  const second = await maker.compile(trainee, trainingFlags);
  const own = await trainTwice(second);
  const code = ofScripts((name) => withFlagsOf(own[name], recorded.cold.header));
  const checked = await makeScripted(stage, { name: "checked", scripts, code, training: true });
  const tried = await train(await maker.compile(checked));
  const rejected = new Set(startNames.flatMap((start) => tried[start].rejected));
  if (rejected.size > 0) {
    throw new Error(
      `Cannot use the code cache: V8 does not take that of ${[...rejected].join(", ")}`,
    );
  }
  return await makeScripted(stage, { name: "program", scripts, code, training: false });
}

/** What the scripts hold. */
function earlyPieces(recorded: TrainedStarts): OfScripts<ReadonlySet<string>> {
  const loaded = new Map(startNames.map((start) => [start, new Set(recorded[start].pieces)]));
  const all = new Set(startNames.flatMap((start) => recorded[start].pieces));
  return ofScripts((name) => {
    const { bundle, loadedBy } = scriptTable[name];
    const wanted: ReadonlySet<StartName> = new Set(loadedBy);
    return new Set(
      [...all].filter((piece) =>
        bundleStarts[bundle].every((start) => loaded.get(start)?.has(piece) === wanted.has(start))
      ),
    );
  });
}

const mostAttempts = 5;

/**
 * Until a usual training and one with later numbers have the same result: a machine that is busy with something else may get
 * in the way of one.
 *
 * @throws {Error} when none has the result of any other
 */
async function trainTwice(path: string): Promise<OfScripts<Uint8Array>> {
  const usual: TrainedStarts[] = [];
  const later: TrainedStarts[] = [];
  let problem: unknown;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    usual.push(await train(path));
    later.push(await train(path, { later: true }));
    for (
      const [one, other] of usual.flatMap((one) => later.map((other) => [one, other] as const))
    ) {
      try {
        return ofScripts((name) => withoutNumbers(codeOf(name, one), codeOf(name, other)));
      } catch (error) {
        problem = error;
      }
    }
  }
  throw problem;
}

function codeOf(name: ScriptName, trained: TrainedStarts): Uint8Array {
  const code = trained[scriptTable[name].trainedBy].code.get(name);
  if (code !== undefined) return code;
  throw new Error(`Cannot train the program: it did not load ${name}`);
}
