/**
 * Tells what the configuration files hold that does not count, in the commands that show what the files say.
 *
 * @module
 */

import { loadConfig } from "../../../config/load.ts";
import { formatPlace } from "../../../errors.ts";
import { loggerFor } from "../../../logger.ts";
import { configOptions } from "../../../session/plan_settings.ts";
import type { Invocation } from "../../command.ts";
import { coreSettings } from "../../core_settings.ts";
import { canBeReadTwice, configFile, credentialsFile } from "../../permissions/needs.ts";

/** Warns of what nobody can have meant; what the rules of the files want so is for who asks to see more. */
export async function showConfigWarnings(invocation: Invocation): Promise<void> {
  const { arguments: given, logger, system } = invocation;
  const context = { arguments: given, env: system.env };
  // The files are read again for the command itself.
  if (![configFile(context), credentialsFile(context)].every(canBeReadTwice)) return;
  const { warnings } = await loadConfig(system, configOptions(coreSettings(given)));
  const log = loggerFor(logger, "config");
  for (const { place, message, byRule } of warnings) {
    const text = `load: ${formatPlace(place)}: ${message}`;
    if (byRule) log.info(text);
    else log.warn(text);
  }
}
