/**
 * What the program is compiled for: one table, by Deno's names of the targets. The names of the files, the packages and
 * the channels derive from it.
 *
 * @module
 */

/** What a target is. */
export interface TargetFacts {
  readonly system: "linux" | "macos" | "windows";
  readonly machine: "x86_64" | "aarch64";
}

/** The rows. */
export const targetTable = {
  "x86_64-unknown-linux-gnu": { system: "linux", machine: "x86_64" },
  "aarch64-unknown-linux-gnu": { system: "linux", machine: "aarch64" },
  "x86_64-apple-darwin": { system: "macos", machine: "x86_64" },
  "aarch64-apple-darwin": { system: "macos", machine: "aarch64" },
  "x86_64-pc-windows-msvc": { system: "windows", machine: "x86_64" },
  "aarch64-pc-windows-msvc": { system: "windows", machine: "aarch64" },
} as const satisfies Readonly<Record<string, TargetFacts>>;

/** The name of a target. */
export type Target = keyof typeof targetTable;

/** All of them. */
export const targets = Object.keys(targetTable) as readonly Target[];

/** The targets of one system. */
export function targetsOf(system: TargetFacts["system"]): readonly Target[] {
  return targets.filter((target) => targetTable[target].system === system);
}

/** The name of the program's file in a release. */
export function programName(target: Target): string {
  return `stsaval-${target}${targetTable[target].system === "windows" ? ".exe" : ""}`;
}

/** The target that a program was compiled for, by the name of its file. */
export function targetOfProgram(path: string): Target | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return targets.find((target) => name === programName(target));
}
