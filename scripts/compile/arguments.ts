/**
 * The arguments of `deno compile`.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";
import { environmentNames } from "../../src/cli/permissions/needs.ts";
import { grantedHosts } from "../../src/cli/permissions/network.ts";
import { rootFolders } from "../../src/deno/platform/roots.ts";
import { type Target, type TargetFacts, targetTable } from "./targets.ts";

/** How Deno names the systems. */
const denoSystems = { linux: "linux", macos: "darwin", windows: "windows" } as const;

/** The program's permissions before it narrows them: all by name, so that they can be narrowed. */
export function compiledPermissions(
  { hosts, programs }: Pick<BuildFacts, "hosts" | "programs">,
  system: TargetFacts["system"] = "linux",
): readonly string[] {
  const roots = rootFolders(denoSystems[system]).join(",");
  return [
    // Deno never prompts: what is not allowed fails.
    "--no-prompt",
    // Not the bare flags, which cannot be narrowed. The home folder is not known at compile time.
    `--allow-read=${roots}`,
    `--allow-write=${roots}`,
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
    ...compiledPermissions(options.facts, targetTable[options.target].system),
    // All its modules are in the folder: nothing is resolved or fetched.
    ...["--no-lock", "--no-npm", "--no-remote", "--no-check"],
    `--config=${options.folder}/deno.json`,
    // The cache would be a file in /tmp with a predictable name, and V8 would trust its content.
    "--no-code-cache",
    // What lives briefly gets 1 MiB in place of up to 16, and the rest is first collected at 12 MiB: a list of 10,000
    // profiles takes 77 to 79 MiB. Without the second it takes 76 to 86, with 2 MiB in the first 79 to 86, with 8 it
    // takes 94. The server answers at most 3 % fewer requests, and a cold start takes no longer.
    // V8 would soon make the headers of every request in the old space, where a full collection has to fetch them three
    // times a second: without that, the server answers 8 % more requests, and 1 % of them no longer wait for 4 ms.
    "--v8-flags=--max-semi-space-size=1,--initial-old-space-size=12,--no-allocation-site-pretenuring",
    `--target=${options.target}`,
    `--include=${options.folder}`,
    `--output=${options.output}`,
    `${options.folder}/${options.entry}`,
  ];
}
