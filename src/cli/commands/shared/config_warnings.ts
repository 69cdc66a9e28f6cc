/**
 * Warns of settings in the configuration files that have no effect, in the commands that show what the files say.
 *
 * @module
 */

import { loadConfig } from "../../../config/load.ts";
import { formatPlace } from "../../../errors.ts";
import { loggerFor } from "../../../logger.ts";
import { configOptions } from "../../../session/plan_settings.ts";
import type { Invocation } from "../../command.ts";
import { coreSettings } from "../../core_settings.ts";
import { canBeReread, configFile, credentialsFile } from "../../permissions/needs.ts";

/** Warns of likely mistakes; settings that are ignored by the rules of the files are logged with `--verbose` only. */
export async function showConfigWarnings(invocation: Invocation): Promise<void> {
  const { arguments: given, logger, system } = invocation;
  const context = { arguments: given, env: system.env };
  // The files are read again for the command itself.
  if (![configFile(context), credentialsFile(context)].every(canBeReread)) return;
  const { warnings } = await loadConfig(system, configOptions(coreSettings(given)));
  const log = loggerFor(logger, "config");
  for (const { place, message, byRule } of warnings) {
    const text = `load: ${formatPlace(place)}: ${message}`;
    if (byRule) log.info(text);
    else log.warn(text);
  }
}
