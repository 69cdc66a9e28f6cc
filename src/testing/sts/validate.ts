/**
 * The limits that STS sets on its input, and its messages for violations.
 *
 * @module
 */

import { validationError } from "../http/error.ts";

/** The limits of a string. */
export interface TextRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The pattern as STS prints it. */
  readonly pattern?: RegExp;
  readonly required?: boolean;
}

/** The limits of each string (AWS STS API reference). */
export const TEXT_RULES = {
  roleArn: { name: "roleArn", min: 20, max: 2048, required: true },
  roleSessionName: {
    name: "roleSessionName",
    min: 2,
    max: 64,
    pattern: /^[\w+=,.@-]*$/,
    required: true,
  },
  externalId: { name: "externalId", min: 2, max: 1224, pattern: /^[\w+=,.@:\/-]*$/ },
  sourceIdentity: { name: "sourceIdentity", min: 2, max: 256, pattern: /^[\w+=,.@-]*$/ },
  serial: { name: "serialNumber", min: 9, max: 256, pattern: /^[\w+=/:,.@-]*$/ },
  webIdentityToken: { name: "webIdentityToken", min: 4, max: 20_000, required: true },
  policy: { name: "policy", min: 1, max: 2048, pattern: /^[\t\n\r -\u00ff]+$/ },
  policyArn: { name: "policyArns.member.arn", min: 20, max: 2048, required: true },
  tagKey: { name: "tags.member.key", min: 1, max: 128, pattern: tagText("+"), required: true },
  tagValue: { name: "tags.member.value", min: 0, max: 256, pattern: tagText("*"), required: true },
  transitiveTagKey: {
    name: "transitiveTagKeys.member",
    min: 1,
    max: 128,
    pattern: tagText("+"),
  },
  scopedSessionDescription: {
    name: "scopedSessionDescription",
    min: 2,
    max: 256,
    pattern: /^[\t\n\r -~\u00a1-\u00ff]*$/,
  },
  code: { name: "tokenCode", min: 6, max: 6, pattern: /^[\d]*$/ },
} as const satisfies Record<string, TextRule>;

/** The characters of a tag's key and value. */
function tagText(quantifier: "+" | "*"): RegExp {
  return new RegExp(String.raw`^[\p{L}\p{Z}\p{N}_.:/=+\-@]${quantifier}$`, "u");
}

/** The violations of the limit of a list. */
export function checkCount(length: number, name: string, max: number): string[] {
  if (length <= max) return [];
  return [broken(`'[${length} members]'`, name, `have length less than or equal to ${max}`)];
}

/** The violations of a rule, each as one part of STS's message. */
export function checkText(value: string | undefined, rule: TextRule): string[] {
  const { name, min, max, pattern, required } = rule;
  if (value === undefined) return required ? [broken("null", name, "not be null")] : [];
  const violations: string[] = [];
  const quoted = `'${value}'`;
  if (pattern && !pattern.test(value)) {
    const source = pattern.source.slice(1, -1).replaceAll("\\/", "/");
    violations.push(broken(quoted, name, `satisfy regular expression pattern: ${source}`));
  }
  if (value.length < min) {
    violations.push(broken(quoted, name, `have length greater than or equal to ${min}`));
  }
  if (value.length > max) {
    violations.push(broken(quoted, name, `have length less than or equal to ${max}`));
  }
  return violations;
}

/** The violations of the limits of a session duration, in seconds. */
export function checkDuration(value: number | undefined, min: number, max: number): string[] {
  if (value === undefined) return [];
  const found = `'${value}'`;
  if (value < min) {
    return [broken(found, "durationSeconds", `have value greater than or equal to ${min}`)];
  }
  if (value <= max) return [];
  return [broken(found, "durationSeconds", `have value less than or equal to ${max}`)];
}

/**
 * Rejects a call with all its violations in one message, as STS does.
 *
 * @throws {EmulatorError} ValidationError
 */
export function rejectViolations(violations: readonly string[]): void {
  if (violations.length === 0) return;
  const errors = violations.length === 1 ? "error" : "errors";
  throw validationError(
    `${violations.length} validation ${errors} detected: ${violations.join("; ")}`,
  );
}

function broken(found: string, name: string, must: string): string {
  return `Value ${found} at '${name}' failed to satisfy constraint: Member must ${must}`;
}
