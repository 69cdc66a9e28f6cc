import { assertEquals, assertThrows } from "@std/assert";
import { parsePolicy } from "../../../src/testing/policy/document.ts";
import { isAllowedBy, type PolicyQuestion } from "../../../src/testing/policy/evaluate.ts";

type Fields = Readonly<Record<string, unknown>>;

const everything = { Effect: "Allow", Action: "*", Resource: "*" };

function allows(statements: readonly Fields[], question: PolicyQuestion): boolean {
  return isAllowedBy([[parsePolicy(JSON.stringify({ Statement: statements }))]], question);
}

const get = { action: "s3:GetObject", resource: "arn:aws:s3:::b/k" };

const DECISIONS: readonly [
  what: string,
  statement: Fields,
  question: PolicyQuestion,
  isAllowed: boolean,
][] = [
  ["an action", { Action: "s3:GetObject", Resource: "*" }, get, true],
  ["an action in other case", { Action: "S3:getobject", Resource: "*" }, get, true],
  ["another action", { Action: "s3:PutObject", Resource: "*" }, get, false],
  ["the beginning of an action", { Action: "s3:Get", Resource: "*" }, get, false],
  ["a star", { Action: "s3:Get*", Resource: "*" }, get, true],
  ["a question mark", { Action: "s3:GetObjec?", Resource: "*" }, get, true],
  ["a dot, which is no wildcard", { Action: "*", Resource: "arn:aws:s3...b/k" }, get, false],
  ["a resource", { Action: "*", Resource: "arn:aws:s3:::b/*" }, get, true],
  ["another resource", { Action: "*", Resource: "arn:aws:s3:::c/*" }, get, false],
  ["a resource in other case", { Action: "*", Resource: "arn:aws:s3:::B/k" }, get, false],
  ["no resource", { Action: "*", Resource: "*" }, { action: "s3:ListAllMyBuckets" }, true],
  ["all but an action", { NotAction: "s3:GetObject", Resource: "*" }, get, false],
  ["all but another action", { NotAction: "s3:Put*", Resource: "*" }, get, true],
  ["all but a resource", { Action: "*", NotResource: "arn:aws:s3:::b/*" }, get, false],
];

for (const [what, statement, question, isAllowed] of DECISIONS) {
  Deno.test({
    name: `isAllowedBy() decides by ${what}`,
    permissions: "none",
    fn: () => assertEquals(allows([{ Effect: "Allow", ...statement }], question), isAllowed),
  });
}

Deno.test({
  name:
    "isAllowedBy() lets one policy of a layer allow and any deny, and wants every layer to allow",
  permissions: "none",
  fn() {
    const policy = (statement: Fields) =>
      parsePolicy(JSON.stringify({ Statement: { Resource: "*", ...statement } }));
    const s3 = policy({ Effect: "Allow", Action: "s3:*" });
    const sqs = policy({ Effect: "Allow", Action: "sqs:*" });
    const noGet = policy({ Effect: "Deny", Action: "s3:GetObject" });
    assertEquals(isAllowedBy([], get), true);
    assertEquals(isAllowedBy([[sqs, s3]], get), true);
    assertEquals(isAllowedBy([[s3, noGet]], get), false);
    assertEquals(isAllowedBy([[s3], [s3]], get), true);
    assertEquals(isAllowedBy([[s3], [sqs]], get), false);
    assertEquals(isAllowedBy([[noGet]], { action: "s3:PutObject" }), false);
  },
});

const list = { action: "s3:ListBucket", resource: "arn:aws:s3:::b" };
const under = (prefix: string) => ({ ...list, context: { "s3:prefix": prefix } });
const CONDITIONS: readonly [condition: Fields, question: PolicyQuestion, isAllowed: boolean][] = [
  [{ StringLike: { "s3:prefix": ["a/*", "b/"] } }, under("a/b"), true],
  [{ StringLike: { "s3:prefix": "a/*" } }, under("c/a/"), false],
  [{ StringLike: { "s3:prefix": "a/*" } }, list, false],
  [{ StringLike: { "S3:PREFIX": "a/*" } }, under("a/"), true],
  [{ StringLikeIfExists: { "s3:prefix": "a/*" } }, list, true],
  [{ StringEquals: { "s3:prefix": "a*" } }, under("ab"), false],
  [{ StringEqualsIgnoreCase: { "s3:prefix": "A" } }, under("a"), true],
  [{ StringNotEquals: { "s3:prefix": "a" } }, under("a"), false],
  [{ StringNotEquals: { "s3:prefix": "a" } }, list, true],
  [{ StringNotLike: { "s3:prefix": "a*" } }, under("b"), true],
  [{ Null: { "s3:prefix": "true" } }, list, true],
  [{ Null: { "s3:prefix": "true" } }, under("a"), false],
  [{ Bool: { "aws:SecureTransport": "true" } }, list, false],
  [{ ArnLike: { "aws:PrincipalArn": "arn:*" } }, {
    ...list,
    context: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" },
  }, true],
  [{ StringEquals: { "s3:prefix": "a" }, StringLike: { "s3:prefix": "b" } }, under("a"), false],
  [{ StringEquals: { "s3:prefix": "${aws:PrincipalTag/team}" } }, {
    ...list,
    context: { "s3:prefix": "web", "aws:PrincipalTag/Team": "web" },
  }, true],
  [{ StringEquals: { "s3:prefix": "${aws:PrincipalTag/team}" } }, under(""), false],
];

for (const [condition, question, isAllowed] of CONDITIONS) {
  const { context = {} } = question;
  Deno.test({
    name: `isAllowedBy() holds ${JSON.stringify(condition)} for ${JSON.stringify(context)}`,
    permissions: "none",
    fn: () => assertEquals(allows([{ ...everything, Condition: condition }], question), isAllowed),
  });
}

Deno.test({
  name: "isAllowedBy() says which operator it does not know",
  permissions: "none",
  fn() {
    for (const operator of ["IpAddress", "constructor"]) {
      const condition = { [operator]: { "aws:SourceIp": "10.0.0.0/8" } };
      assertThrows(
        () => allows([{ ...everything, Condition: condition }], list),
        TypeError,
        operator,
      );
    }
  },
});
