/**
 * The options that narrow and label credentials, for `StsCore` and for one request.
 *
 * @module
 */

import { definedFields } from "../../config/fields.ts";
import type { NarrowingRequest } from "../../config/plan/request.ts";
import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";

/** What narrows and labels credentials. What a request says overrides what the `StsCore` says, field by field. */
export interface NarrowingOptions {
  /**
   * A policy for the session of the last role of each profile: an object, JSON, the name of a ready-made scope such as
   * "s3-read:BUCKET", or the path of a file. At most 2,048 characters. With `policyArns` it replaces those of the profile.
   */
  readonly policy?: string | object | undefined;
  /** ARNs of up to 10 managed policies for the same session: it may do what `policy` or any of them allows. */
  readonly policyArns?: readonly string[] | undefined;
  /** Up to 50 tags for the same session, beside those of the profile. */
  readonly sessionTags?: Readonly<Record<string, string>> | undefined;
  /** Who is behind the same session, for CloudTrail; 2 to 256 characters. */
  readonly sourceIdentity?: string | undefined;
  /**
   * As `policy`, for a scoped copy of any temporary credentials: roles, session tokens, sign-ins, programs. What is handed
   * out is the copy alone (`sts:GetScopedCredentials`).
   */
  readonly scope?: string | object | undefined;
  /** How long a scoped copy lives: hours, or text such as "10m"; from one second. It is renewed as long as the set is. */
  readonly scopeFor?: number | string | undefined;
  /** What CloudTrail says of a scoped copy; 2 to 256 characters. */
  readonly scopeDescription?: string | undefined;
}

/**
 * The request for these options, the later ones first; undefined where they say nothing.
 *
 * @throws {UsageError} when `scopeFor` is not a duration
 */
export function narrowingRequest(
  options: NarrowingOptions,
  later: NarrowingOptions = {},
): NarrowingRequest | undefined {
  const replaced = later.policy !== undefined || later.policyArns !== undefined;
  const { policy, policyArns } = replaced ? later : options;
  const scope = later.scope ?? options.scope;
  const tags = { ...options.sessionTags, ...later.sessionTags };
  const scopeFor = later.scopeFor ?? options.scopeFor;
  const request = definedFields<NarrowingRequest>({
    policy: policyText("policy", policy),
    policyArns: policyArns === undefined || policyArns.length === 0 ? undefined : policyArns,
    tags: Object.keys(tags).length === 0
      ? undefined
      : Object.entries(tags).map(([key, value]) => ({ key, value: String(value) })),
    sourceIdentity: later.sourceIdentity ?? options.sourceIdentity,
    scope: policyText("scope", scope),
    scopeSeconds: scopeFor === undefined ? undefined : parseDuration(scopeFor),
    scopeDescription: later.scopeDescription ?? options.scopeDescription,
  });
  return Object.keys(request).length === 0 ? undefined : request;
}

/** An empty text may be a variable that was not set: it must not lead to wider credentials. */
function policyText(name: string, value: string | object | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UsageError(
    `Cannot use the given ${name}: found ${
      typeof value === "string" ? "an empty text" : `a value of type ${typeof value}`
    }, wanted JSON, the path of a file, or the name of a scope`,
    { hint: "'stsaval scopes' lists the scopes that have names" },
  );
}
