/**
 * What of IAM's grammar a policy for a session must keep, so that a mistake costs no call and no MFA code.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 *
 * @module
 */

import { quoteValue } from "../file/quote.ts";

type Fields = Readonly<Record<string, unknown>>;

const versions: readonly unknown[] = ["2012-10-17", "2008-10-17"];
const policyElements = ["Version", "Id", "Statement"];
const statementElements = [
  ...["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
];
/** Only the policy of a resource or of a role's trust has them. */
const principals = ["Principal", "NotPrincipal"];

/** What is wrong with the policy, as the end of a sentence; undefined if nothing is. */
export function grammarFault(policy: unknown): string | undefined {
  if (!isFields(policy)) return `is ${kindOf(policy)}, wanted an object with "Statement"`;
  const unknown = unknownElement(policy, policyElements);
  if (unknown !== undefined) return `has ${unknown}`;
  const { Version: version, Statement: statement } = policy;
  if (version !== undefined && !versions.includes(version)) {
    return `has ${shown(version)} as "Version", wanted "2012-10-17"`;
  }
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || statements.length === 0) return 'has no "Statement"';
  for (const [index, one] of statements.entries()) {
    const why = statementFault(one);
    if (why !== undefined) return `has a mistake in statement ${index + 1}: ${why}`;
  }
  return undefined;
}

function statementFault(statement: unknown): string | undefined {
  if (!isFields(statement)) return `it is ${kindOf(statement)}, wanted an object`;
  const principal = principals.find((name) => Object.hasOwn(statement, name));
  if (principal !== undefined) {
    return `it has "${principal}", which the policy of a session cannot have`;
  }
  const unknown = unknownElement(statement, statementElements);
  if (unknown !== undefined) return `it has ${unknown}`;
  const { Effect: effect, Condition: condition, Sid: sid } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    return effect === undefined
      ? 'it has no "Effect", wanted "Allow" or "Deny"'
      : `it has ${shown(effect)} as "Effect", wanted "Allow" or "Deny"`;
  }
  if (condition !== undefined && !isFields(condition)) {
    return `it has ${kindOf(condition)} as "Condition", wanted an object`;
  }
  if (sid !== undefined && !(typeof sid === "string" && /^[A-Za-z0-9]*$/.test(sid))) {
    return `it has ${shown(sid)} as "Sid", wanted letters and digits`;
  }
  return oneOf(statement, "Action", isAction, 'such as "s3:GetObject", or "*"') ??
    oneOf(statement, "Resource", isResource, 'an ARN, or "*"');
}

/** Exactly one of the element and its negation, as one text or a list of them. */
function oneOf(
  statement: Fields,
  element: string,
  allows: (text: string) => boolean,
  wanted: string,
): string | undefined {
  const names = [element, `Not${element}`].filter((name) => Object.hasOwn(statement, name));
  const [name, other] = names;
  if (name === undefined) return `it has neither "${element}" nor "Not${element}"`;
  if (other !== undefined) return `it has both "${name}" and "${other}", wanted one of them`;
  const value = statement[name];
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0) return `it has an empty list as "${name}", wanted ${wanted}`;
  const wrong = texts.find((text) => typeof text !== "string" || !allows(text));
  return wrong === undefined ? undefined : `it has ${shown(wrong)} in "${name}", wanted ${wanted}`;
}

function isAction(text: string): boolean {
  return text === "*" || /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text);
}

/** Other servers that speak STS have ARNs of other forms. */
function isResource(text: string): boolean {
  return text === "*" || text.includes(":") || text.includes("*");
}

function unknownElement(found: Fields, known: readonly string[]): string | undefined {
  const unknown = Object.keys(found).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const meant = known.find((name) => name.toLowerCase() === unknown.toLowerCase());
  return `the element ${quoteValue(unknown)}, wanted ${
    meant === undefined ? known.join(", ") : `"${meant}"`
  }`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text in quotes, or the kind of anything else. */
function shown(value: unknown): string {
  return typeof value === "string" ? quoteValue(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}
