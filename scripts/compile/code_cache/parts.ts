/**
 * The parts of the compiled program, which its first file loads one after the other until one has done the work; the
 * bundles that they are made of; and the scripts that V8 has code of.
 *
 * @module
 */

/** A part. */
interface PartFacts {
  /** The module that it is made of. */
  readonly module: string;
  /** What the first file uses of it. */
  readonly exported: string;
  /** The parts of a bundle share its pieces. */
  readonly bundle: "answer" | "commands";
}

/** The parts. */
export const partTable = {
  answer: {
    module: "src/cli/shortcut/answer.ts",
    exported: "answerShortly",
    bundle: "answer",
  },
  cached_process: {
    module: "src/cli/cached_process.ts",
    exported: "processFromCache",
    bundle: "commands",
  },
  main: { module: "src/cli/main.ts", exported: "main", bundle: "commands" },
} as const satisfies Readonly<Record<string, PartFacts>>;

/** The name of a part. */
export type PartName = keyof typeof partTable;

/** All of them. */
export const partNames = Object.keys(partTable) as readonly PartName[];

/** The name of a bundle. */
export type BundleName = typeof partTable[PartName]["bundle"];

/** All of them. */
export const bundleNames: readonly BundleName[] = ["answer", "commands"];

/**
 * The starts that a program is trained with: a list of the profiles, a role with a code, the same one from the cache for
 * the first time since the configuration was written, and once more, when the plan is known.
 */
export const startNames = ["list", "cold", "cached", "known"] as const;

/** The name of a start. */
export type StartName = typeof startNames[number];

/** The starts that decide what the scripts of a bundle hold. */
export const bundleStarts: Readonly<Record<BundleName, readonly StartName[]>> = {
  answer: ["known"],
  commands: ["list", "cold", "cached"],
};

/** A script that V8 has code of. */
interface ScriptFacts {
  readonly bundle: BundleName;
  /** It holds the pieces that these of the bundle's starts load, and no other. */
  readonly loadedBy: readonly StartName[];
  /** The start that its code comes of. */
  readonly trainedBy: StartName;
}

/** The scripts: no start loads one that it has no use for. */
export const scriptTable = {
  answer: { bundle: "answer", loadedBy: ["known"], trainedBy: "known" },
  every: { bundle: "commands", loadedBy: ["list", "cold", "cached"], trainedBy: "cold" },
  command: { bundle: "commands", loadedBy: ["list", "cold"], trainedBy: "cold" },
  lookup: { bundle: "commands", loadedBy: ["cold", "cached"], trainedBy: "cold" },
  session: { bundle: "commands", loadedBy: ["cold"], trainedBy: "cold" },
  cached: { bundle: "commands", loadedBy: ["cached"], trainedBy: "cached" },
} as const satisfies Readonly<Record<string, ScriptFacts>>;

/** The name of such a script. */
export type ScriptName = keyof typeof scriptTable;

/** All of them. */
export const scriptNames = Object.keys(scriptTable) as readonly ScriptName[];

/** The name of the one file with all of them. */
export const scriptsFile = "scripts.bin";

/** One value a script. */
export type OfScripts<Value> = Readonly<Record<ScriptName, Value>>;

/** One value a script. */
export function ofScripts<Value>(make: (name: ScriptName) => Value): OfScripts<Value> {
  return Object.fromEntries(scriptNames.map((name) => [name, make(name)])) as OfScripts<Value>;
}

/**
 * Where the pieces of a bundle lie, by the names with which others import them: a script that V8 has code of, or the first
 * byte and the length of a script of its own.
 */
export type Places = Readonly<
  Record<string, ScriptName | readonly [start: number, length: number]>
>;

/** Those of both bundles. */
export type PlacesOfBundles = Readonly<Record<BundleName, Places>>;

/** The name of a file that asks a program in training to give its functions other numbers. */
export const laterName = "later";
