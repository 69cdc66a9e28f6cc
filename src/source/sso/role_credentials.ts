/**
 * The credentials of a role in IAM Identity Center, for the token of a sign-in.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import { Gate } from "../gate.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";
import { getRoleCredentials, PortalError } from "./portal.ts";
import { signInNeeded, type SignInRequest, usableToken } from "./token.ts";

/** How many calls of the portal may be under way: it allows about 20 a second. */
const atOnce = 5;

/** One gate for each network, so that all the profiles of a process share it. */
const gates = new WeakMap<object, Gate>();

/**
 * Fetches the credentials of an SSO step.
 *
 * @throws {SignInNeededError} where the sign-in has ended
 * @throws {SourceError} where the portal refuses or cannot be reached
 */
export async function fetchRoleCredentials(
  step: SourceStep,
  context: SourceContext,
): Promise<SourceCredentials> {
  const { session, startUrl = "", oidcUrl = "", portalUrl = "" } = step.settings;
  const { accountId = "", roleName = "" } = step.settings;
  const request: SignInRequest = { session, startUrl, oidcUrl, profile: step.profile };
  const { accessToken } = await usableToken(request, context);
  const ask = (accessToken: string) =>
    gateOf(context).run(
      () => getRoleCredentials(context, { portalUrl, accessToken }, { accountId, roleName }),
      context.signal,
    );
  try {
    return await ask(accessToken).catch(async (error) => {
      if (!isRejected(error)) throw error;
      const newer = await usableToken(request, context, accessToken);
      if (newer.accessToken === accessToken) throw error;
      return await ask(newer.accessToken);
    });
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    if (isRejected(error)) throw signInNeeded(request, "the portal has ended the last one");
    throw refusedRole(error, step);
  }
}

/** The portal ends tokens before their time, such as when the person signs out in a browser. */
function isRejected(error: unknown): boolean {
  return error instanceof PortalError && error.status === 401;
}

function gateOf({ system: { network } }: SourceContext): Gate {
  const gate = gates.get(network) ?? new Gate(atOnce);
  gates.set(network, gate);
  return gate;
}

function refusedRole(error: PortalError, { profile, settings }: SourceStep): SourceError {
  const { accountId, roleName } = settings;
  return new SourceError(
    "SOURCE_REFUSED",
    "sso",
    `Cannot get role "${roleName}" of account ${accountId} for profile "${profile}": ${error.message}`,
    { hint: "'stsaval sso profiles' lists the accounts and roles that you may use", cause: error },
  );
}
