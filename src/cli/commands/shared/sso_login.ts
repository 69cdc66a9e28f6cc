/**
 * The part of `stsaval login` that signs in to IAM Identity Center.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import { resolveChain } from "../../../config/plan/chain.ts";
import { ProgressState } from "../../../progress.ts";
import { nearestName } from "../../../nearest.ts";
import { ProfileError } from "../../../errors.ts";
import { formatDuration } from "../../../duration.ts";
import { isKeysStep } from "../../../plan.ts";
import { sso } from "../../../source/sso/sso.ts";
import { loggerFor } from "../../../logger.ts";
import { visible } from "../../../output/table.ts";
import { sessionTarget, signInOf, ssoProfileBehind, urlsOf } from "../../../source/sso/settings.ts";
import type { SignInPage, SignInTarget } from "../../../source/sso/sign_in_request.ts";
import type { Invocation } from "../../command.ts";
import { waitReporter } from "../../context.ts";
import { connectedSystem } from "../../connected_system.ts";
import { coreSettings } from "../../core_settings.ts";

/** Variables that say that no browser of the person runs on this machine. */
const remoteVariables = [
  "SSH_CONNECTION",
  "SSH_CLIENT",
  "SSH_TTY",
  "CI",
  "CODESPACES",
  "CLOUD_SHELL",
] as const;

/** What is signed in to. */
export interface SsoLogin {
  /** The profile, or the section, that was asked for. */
  readonly name: string;
  readonly target: SignInTarget & { readonly portalUrl: string };
}

/**
 * The sign-in behind a profile; undefined where it rests on none.
 *
 * @throws {ProfileError} where a setting of the sign-in is missing
 */
export function ssoLoginOf(config: Config, name: string): SsoLogin | undefined {
  const profile = ssoProfileBehind(name, config.profiles);
  if (profile === undefined || startsElsewhere(config, name)) return undefined;
  const recognition = { ...config, asked: name, profile };
  const signIn = signInOf(recognition);
  return { name, target: { ...signIn, ...urlsOf(recognition, signIn) } };
}

/** Whether the profile has a plan that starts from something else, such as keys beside the settings of a sign-in. */
function startsElsewhere(config: Config, name: string): boolean {
  try {
    const { base } = resolveChain(config, name, undefined, { suggest: false });
    return isKeysStep(base) || base.source !== sso.source;
  } catch (error) {
    if (error instanceof ProfileError) return false;
    throw error;
  }
}

/**
 * The sign-in of a section.
 *
 * @throws {ProfileError} where there is no such section, or it lacks a setting
 */
export function ssoLoginOfSession(config: Config, session: string): SsoLogin {
  const found = config.ssoSessions.get(session);
  if (found !== undefined) return { name: session, target: sessionTarget(found, config) };
  const nearest = nearestName(session, config.ssoSessions.keys());
  throw new ProfileError([{
    profile: session,
    message: `Cannot find section [sso-session ${session}] in "${config.files.config}"`,
    hint: nearest === undefined ? undefined : `did you mean "${nearest}"?`,
  }]);
}

/** Signs in, and gives the exit status. */
export async function signInToSso(
  invocation: Invocation,
  { name, target }: SsoLogin,
): Promise<number> {
  const { arguments: given, logger, signal } = invocation;
  const system = await connectedSystem(invocation, [name]);
  const { mayOpen } = await import("../../../source/sso/sign_in_pages.ts");
  system.network.callOnly?.([target.oidcUrl], { mayOpen: mayOpen(target) });
  const { signIn } = await import("../../../source/sso/sign_in.ts");
  const { timeoutMs, lockTimeoutMs } = coreSettings(given);
  const waits = new ProgressState(invocation.onProgress);
  using _work = waits.begin(1);
  const token = await signIn(target, {
    method: await methodOf(invocation, target),
    show: (page) => showPage(invocation, page),
    profile: name,
  }, {
    system,
    now: () => system.clock.now(),
    logger: loggerFor(logger, "sso"),
    signal,
    timeoutMs,
    lockTimeoutMs,
    onWait: waitReporter(invocation),
    waits,
  });
  const left = formatDuration((token.expiresAt - system.clock.now()) / 1_000);
  const renewable = token.refreshToken !== undefined;
  const session = target.session ?? target.startUrl;
  const until = new Date(token.expiresAt);
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ profile: name, session, until, renewable })}\n`
      : `Signed in to IAM Identity Center "${session}"${
        renewable ? ", renewed without a browser until the session ends" : ` for ${left}`
      }\n`,
  );
  return 0;
}

/** A legacy profile has no browser sign-in, as with the AWS CLI. */
async function methodOf(
  invocation: Invocation,
  { session }: SignInTarget,
): Promise<"browser" | "device"> {
  const { arguments: given, system } = invocation;
  if (given.flag("device") || session === undefined || isRemote(invocation)) return "device";
  // With --no-browser the person opens the page in a browser of this machine.
  if (given.isNegated("browser")) return "browser";
  return await system.browser?.isHere() ?? true ? "browser" : "device";
}

function isRemote({ system }: Invocation): boolean {
  return remoteVariables.some((name) => system.env.get(name) !== undefined);
}

async function showPage(invocation: Invocation, { url, userCode }: SignInPage): Promise<void> {
  const { browser, terminal } = invocation.system;
  const isOpen = !isRemote(invocation) && (await browser?.open(url) ?? false);
  const where = isOpen ? "in the browser that opens, or on this page" : "on this page";
  const code = userCode === undefined ? "" : `and compare the code: ${visible(userCode)}\n`;
  terminal.err(`Sign in ${where}:\n  ${visible(url)}\n${code}`);
}
