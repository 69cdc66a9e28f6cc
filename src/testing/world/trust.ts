/**
 * Evaluates the trust policy of a role, as a decision over plain facts.
 *
 * @module
 */

import type { EmulatorIdentity } from "./identity.ts";
import type { EmulatorRole, EmulatorTokenTrust } from "./account_state.ts";
import type { CheckedToken } from "./identity_providers.ts";

/** What a trust policy evaluates. */
export interface TrustFacts {
  readonly caller: EmulatorIdentity;
  /** True if the call, or the session that makes it, authenticated with MFA. */
  readonly mfaPresent: boolean;
  readonly externalId?: string | undefined;
}

/** True if the role's trust policy allows the caller. */
export function isTrusted(role: EmulatorRole, facts: TrustFacts): boolean {
  if (role.denied) return false;
  if (role.requireMfa && !facts.mfaPresent) return false;
  if (role.externalId !== undefined && role.externalId !== facts.externalId) return false;
  return role.trusts.some((trusted) => covers(trusted, facts.caller));
}

function covers(trusted: string, { account, arn, roleArn }: EmulatorIdentity): boolean {
  if (trusted === "*" || trusted === account || trusted === arn || trusted === roleArn) return true;
  // Trusting the root of an account means trusting the whole account.
  return trusted.endsWith(`:iam::${account}:root`);
}

/** True if the role's trust policy allows who has this token. */
export function isTrustedToken(role: EmulatorRole, token: CheckedToken): boolean {
  if (role.denied) return false;
  return (role.trustsTokens ?? []).some((trusted) => coversToken(trusted, token));
}

function coversToken(trusted: EmulatorTokenTrust, { issuer, audience, subject }: CheckedToken) {
  if (trusted.issuer !== issuer || (trusted.audience ?? audience) !== audience) return false;
  const parts = trusted.subject.split("*").map((part) =>
    part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  return new RegExp(`^${parts.join(".*")}$`, "s").test(subject);
}
