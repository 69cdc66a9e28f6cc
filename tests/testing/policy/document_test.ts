import { assertEquals, assertThrows } from "@std/assert";
import { EmulatorError } from "../../../src/testing/mod.ts";
import { parsePolicy } from "../../../src/testing/policy/document.ts";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

function documentOf(...statements: readonly unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

Deno.test({
  name: "parsePolicy() reads one statement or many, texts or lists, and what is excepted",
  permissions: "none",
  fn() {
    const [first] = parsePolicy(JSON.stringify({ Statement: statement })).statements;
    assertEquals(first, {
      effect: "Allow",
      actions: { patterns: ["s3:GetObject"], except: false },
      resources: { patterns: ["*"], except: false },
      conditions: {},
    });
    const { statements } = parsePolicy(documentOf(statement, {
      ...{
        Sid: "NoDeletes",
        Effect: "Deny",
        NotAction: ["s3:*", "sts:Get?*"],
        NotResource: "arn:x",
      },
      Condition: { Bool: { "aws:SecureTransport": false }, StringLike: { "s3:prefix": ["a/*"] } },
    }));
    assertEquals(statements.at(1), {
      effect: "Deny",
      actions: { patterns: ["s3:*", "sts:Get?*"], except: true },
      resources: { patterns: ["arn:x"], except: true },
      conditions: {
        Bool: { "aws:SecureTransport": ["false"] },
        StringLike: { "s3:prefix": ["a/*"] },
      },
    });
  },
});

const syntax = "Syntax errors in policy.";
const MALFORMED: readonly [what: string, text: string, message: string][] = [
  ["no JSON", "{", "This policy contains invalid Json"],
  ["a list", "[]", syntax],
  ["null", "null", syntax],
  ["no statement", "{}", syntax],
  ["an empty list of statements", documentOf(), syntax],
  ["another version", JSON.stringify({ Version: "2012-10-18", Statement: statement }), syntax],
  ["an unknown key", JSON.stringify({ Statement: statement, Rules: [] }), syntax],
  ["an unknown key of a statement", documentOf({ ...statement, Actions: "s3:*" }), syntax],
  ["an effect in lower case", documentOf({ ...statement, Effect: "allow" }), syntax],
  ["both Action and NotAction", documentOf({ ...statement, NotAction: "s3:*" }), syntax],
  ["an empty list of resources", documentOf({ ...statement, Resource: [] }), syntax],
  ["an object as an action", documentOf({ ...statement, Action: {} }), syntax],
  ["a condition that is text", documentOf({ ...statement, Condition: "x" }), syntax],
  [
    ...["no action", documentOf({ ...statement, Action: undefined })] as const,
    "Policy statement must contain actions.",
  ],
  [
    ...["no resource", documentOf({ ...statement, Resource: undefined })] as const,
    "Policy statement must contain resources.",
  ],
  [
    ...["a principal", documentOf({ ...statement, Principal: "*" })] as const,
    "Policy document should not specify a principal.",
  ],
  [
    ...["an action without a service", documentOf({ ...statement, Action: "GetObject" })] as const,
    "Actions/Conditions must be prefaced by a vendor, e.g., iam",
  ],
];

for (const [what, text, message] of MALFORMED) {
  Deno.test({
    name: `parsePolicy() rejects ${what}`,
    permissions: "none",
    fn() {
      const error = assertThrows(() => parsePolicy(text), EmulatorError);
      assertEquals([error.code, error.status, error.message], [
        "MalformedPolicyDocument",
        400,
        message,
      ]);
    },
  });
}
