/**
 * Whether a role may be assumed: its trust policy, as a decision over plain facts.
 *
 * @module
 */

import type { EmulatorIdentity } from "./identity.ts";
import type { EmulatorRole } from "./account_state.ts";

/** What a trust policy looks at. */
export interface TrustFacts {
  readonly caller: EmulatorIdentity;
  /** True where the call, or the session that makes it, proved an MFA device. */
  readonly mfaPresent: boolean;
  readonly externalId?: string | undefined;
}

/** True where the role's trust policy lets the caller in. */
export function isTrusted(role: EmulatorRole, facts: TrustFacts): boolean {
  if (role.denied) return false;
  if (role.requireMfa && !facts.mfaPresent) return false;
  if (role.externalId !== undefined && role.externalId !== facts.externalId) return false;
  return role.trusts.some((trusted) => covers(trusted, facts.caller));
}

function covers(trusted: string, { account, arn, roleArn }: EmulatorIdentity): boolean {
  if (trusted === "*" || trusted === account || trusted === arn || trusted === roleArn) return true;
  // A trust in the root of an account is a trust in the whole account.
  return trusted.endsWith(`:iam::${account}:root`);
}
