/**
 * What each ready-made scope allows, to the last action: nothing may be added to it by accident.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { Fault } from "../../../src/config/scope/fault.ts";
import { namedScope, nearestScope, scopeContent } from "../../../src/config/scope/ready_made.ts";

function contentOf(written: string, partition = "aws") {
  const named = namedScope(written);
  if (named === undefined) throw new Error(`no scope: ${written}`);
  const { policy, policyArns } = scopeContent(named, partition);
  return policy === undefined ? policyArns : JSON.parse(policy);
}

const policyOf = (...Statement: readonly unknown[]) => ({ Version: "2012-10-17", Statement });
const allow = (Action: readonly string[], Resource: unknown) => ({
  ...{ Effect: "Allow", Action, Resource },
});

const bucket = "arn:aws-cn:s3:::reports";
const rows: readonly (readonly [written: string, partition: string, content: unknown])[] = [
  ["read-only", "aws-cn", ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"]],
  [
    "s3-read:reports",
    "aws-cn",
    policyOf(
      allow(["s3:GetObject", "s3:GetObjectVersion"], [`${bucket}/*`]),
      allow(["s3:ListBucket"], bucket),
      allow(["s3:GetBucketLocation"], bucket),
    ),
  ],
  [
    "s3-read:reports/2026/may//",
    "aws-cn",
    policyOf(
      allow(["s3:GetObject", "s3:GetObjectVersion"], [
        `${bucket}/2026/may`,
        `${bucket}/2026/may/*`,
      ]),
      {
        ...allow(["s3:ListBucket"], bucket),
        Condition: { StringLike: { "s3:prefix": ["2026/may/*"] } },
      },
      allow(["s3:GetBucketLocation"], bucket),
    ),
  ],
  [
    "ecr-pull",
    "aws",
    policyOf(
      allow([
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
      ], "*"),
    ),
  ],
  [
    "logs-read",
    "aws",
    policyOf(
      allow([
        ...["logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents"],
        ...["logs:FilterLogEvents", "logs:GetLogGroupFields", "logs:GetLogRecord"],
        ...["logs:StartQuery", "logs:StopQuery", "logs:GetQueryResults"],
        ...["logs:StartLiveTail", "logs:StopLiveTail"],
      ], "*"),
    ),
  ],
  [
    "bedrock-invoke:anthropic.claude-3:0",
    "aws",
    policyOf(
      allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], [
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-3:0",
        "arn:aws:bedrock:*:*:inference-profile/*.anthropic.claude-3:0",
      ]),
    ),
  ],
  [
    "bedrock-invoke:eu.anthropic.claude-3:0",
    "aws",
    policyOf(
      allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], [
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-3:0",
        "arn:aws:bedrock:*:*:inference-profile/eu.anthropic.claude-3:0",
      ]),
    ),
  ],
  [
    "assume:arn:aws:iam::123456789012:role/Deploy",
    "aws",
    policyOf(allow(["sts:AssumeRole"], "arn:aws:iam::123456789012:role/Deploy")),
  ],
];

for (const [written, partition, content] of rows) {
  Deno.test(`the scope ${written} allows this and no more`, () => {
    assertEquals(contentOf(written, partition), content);
  });
}

Deno.test("a parameter that breaks its rule is told with the form and the rule", () => {
  const told: Readonly<Record<string, string>> = {
    "ecr-pull:x": 'is "ecr-pull:x", wanted "ecr-pull" alone',
    "s3-read":
      'is "s3-read:", wanted "s3-read:BUCKET/PREFIX" with the name of a bucket, and after it maybe "/" and a ' +
      'folder without "*", "?" and "$"',
    "bedrock-invoke:x*":
      'is "bedrock-invoke:x*", wanted "bedrock-invoke:MODEL" with the id of a model, such as ' +
      '"anthropic.claude-sonnet-4-5-20250929-v1:0"',
    "assume:Deploy": 'is "assume:Deploy", wanted "assume:ROLE" with the ARN of a role, such as ' +
      '"arn:aws:iam::123456789012:role/Deploy"',
  };
  for (const [written, message] of Object.entries(told)) {
    assertEquals(assertThrows(() => contentOf(written), Fault).message, message);
  }
  assertEquals(contentOf("ecr-pull:"), contentOf("ecr-pull"));
});

Deno.test("the name of a scope is whole, and one that is nearly a name is found", () => {
  for (const written of ["", "S3-read:x", "ecr pull", "ecr-pull/x", "./ecr-pull"]) {
    assertEquals(namedScope(written), undefined, written);
  }
  assertEquals(namedScope("s3-read:a:b\nc")?.parameter, "a:b\nc");
  assertEquals(namedScope("ecr-pull")?.parameter, "");
  assertEquals(nearestScope("s3-raed:bucket"), "s3-read");
  assertEquals(nearestScope("erc-pull"), "ecr-pull");
  assertEquals(nearestScope("something.json"), undefined);
});
