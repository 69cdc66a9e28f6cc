/**
 * The part of `stsaval logout` that ends sign-ins by `aws login`.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import { loggerFor } from "../../../logger.ts";
import { profileBehind } from "../../../source/profile_behind.ts";
import type { Invocation } from "../../command.ts";
import { reportWait } from "../../context.ts";
import { coreSettings } from "../../core_settings.ts";

/** A sign-in, with the first profile that names it. */
export interface AwsLogin {
  readonly loginSession: string;
  readonly profile: string;
}

/** The sign-ins of the profiles, or all that the configuration names; each once. */
export function awsLoginsOf(
  { profiles }: Config,
  names: readonly string[] | "all",
): readonly AwsLogin[] {
  const found = new Map<string, AwsLogin>();
  for (const name of names === "all" ? profiles.keys() : names) {
    const profile = profileBehind(name, profiles, (profile) => profile.loginSession !== undefined);
    const loginSession = profile?.loginSession?.trim();
    if (profile === undefined || loginSession === undefined || found.has(loginSession)) continue;
    found.set(loginSession, { loginSession, profile: profile.name });
  }
  return [...found.values()];
}

/** Ends the sign-ins, and gives those that were there. */
export async function forgetAwsLogins(
  { arguments: given, logger, signal, system }: Invocation,
  logins: readonly AwsLogin[],
): Promise<readonly string[]> {
  if (logins.length === 0) return [];
  const { forgetLogin } = await import("../../../source/login/sign_out.ts");
  const context = {
    ...{ system, signal, lockTimeoutMs: coreSettings(given).lockTimeoutMs },
    now: () => system.clock.now(),
    logger: loggerFor(logger, "login"),
    onWait: (holder: string) => reportWait(system.terminal, holder),
  };
  const ended: string[] = [];
  for (const login of logins) {
    if (await forgetLogin(login, context)) ended.push(login.loginSession);
  }
  return ended;
}
