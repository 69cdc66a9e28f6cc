/**
 * The sandbox of a command that runs as a whole, hosts included.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import type { CommandSystem, ProgramSystem } from "../../system.ts";
import type { Command } from "../command.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { rowsOf } from "./needs.ts";
import { narrowNetwork } from "./network.ts";
import { narrowAllButHosts } from "./sandbox.ts";

/** Narrows the program's permissions to what the command needs, and returns the system for it to run on. */
export async function narrow(
  command: Pick<Command, "name" | "needs" | "unnamed">,
  given: ParsedArguments,
  system: ProgramSystem,
  facts: BuildFacts | undefined = build,
): Promise<CommandSystem & AsyncDisposable> {
  const held = await narrowAllButHosts(command, given, system, facts);
  system.permissions.drop("sys");
  const narrowed = narrowNetwork(rowsOf(command.needs, given), {
    ...{ name: command.name, system, facts, given },
  });
  // From source, the program is a guest of whatever else runs in its process: its tests, for one.
  if (facts !== undefined) system.permissions.seal();
  if (held === undefined) return { ...narrowed, async [Symbol.asyncDispose]() {} };
  const { withShells } = await import("./shells.ts");
  return await withShells(narrowed, system, held, facts);
}
