/**
 * What is left of the compiled program's permissions for a command line.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { BuildFacts } from "../../../src/build.ts";
import { commands } from "../../../src/cli/commands.ts";
import { environmentNames } from "../../../src/cli/permissions/needs.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { grantedHosts } from "../../../src/cli/permissions/network.ts";
import { narrow } from "../../../src/cli/permissions/narrow.ts";
import type { CommandSystem, Helpers } from "../../../src/system.ts";
import { FakePermissions, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";

/** What the compiled program is granted. */
export const compiled: readonly string[] = [
  ...["read:/", "write:/", "run"],
  ...grantedHosts().map((host) => `net:${host}`),
  ...environmentNames(true).map((name) => `env:${name}`),
];

/** As a release: no host and no program of anybody's own. */
export const released: BuildFacts = { commit: "", deno: "", lock: "", hosts: [] };

/** What is left. */
export interface Narrowed {
  readonly system: CommandSystem;
  readonly grants: Set<string>;
  /** Whether what leads round permissions was removed. */
  readonly isSealed: boolean;
  /** The names that are left of a kind, sorted. */
  left(kind: string): readonly string[];
}

/** What there is before. */
export interface Start {
  readonly grants?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  /** The folders that all files are below. */
  readonly roots?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly facts?: BuildFacts;
  /** False where standard input or standard error leads elsewhere. */
  readonly canAsk?: boolean;
  readonly helper?: Helpers["start"];
}

/** Narrows what `words` need, from the grants of the compiled program. */
export async function narrowed(
  line: readonly string[],
  { grants = compiled, links = {}, files = {}, env = {}, roots, facts, canAsk = true, helper }:
    Start = {},
): Promise<Narrowed> {
  const permissions = new FakePermissions(grants, links);
  if (roots !== undefined) permissions.roots = roots;
  const { command, rest: words } = await commands.resolve(line);
  assert(command !== undefined);
  const terminal = new ScriptedTerminal({ isTerminal: canAsk });
  const system = fakeSystem({ permissions, files, env, terminal, ...(helper && { helper }) });
  return {
    system: await narrow(command, parseArguments(command, words), system, facts),
    grants: permissions.grants,
    isSealed: permissions.isSealed,
    left: (kind) =>
      [...permissions.grants].filter((grant) => grant === kind || grant.startsWith(`${kind}:`))
        .map((grant) => grant.slice(kind.length + 1)).sort(),
  };
}
