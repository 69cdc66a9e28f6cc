/**
 * What narrows and marks a session: session policies, session tags and a source identity, with STS's rules.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 *
 * @module
 */

import { accessDenied, EmulatorError, invalidParameterValue } from "../http/error.ts";
import type { EmulatorRole } from "../world/account_state.ts";
import type { SessionTag } from "../http/call_log.ts";
import type { SessionContext } from "../world/identity.ts";
import { checkCount, checkText, TEXT_RULES } from "./validate.ts";

/** The parameters of a session, as a call sends them. */
export interface SessionParameters {
  /** An inline session policy, as JSON: up to 2,048 characters, those of `policyArns` counted. */
  readonly policy?: string | undefined;
  /** Up to 10 managed policies. */
  readonly policyArns?: readonly string[] | undefined;
  /** Up to 50 session tags. */
  readonly tags?: readonly SessionTag[] | undefined;
  /** The keys of those tags that sessions of further roles inherit. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** Who is behind the session: 2 to 256 characters of `\w+=,.@-`. */
  readonly sourceIdentity?: string | undefined;
}

/** The characters that policies and tags may take, in the emulator's own count; AWS packs them in a way of its own. */
const PACKED_LIMIT = 2_048;
const PLAINTEXT_LIMIT = 2_048;

/** The violations of the limits of each parameter. */
export function checkSessionParameters(given: SessionParameters): string[] {
  const { policy, policyArns = [], tags = [], transitiveTagKeys = [], sourceIdentity } = given;
  return [
    ...checkText(policy, TEXT_RULES.policy),
    ...checkCount(policyArns.length, "policyArns", 10),
    ...policyArns.flatMap((arn) => checkText(arn, TEXT_RULES.policyArn)),
    ...checkCount(tags.length, "tags", 50),
    ...tags.flatMap(({ key, value }) => [
      ...checkText(key, TEXT_RULES.tagKey),
      ...checkText(value, TEXT_RULES.tagValue),
    ]),
    ...checkCount(transitiveTagKeys.length, "transitiveTagKeys", 50),
    ...transitiveTagKeys.flatMap((key) => checkText(key, TEXT_RULES.transitiveTagKey)),
    ...checkText(sourceIdentity, TEXT_RULES.sourceIdentity),
  ];
}

/**
 * The context of a role's session: what is given, and what it inherits from the session that calls.
 *
 * @throws {EmulatorError} InvalidParameterValue, AccessDenied or PackedPolicyTooLarge
 */
export function roleContext(
  operation: string,
  given: SessionParameters,
  { role, caller, arn }: {
    readonly role: EmulatorRole;
    /** The context of the caller. */
    readonly caller: SessionContext | undefined;
    /** The caller's ARN, for messages. */
    readonly arn: string;
  },
): SessionContext | undefined {
  const { policy, policyArns = [], tags = [], transitiveTagKeys = [] } = given;
  checkTags(tags, transitiveTagKeys, caller);
  if (tags.length > 0 && role.allowsTags === false) throw denied("sts:TagSession", role, arn);
  const sourceIdentity = sourceIdentityOf(given.sourceIdentity, { role, caller, arn });
  packedSize(given);
  const inherited = inheritedTags(caller);
  const narrows = policy !== undefined || policyArns.length > 0;
  const context: SessionContext = {
    policies: narrows ? [{ operation, policy, policyArns }] : [],
    tags: [...inherited, ...tags],
    transitiveTagKeys: [...inherited.map(({ key }) => key), ...transitiveTagKeys],
    sourceIdentity,
  };
  const isEmpty = !narrows && context.tags.length === 0 && sourceIdentity === undefined;
  return isEmpty ? undefined : context;
}

/**
 * How much of the space for policies and tags they take, in per cent, rounded up.
 *
 * @throws {EmulatorError} PackedPolicyTooLarge
 */
export function packedSize({ policy = "", policyArns = [], tags = [] }: SessionParameters): number {
  const policies = [policy, ...policyArns].join("").length;
  if (policies > PLAINTEXT_LIMIT) throw tooLarge("Packed policy", percentOf(policies));
  const labels = tags.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const percent = percentOf(policies + labels);
  if (percent > 100) {
    throw tooLarge(labels > policies ? "Packed size of session tags" : "Packed policy", percent);
  }
  return percent;
}

function percentOf(characters: number): number {
  return Math.ceil(characters * 100 / PACKED_LIMIT);
}

function tooLarge(what: string, percent: number): EmulatorError {
  const advice = what === "Packed policy" ? ", please use smaller policy." : ".";
  const message = `${what} consumes ${percent}% of allotted space${advice}`;
  return new EmulatorError("PackedPolicyTooLarge", 400, message);
}

function checkTags(
  tags: readonly SessionTag[],
  transitive: readonly string[],
  caller: SessionContext | undefined,
): void {
  const keys = tags.map(({ key }) => key.toLowerCase());
  if (keys.some((key) => key.startsWith("aws:"))) {
    throw invalidParameterValue("aws: prefixed tag key names are not allowed for external use.");
  }
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue(
      "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
  }
  if (transitive.some((key) => !keys.includes(key.toLowerCase()))) {
    throw invalidParameterValue(
      "The specified transitive tag key must be included in the requested tags.",
    );
  }
  const inherited = inheritedTags(caller).map(({ key }) => key.toLowerCase());
  if (keys.some((key) => inherited.includes(key))) {
    throw invalidParameterValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
}

function inheritedTags(caller: SessionContext | undefined): readonly SessionTag[] {
  const { tags = [], transitiveTagKeys = [] } = caller ?? {};
  const passed = transitiveTagKeys.map((key) => key.toLowerCase());
  return tags.filter(({ key }) => passed.includes(key.toLowerCase()));
}

/** A source identity stays what it is through all further roles. */
function sourceIdentityOf(
  given: string | undefined,
  { role, caller, arn }: {
    readonly role: EmulatorRole;
    readonly caller: SessionContext | undefined;
    readonly arn: string;
  },
): string | undefined {
  const inherited = caller?.sourceIdentity;
  const wanted = given ?? inherited;
  const isChanged = inherited !== undefined && wanted !== inherited;
  if (isChanged || (wanted !== undefined && role.allowsSourceIdentity === false)) {
    throw denied("sts:SetSourceIdentity", role, arn);
  }
  return wanted;
}

function denied(action: string, role: EmulatorRole, arn: string): EmulatorError {
  return accessDenied(
    `User: ${arn} is not authorized to perform: ${action} on resource: ${role.arn}`,
  );
}
