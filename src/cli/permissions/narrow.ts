/**
 * The sandbox of a command that runs as a whole, hosts included.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import type { CommandSystem, ProgramSystem } from "../../system.ts";
import type { Command } from "../command.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { type NeedRow, rowsOf } from "./needs.ts";
import { anyPort, narrowNetwork } from "./network.ts";
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
  const rows = rowsOf(command.needs, given);
  const ports = await freePorts(rows, given, system);
  const narrowed = narrowNetwork(rows, {
    ...{ name: command.name, system, facts, given, ports },
  });
  // From source, the program is a guest of whatever else runs in its process: its tests, for one.
  if (facts !== undefined) system.permissions.seal();
  if (held === undefined) return { ...narrowed, async [Symbol.asyncDispose]() {} };
  const { withShells } = await import("./shells.ts");
  return await withShells(narrowed, system, held, facts);
}

/**
 * A free port for each server that takes any: with its number it can listen again, should the runtime have ceased to, and
 * no other port can be reached. None where only port 0 may be used.
 */
async function freePorts(
  rows: readonly NeedRow[],
  given: ParsedArguments,
  { network, permissions }: ProgramSystem,
): Promise<readonly number[]> {
  const addresses = rows.flatMap((row) => row.listen?.(given) ?? []);
  const wanted = addresses.filter((address) => address.endsWith(anyPort));
  const stop = new AbortController();
  const { signal } = stop;
  const listeners = await Promise.all(
    wanted.map(() => network.serve(() => new Response(null, { status: 503 }), { port: 0, signal })),
  ).catch(() => []);
  stop.abort();
  await Promise.all(listeners.map(({ finished }) => finished));
  const ports = listeners.map(({ port }) => port);
  return ports.every((port) => permissions.allows("net", `127.0.0.1:${port}`)) ? ports : [];
}
