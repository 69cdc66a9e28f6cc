/**
 * Warns of settings in the configuration files that have no effect, in the commands that show what the files say.
 *
 * @module
 */

import { formatPlace } from "../../../errors.ts";
import { loggerFor } from "../../../logger.ts";
import type { Invocation } from "../../command.ts";
import { knownConfig } from "../../known_config.ts";

/** Warns of likely mistakes; settings that are ignored by the rules of the files are logged with `--verbose` only. */
export async function showConfigWarnings(invocation: Invocation): Promise<void> {
  const { warnings } = await knownConfig(invocation);
  const log = loggerFor(invocation.logger, "config");
  for (const { place, message, byRule } of warnings) {
    const text = `load: ${formatPlace(place)}: ${message}`;
    if (byRule) log.info(text);
    else log.warn(text);
  }
}
