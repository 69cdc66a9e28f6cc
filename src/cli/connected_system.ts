/**
 * The system for commands that call AWS without a StsCore: its calls trust the certificates that the environment or the
 * profiles name, as those of a StsCore do.
 *
 * @module
 */

import { Connection } from "../session/connection.ts";
import type { System } from "../system.ts";
import type { Invocation } from "./command.ts";
import { knownConfig } from "./known_config.ts";

/**
 * The system of the command, for the calls of these profiles.
 *
 * @throws {UsageError} when a file of certificates cannot be read, or a proxy is malformed
 */
export async function connectedSystem(
  invocation: Invocation,
  profiles: readonly string[],
): Promise<System> {
  const { system } = invocation;
  const config = await knownConfig(invocation);
  const connection = new Connection(system);
  await connection.prepare(profiles.flatMap((name) => config.profiles.get(name)?.caBundle ?? []));
  return { ...system, network: { ...system.network, ...connection.network } };
}
