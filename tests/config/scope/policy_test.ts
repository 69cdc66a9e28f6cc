import { assertEquals, assertThrows } from "@std/assert";
import { Fault } from "../../../src/config/scope/fault.ts";
import { checkPolicy } from "../../../src/config/scope/policy.ts";
import {
  namedScope,
  readyMadeScopes,
  scopeContent,
  scopeForm,
} from "../../../src/config/scope/ready_made.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

function policyOf(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: { ...statement, ...fields } });
}

function why(text: string): string {
  return assertThrows(() => checkPolicy(text), Fault).message;
}

pure("a policy is sent as it is written, without what stands around it", () => {
  const text = JSON.stringify({ Statement: [statement] }, null, 2);
  assertEquals(checkPolicy(text), text);
  assertEquals(checkPolicy(`\ufeff\n ${text}\n`), text);
});

pure(
  "a policy of 2048 characters is sent, one of 2049 is not; white space counts only where there is place",
  () => {
    const base = policyOf({ Resource: "x:" });
    const longest = policyOf({ Resource: `x:${"y".repeat(2_048 - base.length)}` });
    assertEquals(longest.length, 2_048);
    assertEquals(checkPolicy(longest), longest);
    const spaced = JSON.stringify(JSON.parse(longest), null, 2);
    assertEquals(checkPolicy(spaced), longest);
    assertEquals(
      why(policyOf({ Resource: `x:${"y".repeat(2_049 - base.length)}` })),
      "has 2049 characters, wanted at most 2048",
    );
  },
);

pure("a policy holds characters up to U+00FF; others can be written as escapes", () => {
  const text = policyOf({ Resource: "arn:aws:s3:::büro/*" });
  assertEquals(checkPolicy(text), text);
  const error = assertThrows(() => checkPolicy(policyOf({ Resource: "s3:→" })), Fault);
  assertEquals(error.message, "holds U+2192 at line 1, column 94, wanted characters up to U+00FF");
  assertEquals(error.hint, "in JSON, it can be written as \\u2192");
  checkPolicy(policyOf({ Resource: "s3:→" }).replace("→", "\\u2192"));
});

pure("what IAM's grammar forbids is told before a call, with its statement", () => {
  const in1 = "has a mistake in statement 1: ";
  const faults: readonly (readonly [string, string])[] = [
    ["[]", 'is a list, wanted an object with "Statement"'],
    ['"x"', 'is text, wanted an object with "Statement"'],
    ["{}", 'has no "Statement"'],
    ['{"Statement":[]}', 'has no "Statement"'],
    ['{"statement":[]}', 'has the element "statement", wanted "Statement"'],
    ['{"AccessKeyId":"x"}', 'has the element "AccessKeyId", wanted Version, Id, Statement'],
    [
      '{"Version":"2012-10-18","Statement":[]}',
      'has "2012-10-18" as "Version", wanted "2012-10-17"',
    ],
    ['{"Statement":[1]}', `${in1}it is a number, wanted an object`],
    [policyOf({ Effect: "allow" }), `${in1}it has "allow" as "Effect", wanted "Allow" or "Deny"`],
    [policyOf({ Effect: undefined }), `${in1}it has no "Effect", wanted "Allow" or "Deny"`],
    [policyOf({ Action: undefined }), `${in1}it has neither "Action" nor "NotAction"`],
    [
      policyOf({ NotAction: "s3:*" }),
      `${in1}it has both "Action" and "NotAction", wanted one of them`,
    ],
    [
      policyOf({ Action: [] }),
      `${in1}it has an empty list as "Action", wanted such as "s3:GetObject", or "*"`,
    ],
    [
      policyOf({ Action: "GetObject" }),
      `${in1}it has "GetObject" in "Action", wanted such as "s3:GetObject", or "*"`,
    ],
    [policyOf({ Resource: undefined }), `${in1}it has neither "Resource" nor "NotResource"`],
    [
      policyOf({ Resource: ["*", 1] }),
      `${in1}it has a number in "Resource", wanted an ARN, or "*"`,
    ],
    [
      policyOf({ Principal: "*" }),
      `${in1}it has "Principal", which the policy of a session cannot have`,
    ],
    [policyOf({ Condition: "x" }), `${in1}it has text as "Condition", wanted an object`],
    [policyOf({ Sid: "a b" }), `${in1}it has "a b" as "Sid", wanted letters and digits`],
    [
      policyOf({ Foo: 1 }),
      `${in1}it has the element "Foo", wanted Sid, Effect, Action, NotAction, Resource, NotResource, Condition`,
    ],
  ];
  for (const [text, message] of faults) assertEquals(why(text), message, text);
  const second = JSON.stringify({ Statement: [statement, {}] });
  assertEquals(
    why(second),
    'has a mistake in statement 2: it has no "Effect", wanted "Allow" or "Deny"',
  );
});

pure("what IAM allows passes", () => {
  for (
    const fields of [
      { Action: ["s3:Get*", "*"], Resource: ["*", "arn:aws:s3:::a/*"] },
      { Effect: "Deny", Action: undefined, NotAction: "iam:*" },
      { Resource: undefined, NotResource: "arn:aws:s3:::a" },
      { Sid: "", Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } },
    ]
  ) checkPolicy(policyOf(fields));
  checkPolicy(JSON.stringify({ Version: "2008-10-17", Id: "x", Statement: [statement] }));
});

const longest: Readonly<Record<string, string>> = {
  "s3-read": `${"b".repeat(63)}/${"p".repeat(450)}`,
  "bedrock-invoke": `m${"x".repeat(139)}`,
  assume: `arn:aws-us-gov:iam::123456789012:role/${"r".repeat(500)}`,
};

pure(
  "each ready-made scope is a policy that STS takes, in every partition, with the longest parameter",
  () => {
    for (const scope of readyMadeScopes) {
      for (const partition of ["aws", "aws-cn", "aws-us-gov"]) {
        for (const parameter of [scope.example ?? "", longest[scope.name] ?? scope.example ?? ""]) {
          const { policy, policyArns = [] } = scopeContent({ scope, parameter }, partition);
          if (policy !== undefined) assertEquals(checkPolicy(policy), policy);
          for (const arn of policyArns) {
            assertEquals(arn.startsWith(`arn:${partition}:iam::`), true);
          }
          assertEquals(policy === undefined, policyArns.length > 0);
        }
      }
      assertEquals(scope.withholds.length > 10 && scope.summary.length > 10, true);
      const written = scopeForm(scope).replace(scope.parameter ?? "-", scope.example ?? "-");
      assertEquals(namedScope(written)?.scope, scope);
    }
  },
);

pure("the parameter of a ready-made scope cannot make it wider", () => {
  const wrong = [
    ...["s3-read", "s3-read:", "s3-read:*", "s3-read:a", "s3-read:Bucket", "s3-read:bucket/*"],
    ...["s3-read:bucket/${aws:username}", "s3-read:bucket/a?", "s3-read:bucket/a\nb"],
    ...["ecr-pull:repo", "logs-read:x", "read-only:x", "bedrock-invoke", "bedrock-invoke:*"],
    ...["bedrock-invoke:anthropic.claude*", "assume", "assume:Deploy", "assume:*"],
    ...["assume:arn:aws:iam::123456789012:role/*", "assume:arn:aws:iam::*:role/Deploy"],
  ];
  for (const written of wrong) {
    const named = namedScope(written);
    if (named === undefined) throw new Error(`no scope: ${written}`);
    assertThrows(() => scopeContent(named, "aws"), Fault, "wanted", written);
  }
  assertEquals(namedScope("s3-write:bucket"), undefined);
  assertEquals(namedScope("policy.json"), undefined);
});
