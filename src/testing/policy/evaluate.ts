/**
 * Evaluates session policies: whether they allow an action, as a decision over plain facts.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @module
 */

import type { Patterns, PolicyDocument, PolicyStatement } from "./document.ts";

/** What a policy is asked about. */
export interface PolicyQuestion {
  /** `s3:GetObject`. */
  readonly action: string;
  /** `arn:aws:s3:::example/report.csv`. Default: `*`, for actions without a resource. */
  readonly resource?: string;
  /** Values of condition keys: `{ "s3:prefix": "reports/" }`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The policies that one call has put on a session: what one of them allows is allowed, unless one denies it. */
export type PolicyLayer = readonly PolicyDocument[];

/**
 * True if every layer allows it. A session without layers may do all that its role or user may.
 *
 * @throws {TypeError} for an operator of a condition that the emulator does not know
 */
export function isAllowedBy(layers: readonly PolicyLayer[], question: PolicyQuestion): boolean {
  return layers.every((layer) => {
    const statements = layer.flatMap((document) => document.statements)
      .filter((statement) => isAbout(statement, question));
    return statements.some(({ effect }) => effect === "Allow") &&
      !statements.some(({ effect }) => effect === "Deny");
  });
}

function isAbout(
  { actions, resources, conditions }: PolicyStatement,
  { action, resource = "*", context = {} }: PolicyQuestion,
): boolean {
  // Keys of conditions are not case-sensitive.
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return covers(actions, (pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    covers(resources, (pattern) => {
      const filled = fill(pattern, values);
      return filled !== undefined && matches(filled, resource);
    }) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, key, values))
    );
}

function covers({ patterns, except }: Patterns, fits: (pattern: string) => boolean): boolean {
  return patterns.some(fits) !== except;
}

type Values = ReadonlyMap<string, string>;

function holds(operator: string, wanted: readonly string[], key: string, values: Values): boolean {
  const value = values.get(key.toLowerCase());
  const [, name = "", ifExists] = /^(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return wanted.includes(String(value === undefined));
  const compare = operators.get(name);
  if (compare === undefined) throw new TypeError(`the emulator does not know "${operator}"`);
  const { fits, negated } = compare;
  // A missing key fits no value.
  if (value === undefined) return ifExists !== undefined || negated;
  const filled = wanted.flatMap((text) => fill(text, values) ?? []);
  return filled.some((text) => fits(text, value)) !== negated;
}

interface Comparison {
  readonly fits: (wanted: string, value: string) => boolean;
  readonly negated: boolean;
}

const same = (wanted: string, value: string) => wanted === value;
const sameIgnoringCase = (wanted: string, value: string) =>
  wanted.toLowerCase() === value.toLowerCase();

const operators: ReadonlyMap<string, Comparison> = new Map([
  ["StringEquals", { fits: same, negated: false }],
  ["StringNotEquals", { fits: same, negated: true }],
  ["StringEqualsIgnoreCase", { fits: sameIgnoringCase, negated: false }],
  ["StringNotEqualsIgnoreCase", { fits: sameIgnoringCase, negated: true }],
  ["StringLike", { fits: matches, negated: false }],
  ["StringNotLike", { fits: matches, negated: true }],
  ["ArnEquals", { fits: matches, negated: false }],
  ["ArnNotEquals", { fits: matches, negated: true }],
  ["ArnLike", { fits: matches, negated: false }],
  ["ArnNotLike", { fits: matches, negated: true }],
  ["Bool", { fits: sameIgnoringCase, negated: false }],
]);

/** True if `*` as any text and `?` as any character make the pattern the text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) =>
    wildcards[part] ?? part.replaceAll(/[\\^$.+()[\]{}|]/g, "\\$&")
  );
  return new RegExp(`^${parts.join("")}$`, "s").test(text);
}

const wildcards: Readonly<Record<string, string>> = { "*": ".*", "?": "." };

/** The text with its variables, such as `${aws:PrincipalTag/team}`; undefined where one has no value. */
function fill(text: string, values: Values): string | undefined {
  let isKnown = true;
  const filled = text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = values.get(name.toLowerCase());
    if (value === undefined) isKnown = false;
    return value ?? "";
  });
  return isKnown ? filled : undefined;
}
