/**
 * The arguments of `deno compile`, and the targets: two tables.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";
import { environmentNames } from "../../src/cli/permissions/needs.ts";
import { grantedHosts } from "../../src/cli/permissions/network.ts";

/** The targets of the program, by Deno's names. */
export const targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** One of them. */
export type Target = typeof targets[number];

/** The program's permissions before it narrows them: all by name, so that they can be narrowed. */
export function compiledPermissions(
  { hosts, programs }: Pick<BuildFacts, "hosts" | "programs">,
): readonly string[] {
  return [
    // Deno never prompts: what is not allowed fails.
    "--no-prompt",
    // Not the bare flags, which cannot be narrowed. The home folder is not known at compile time.
    "--allow-read=/",
    "--allow-write=/",
    `--allow-net=${[...grantedHosts(), ...hosts].join(",")}`,
    `--allow-env=${environmentNames(true).join(",")}`,
    // Who runs it and where the home is: read at the start, then dropped.
    "--allow-sys=uid,homedir",
    // Programs have no root folder: it is all of them, or a list of names fixed at compile time.
    programs === undefined ? "--allow-run" : `--allow-run=${programs.join(",")}`,
  ];
}

/** The arguments that compile the program from a folder with its modules. */
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
    // All its modules are in the folder: nothing is resolved or fetched.
    ...["--no-lock", "--no-npm", "--no-remote", "--no-check"],
    `--config=${options.folder}/deno.json`,
    // The cache would be a file in /tmp with a predictable name, and V8 would trust its content.
    "--no-code-cache",
    `--target=${options.target}`,
    `--include=${options.folder}`,
    `--output=${options.output}`,
    `${options.folder}/${options.entry}`,
  ];
}
