/**
 * The profile that SDKs take before they ask a server.
 *
 * @module
 */

import { type Config, loadConfig } from "../../config/load.ts";
import type { Profile } from "../../config/profile.ts";
import type { Invocation } from "../command.ts";
import { knownConfig } from "../known_config.ts";

/** What makes SDKs get credentials from a profile. */
const deciding = [
  ...["accessKeyId", "sealedKeys", "roleArn", "ssoSession", "ssoStartUrl", "loginSession"],
  ...["credentialProcess", "webIdentityTokenFile"],
] as readonly (keyof Profile)[];

/** Warns where a profile `default` gives credentials: with no profile named, SDKs take it before they ask a server. */
export async function warnOfDefault(invocation: Invocation): Promise<void> {
  const profile = (await configOfPrograms(invocation))?.profiles.get("default");
  if (profile === undefined || deciding.every((field) => profile[field] === undefined)) return;
  invocation.logger.warn(
    'serve: SDKs take the profile "default" of your files before they ask the server; set ' +
      "AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to /dev/null for the program, or rename the profile",
  );
}

/** The configuration that SDKs read, which know nothing of our options; undefined if it cannot be read. */
async function configOfPrograms(invocation: Invocation): Promise<Config | undefined> {
  const { arguments: given, system } = invocation;
  const isTheirs = given.text("config-file") === undefined &&
    given.text("credentials-file") === undefined;
  if (isTheirs) return await knownConfig(invocation);
  return await loadConfig(system).catch(() => undefined);
}
