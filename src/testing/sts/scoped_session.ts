/**
 * What GetScopedCredentials makes of a session: the same identity, with a further policy or a nearer end.
 *
 * @module
 */

import { accessDenied, EmulatorError, validationError } from "../http/error.ts";
import type { EmulatorIdentity, SessionContext } from "../world/identity.ts";
import type { ScopedCredentialsInput } from "./input.ts";
import { packedSize } from "./session_parameters.ts";
import { checkDuration, checkText, rejectViolations, TEXT_RULES } from "./validate.ts";

/** How many policies scoped copies of copies may have. */
const LAYER_LIMIT = 3;

/** How many policies GetScopedCredentials has put on a session. */
export function scopedPoliciesOf({ session }: Pick<EmulatorIdentity, "session">): number {
  return (session?.policies ?? [])
    .filter(({ operation }) => operation === "GetScopedCredentials").length;
}

/**
 * The context and the end of a scoped copy.
 *
 * @throws {EmulatorError} ValidationError, InvalidSubjectCredentials, InsufficientSessionLifetime, AccessDenied for a
 *   fourth policy, or PackedPolicyTooLarge
 */
export function scopedContext(
  identity: EmulatorIdentity,
  { policy, durationSeconds, description }: ScopedCredentialsInput,
  now: number,
): { readonly session: SessionContext; readonly expiration: number } {
  rejectViolations([
    ...checkText(policy, TEXT_RULES.policy),
    ...checkText(description, TEXT_RULES.scopedSessionDescription),
    ...checkDuration(durationSeconds, 1, 129_600),
  ]);
  if (policy === undefined && durationSeconds === undefined) {
    throw validationError("At least one of Policy or DurationSeconds must be provided.");
  }
  const { expiration: end } = identity;
  if (end === undefined) {
    throw new EmulatorError(
      "InvalidSubjectCredentials",
      400,
      "Cannot call GetScopedCredentials with long-term credentials.",
    );
  }
  const expiration = durationSeconds === undefined
    ? end
    : (Math.floor(now / 1_000) + durationSeconds) * 1_000;
  if (expiration > end) {
    throw new EmulatorError(
      "InsufficientSessionLifetime",
      400,
      "The requested DurationSeconds exceeds the remaining lifetime of the calling session.",
    );
  }
  return { session: withPolicy(identity, policy), expiration };
}

function withPolicy(identity: EmulatorIdentity, policy: string | undefined): SessionContext {
  const session = identity.session ?? { policies: [], tags: [], transitiveTagKeys: [] };
  if (policy === undefined) return session;
  if (scopedPoliciesOf(identity) >= LAYER_LIMIT) {
    throw accessDenied(`A session can have at most ${LAYER_LIMIT} scope-down policies.`);
  }
  packedSize({ policy });
  const layer = { operation: "GetScopedCredentials", policy, policyArns: [] };
  return { ...session, policies: [...session.policies, layer] };
}
