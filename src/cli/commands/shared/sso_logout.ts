/**
 * The part of `stsaval logout` that ends sign-ins to IAM Identity Center.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import { ProfileError } from "../../../errors.ts";
import { loggerFor } from "../../../logger.ts";
import type { Invocation } from "../../command.ts";
import { connectedSystem } from "../../connected_system.ts";
import { coreSettings } from "../../core_settings.ts";
import { type SsoLogin, ssoLoginOf, ssoLoginOfSession } from "./sso_login.ts";

/** The sign-ins of the profiles, or all that the configuration names; each once. */
export function signInsOf(config: Config, names: readonly string[] | "all"): readonly SsoLogin[] {
  const found = names === "all"
    ? [
      ...[...config.ssoSessions.keys()].map((name) =>
        attempt(() => ssoLoginOfSession(config, name))
      ),
      ...[...config.profiles.keys()].map((name) => attempt(() => ssoLoginOf(config, name))),
    ]
    : names.map((name) => attempt(() => ssoLoginOf(config, name)));
  const byToken = new Map<string, SsoLogin>();
  for (const login of found) {
    if (login === undefined) continue;
    const { session, startUrl } = login.target;
    byToken.set(session ?? startUrl, login);
  }
  return [...byToken.values()];
}

/** A profile whose sign-in cannot be used has none to end. */
function attempt(work: () => SsoLogin | undefined): SsoLogin | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProfileError) return undefined;
    throw error;
  }
}

/** Ends the sign-ins, and gives the names of those that were there. */
export async function signOutOfSso(
  invocation: Invocation,
  logins: readonly SsoLogin[],
): Promise<readonly string[]> {
  if (logins.length === 0) return [];
  const { arguments: given, logger, signal } = invocation;
  const system = await connectedSystem(invocation, logins.map(({ name }) => name));
  system.network.callOnly?.(logins.map(({ target }) => target.portalUrl));
  const { signOut } = await import("../../../source/sso/sign_out.ts");
  const { timeoutMs, lockTimeoutMs } = coreSettings(given);
  const context = {
    ...{ system, signal, timeoutMs, lockTimeoutMs },
    now: () => system.clock.now(),
    logger: loggerFor(logger, "sso"),
  };
  const ended: string[] = [];
  for (const { name, target } of logins) {
    const result = await signOut({ ...target, profile: name }, context);
    if (result !== "absent") ended.push(target.session ?? target.startUrl);
  }
  return ended;
}
