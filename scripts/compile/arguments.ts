/**
 * The arguments of `deno compile`, and the targets: two tables.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";
import { environmentNames } from "../../src/cli/permissions/needs.ts";
import { callableHosts } from "../../src/cli/permissions/sandbox.ts";

/** The machines that programs are made for, by the names that Deno gives them. */
export const targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** One of them. */
export type Target = typeof targets[number];

/** What the program may do before it narrows itself: all by name, so that it can. */
export function compiledPermissions(
  { hosts, programs }: Pick<BuildFacts, "hosts" | "programs">,
): readonly string[] {
  return [
    // Nobody is ever asked: what is not allowed fails.
    "--no-prompt",
    // Not the bare flags, which cannot be narrowed. A home is not known before the program runs.
    "--allow-read=/",
    "--allow-write=/",
    `--allow-net=${[...callableHosts(), ...hosts].join(",")}`,
    `--allow-env=${environmentNames().join(",")}`,
    // Programs have no root folder: it is all of them, or a list of names made today.
    programs === undefined ? "--allow-run" : `--allow-run=${programs.join(",")}`,
  ];
}

/** How the program is made of a folder that holds its modules. */
export function compileArguments(options: {
  readonly target: Target;
  readonly output: string;
  readonly folder: string;
  readonly entry: string;
  readonly facts: Pick<BuildFacts, "hosts" | "programs">;
}): readonly string[] {
  return [
    "compile",
    "--quiet",
    ...compiledPermissions(options.facts),
    // Its modules are all in the folder: nothing is looked up, nothing is fetched.
    ...["--no-lock", "--no-npm", "--no-remote", "--no-check"],
    `--config=${options.folder}/deno.json`,
    // The cache would be a file in /tmp with a name that everybody knows, and V8 would believe what is in it.
    "--no-code-cache",
    `--target=${options.target}`,
    `--include=${options.folder}`,
    `--output=${options.output}`,
    `${options.folder}/${options.entry}`,
  ];
}
