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

// What lives briefly gets 1 MiB in place of up to 16: with 2 or 8 MiB, a list of 10,000 profiles takes 2 to 15 MiB more.
// The rest is first collected at 17 MiB, and then at once: in small steps V8 begins earlier, which fell into every cold
// start (4 of 60 ms), and what is read meanwhile is kept until the next time. 100 roles stay below that, at 16 MiB. One
// thread collects: to wake others costs more than they do, and a server answers as many requests.
// V8 would soon make the headers of every request in the old space, where a full collection has to fetch them three
// times a second: without that, the server answers 8 % more requests, and 1 % of them no longer wait for 4 ms.
// Of V8's compilers, the one that takes the longest is enough, for what runs the most: without the two before it, 100 roles
// take a tenth less and a cold start 1 to 2 % less, and the server answers as many requests. So does a regular expression
// that is compiled at once. It waits for four times as many calls as usual, since 14 functions took 19 ms of 100 roles, and
// more memory than the list of 10,000 has to spare; a server is as quick, a few seconds later.
const engineFlags = [
  "--max-semi-space-size=1",
  "--initial-old-space-size=17",
  "--no-incremental-marking",
  "--single-threaded-gc",
  "--no-allocation-site-pretenuring",
  "--no-maglev",
  "--no-sparkplug",
  "--invocation-count-for-turbofan=12000",
  "--no-regexp-tier-up",
];

/** The arguments that compile the program from a folder with its modules. */
export function compileArguments(options: {
  readonly target: Target;
  readonly output: string;
  readonly folder: string;
  readonly entry: string;
  readonly facts: Pick<BuildFacts, "hosts" | "programs">;
  /** Further flags of V8, for training. */
  readonly flags?: readonly string[] | undefined;
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
    `--v8-flags=${[...engineFlags, ...options.flags ?? []].join(",")}`,
    `--target=${options.target}`,
    `--include=${options.folder}`,
    `--output=${options.output}`,
    `${options.folder}/${options.entry}`,
  ];
}
