/**
 * The profile that SDKs take before they ask a server.
 *
 * @module
 */

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
  const profile = (await knownConfig(invocation)).profiles.get("default");
  if (profile === undefined || deciding.every((field) => profile[field] === undefined)) return;
  invocation.logger.warn(
    'serve: SDKs take the profile "default" of your files before they ask the server; set ' +
      "AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to /dev/null for the program, or rename the profile",
  );
}
