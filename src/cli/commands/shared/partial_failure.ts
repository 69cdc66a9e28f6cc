/**
 * What to do when some profiles of many fail: `--no-strict` is named where it would help.
 *
 * @module
 */

import { ProfileError, StsavalError, StsError, StsUnreachableError } from "../../../errors.ts";

/** The error; with `--no-strict` in its hint where it is about some of the requested profiles and not about all. */
export function withNoStrictHint(error: unknown, requested: number): unknown {
  if (!(error instanceof StsavalError) || !isPartial(error, requested)) return error;
  const { code, message, hint } = error;
  const more = "--no-strict returns the profiles that work";
  return new StsavalError(code, message, {
    hint: hint === undefined ? more : `${hint}${hint.endsWith("?") ? "" : ";"} ${more}`,
    cause: error,
  });
}

/** A session token is shared, so that without it no profile works; a role is one profile's own. */
function isPartial(error: StsavalError, requested: number): boolean {
  if (requested < 2) return false;
  if (error instanceof ProfileError) {
    return new Set(error.problems.map(({ profile }) => profile)).size < requested;
  }
  if (error instanceof StsError || error instanceof StsUnreachableError) {
    return error.operation === "AssumeRole";
  }
  return error.cause instanceof AggregateError && error.cause.errors.length < requested;
}
