/**
 * IAM policy documents as session policies have them: parsed and checked as STS does.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 *
 * @module
 */

import { malformedPolicy } from "../http/error.ts";

/** One statement; its lists are never empty. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  /** The actions that it is about: those that match, or with `except` those that do not. */
  readonly actions: Patterns;
  /** The resources that it is about. */
  readonly resources: Patterns;
  /** What must hold besides, by operator and key: `{ StringLike: { "s3:prefix": ["a/*"] } }`. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Patterns with `*` and `?`. */
export interface Patterns {
  readonly patterns: readonly string[];
  /** True for `NotAction` and `NotResource`. */
  readonly except: boolean;
}

/** A parsed policy. */
export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
}

type Fields = Readonly<Record<string, unknown>>;

const documentKeys = ["Version", "Id", "Statement"];
const statementKeys = [
  ...["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
];

/**
 * Parses a session policy.
 *
 * @throws {EmulatorError} MalformedPolicyDocument
 */
export function parsePolicy(text: string): PolicyDocument {
  const { Version, Statement, ...rest } = fieldsOf(parseJson(text));
  if (Object.keys(rest).some((key) => !documentKeys.includes(key))) throw syntaxError();
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw syntaxError();
  }
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) throw syntaxError();
  return { statements: statements.map(parseStatement) };
}

function parseStatement(value: unknown): PolicyStatement {
  const fields = fieldsOf(value);
  if ("Principal" in fields || "NotPrincipal" in fields) {
    throw malformedPolicy("Policy document should not specify a principal.");
  }
  if (Object.keys(fields).some((key) => !statementKeys.includes(key))) throw syntaxError();
  const { Effect, Condition } = fields;
  if (Effect !== "Allow" && Effect !== "Deny") throw syntaxError();
  const actions = parsePatterns(fields, "Action");
  const vendors = actions.patterns.every((pattern) => /^(?:\*|[a-z0-9-]+:[\w*?]+)$/i.test(pattern));
  if (!vendors) throw malformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam");
  return {
    effect: Effect,
    actions,
    resources: parsePatterns(fields, "Resource"),
    conditions: parseConditions(Condition),
  };
}

/** One of `Action` and `NotAction`, or of `Resource` and `NotResource`. */
function parsePatterns(fields: Fields, name: "Action" | "Resource"): Patterns {
  const [plain, negated] = [fields[name], fields[`Not${name}`]];
  if ((plain === undefined) === (negated === undefined)) {
    throw plain === undefined
      ? malformedPolicy(`Policy statement must contain ${name.toLowerCase()}s.`)
      : syntaxError();
  }
  return { patterns: parseTexts(plain ?? negated), except: plain === undefined };
}

function parseConditions(value: unknown): PolicyStatement["conditions"] {
  if (value === undefined) return {};
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(fieldsOf(keys)).map(([key, texts]) => [key, parseTexts(texts)]),
      ),
    ]),
  );
}

/** Text, or a list of texts; conditions may have numbers and booleans too. */
function parseTexts(value: unknown): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw syntaxError();
  return values.map((one) => {
    if (typeof one === "boolean" || typeof one === "number") return String(one);
    if (typeof one !== "string") throw syntaxError();
    return one;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformedPolicy("This policy contains invalid Json");
  }
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw syntaxError();
  return { ...value };
}

function syntaxError() {
  return malformedPolicy("Syntax errors in policy.");
}
