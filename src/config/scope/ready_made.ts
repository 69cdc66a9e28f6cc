/**
 * Ready-made scopes: policies by name, so that least privilege takes no JSON. One table.
 *
 * @module
 */

import { quoteValue } from "../file/quote.ts";
import { nearestName } from "../../nearest.ts";
import { fault } from "./fault.ts";

/** One statement of a policy. */
interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What a scope is sent as. */
export interface ScopeContent {
  readonly statements?: readonly Statement[];
  /** ARNs of managed policies, which AssumeRole takes and GetScopedCredentials does not. */
  readonly policyArns?: readonly string[];
}

/** A ready-made scope. */
export interface ReadyMadeScope {
  readonly name: string;
  /** What stands after the colon, such as "BUCKET/PREFIX"; undefined where nothing does. */
  readonly parameter?: string;
  /** What it allows, in one line. */
  readonly summary: string;
  /** What one may expect of it and it does not allow. */
  readonly withholds: string;
  /** An example of the parameter. */
  readonly example?: string;
  /** The rule of the parameter. */
  readonly pattern?: RegExp;
  /** The rule in words, after "wanted". */
  readonly wanted?: string;
  /** The content for a partition, such as "aws". */
  content(partition: string, parameter: string): ScopeContent;
}

/** The scopes, in the order in which they are listed. */
export const readyMadeScopes: readonly ReadyMadeScope[] = [
  {
    name: "read-only",
    summary: "Read everything that the role may read (AWS's managed policy ReadOnlyAccess)",
    withholds:
      "Any change. It does read data: objects, messages, logs. For roles alone, since it is sent with AssumeRole",
    content: (partition) => ({ policyArns: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] }),
  },
  {
    name: "s3-read",
    parameter: "BUCKET/PREFIX",
    summary: "List a bucket, or a folder of it, and read its objects",
    withholds:
      "Writes, deletes, other buckets and other folders, the list of buckets, and KMS: objects with a key of your own stay closed",
    example: "reports/2026",
    // "*" and "?" would be wildcards of IAM, and "$" begins its variables.
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^*?$\p{C}]*)?$/u,
    wanted: 'the name of a bucket, and after it maybe "/" and a folder without "*", "?" and "$"',
    content: s3Read,
  },
  {
    name: "ecr-pull",
    summary: "Log in to Amazon ECR and pull images",
    withholds: "Pushes, deletes, new repositories, and the public gallery",
    content: () => ({
      statements: [allow([
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
      ], "*")],
    }),
  },
  {
    name: "logs-read",
    summary: "Read CloudWatch Logs: groups, streams, events, queries, live tails",
    withholds: "Writes and deletes of logs, retention, metrics and alarms",
    content: () => ({
      statements: [allow([
        ...["logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents"],
        ...["logs:FilterLogEvents", "logs:GetLogGroupFields", "logs:GetLogRecord"],
        ...["logs:StartQuery", "logs:StopQuery", "logs:GetQueryResults"],
        ...["logs:StartLiveTail", "logs:StopLiveTail"],
      ], "*")],
    }),
  },
  {
    name: "bedrock-invoke",
    parameter: "MODEL",
    summary: "Call one model of Amazon Bedrock, by its id or by an inference profile's",
    withholds: "Other models, agents, knowledge bases, training, and any change",
    example: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    pattern: /^[a-z0-9][a-zA-Z0-9.:_-]{2,139}$/,
    wanted: 'the id of a model, such as "anthropic.claude-sonnet-4-5-20250929-v1:0"',
    content: bedrockInvoke,
  },
  {
    name: "assume",
    parameter: "ROLE",
    summary: "Assume one role, and nothing else",
    withholds: "Every other call. Session tags and a source identity need more than this",
    example: "arn:aws:iam::123456789012:role/Deploy",
    pattern: /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@\/-]{1,1600}$/,
    wanted: 'the ARN of a role, such as "arn:aws:iam::123456789012:role/Deploy"',
    content: (_partition, role) => ({ statements: [allow(["sts:AssumeRole"], role)] }),
  },
];

function allow(
  Action: readonly string[],
  Resource: string | readonly string[],
  Condition?: Statement["Condition"],
): Statement {
  return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/** A prefix is a folder: "logs" does not stand for "logs-of-others". */
function s3Read(partition: string, parameter: string): ScopeContent {
  const [bucket = "", ...path] = parameter.split("/");
  const folder = path.join("/").replace(/\/+$/, "");
  const arn = `arn:${partition}:s3:::${bucket}`;
  const keys = folder === "" ? [`${arn}/*`] : [`${arn}/${folder}`, `${arn}/${folder}/*`];
  const isInside = folder === ""
    ? undefined
    // Without the slash, the names of all that begin alike would be listed.
    : { StringLike: { "s3:prefix": [`${folder}/*`] } };
  return {
    statements: [
      allow(["s3:GetObject", "s3:GetObjectVersion"], keys),
      allow(["s3:ListBucket"], arn, isInside),
      allow(["s3:GetBucketLocation"], arn),
    ],
  };
}

/** How the ids of inference profiles for several regions begin. */
const geography = /^(?:us|eu|apac|jp|au|ca|us-gov|global)\./;

/** An inference profile is called under its own ARN, and calls the model under the model's. */
function bedrockInvoke(partition: string, model: string): ScopeContent {
  const arn = `arn:${partition}:bedrock:*`;
  return {
    statements: [allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], [
      `${arn}::foundation-model/${model.replace(geography, "")}`,
      `${arn}:*:inference-profile/${geography.test(model) ? model : `*.${model}`}`,
    ])],
  };
}

/** A ready-made scope by its name and its parameter. */
export interface NamedScope {
  readonly scope: ReadyMadeScope;
  readonly parameter: string;
}

/** The scope that a value such as "s3-read:reports/2026" names; undefined if it names none. */
export function namedScope(value: string): NamedScope | undefined {
  const [, name = "", parameter = ""] = /^([a-z0-9-]+)(?::(.*))?$/s.exec(value) ?? [];
  const scope = readyMadeScopes.find((one) => one.name === name);
  return scope && { scope, parameter };
}

/** How a scope is written: "s3-read:BUCKET/PREFIX". */
export function scopeForm({ name, parameter }: ReadyMadeScope): string {
  return parameter === undefined ? name : `${name}:${parameter}`;
}

/** The name of a scope that was perhaps meant. */
export function nearestScope(value: string): string | undefined {
  const [name = ""] = value.split(":");
  return nearestName(name, readyMadeScopes.map((scope) => scope.name));
}

/** What the scope is sent as. @throws {Fault} when its parameter breaks its rule */
export function scopeContent(
  { scope, parameter }: NamedScope,
  partition: string,
): { readonly policy?: string; readonly policyArns?: readonly string[] } {
  const { pattern, wanted = "", name } = scope;
  const form = scopeForm(scope);
  if (pattern === undefined && parameter !== "") {
    fault(`is ${quoteValue(`${name}:${parameter}`)}, wanted "${form}" alone`);
  }
  if (pattern !== undefined && !pattern.test(parameter)) {
    fault(`is ${quoteValue(`${name}:${parameter}`)}, wanted "${form}" with ${wanted}`);
  }
  const { statements, policyArns } = scope.content(partition, parameter);
  if (statements === undefined) return { policyArns: policyArns ?? [] };
  return { policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) };
}
