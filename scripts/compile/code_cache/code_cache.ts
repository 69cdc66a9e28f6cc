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
  scriptNames,
  scriptTable,
  type StartName,
  startNames,
} from "./parts.ts";
import { sameTwice } from "./same_twice.ts";
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
 * lies between their fields too; all code is kept; none is optimized, since V8 notes for which functions it was; and V8
 * notes for each function where in the text its code comes from. Otherwise it does so for those that an error passed
 * through, and whether a file was found can hang on how quick the disk is.
 */
const trainingFlags = [
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--initial-old-space-size=256",
  "--no-flush-bytecode",
  "--no-opt",
  "--no-sparkplug",
  "--no-enable-lazy-source-positions",
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
  const recorded = await record(first);
  const scripts = await makeScripts(stage, earlyPieces(recorded));
  const trainee = await makeScripted(stage, { name: "trainee", scripts, training: true });
  const second = await maker.compile(trainee, trainingFlags);
  const own = await trainForCode(second);
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

/** What the starts loaded, which two recordings agree on: a busy machine may get in the way of one. */
async function record(path: string): Promise<TrainedStarts> {
  return await sameTwice(() => train(path), (one, other) =>
    startNames.every((start) => {
      const loaded = new Set(one[start].pieces);
      return new Set(other[start].pieces).symmetricDifference(loaded).size === 0;
    }));
}

/** The code of a usual training and one with later numbers, which two such pairs agree on. */
async function trainForCode(path: string): Promise<OfScripts<Uint8Array>> {
  const pair = async () => {
    const usual = codesOf(await train(path));
    const later = codesOf(await train(path, { later: true }));
    try {
      return ofScripts((name) => withoutNumbers(usual[name], later[name]));
    } catch {
      // Something else got in the way of one of them.
      return undefined;
    }
  };
  return await sameTwice(
    pair,
    (one, other) => scriptNames.every((name) => isSame(one[name], other[name])),
  );
}

function codesOf(trained: TrainedStarts): OfScripts<Uint8Array> {
  return ofScripts((name) => codeOf(name, trained));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function codeOf(name: ScriptName, trained: TrainedStarts): Uint8Array {
  const code = trained[scriptTable[name].trainedBy].code.get(name);
  if (code !== undefined) return code;
  throw new Error(`Cannot train the program: it did not load ${name}`);
}
