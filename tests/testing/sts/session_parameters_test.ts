import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type AssumeRoleInput, EmulatorError } from "../../../src/testing/mod.ts";
import type { AccessKeys } from "../../../src/credentials.ts";
import { account, type Bench, bench, keysOf, kim, role, roleArn } from "../fixtures.ts";

const deploy = { roleArn: roleArn("Deploy"), roleSessionName: "sts-deploy" };
const policyOf = (action: string) =>
  JSON.stringify({ Statement: { Effect: "Allow", Action: action, Resource: "*" } });
const s3 = policyOf("s3:*");

function benchOf(): Bench {
  const trusting = { trusts: ["*"] };
  return bench([
    role("Deploy", trusting),
    role("Next", trusting),
    role("Untagged", { allowsTags: false }),
    role("Unnamed", { allowsSourceIdentity: false, ...trusting }),
  ]);
}

async function assume(
  { emulator }: Bench,
  input: Partial<AssumeRoleInput>,
  keys: AccessKeys = kim,
) {
  return keysOf(await emulator.service.assumeRole({ keys, ...deploy, ...input }));
}

Deno.test({
  name: "assumeRole() keeps the policies of a session, and isAllowed() asks them",
  permissions: "none",
  async fn() {
    const tools = benchOf();
    const { emulator } = tools;
    const { accessKeyId } = await assume(tools, { policy: s3 });
    assertEquals(emulator.isAllowed(accessKeyId, { action: "s3:GetObject" }), true);
    assertEquals(emulator.isAllowed(accessKeyId, { action: "ec2:RunInstances" }), false);
    const plain = await assume(tools, {});
    assertEquals(emulator.isAllowed(plain.accessKeyId, { action: "ec2:RunInstances" }), true);
    assertEquals(emulator.identityOf(plain.accessKeyId)?.session, undefined);
    assertThrows(() => emulator.isAllowed("ASIAUNKNOWN", { action: "s3:GetObject" }), TypeError);
  },
});

Deno.test({
  name: "assumeRole() takes managed policies of AWS and of the role's account, and no others",
  permissions: "none",
  async fn() {
    const own = `arn:aws:iam::${account}:policy/teams/Own`;
    const world = { users: [kim], roles: [role("Deploy")] };
    const managedPolicies = [{ arn: own, document: policyOf("sqs:*") }];
    const tools = bench([], { world: { ...world, managedPolicies } });
    const { emulator } = tools;
    const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    const { accessKeyId } = await assume(tools, { policyArns: [readOnly, own] });
    const may = (action: string) => emulator.isAllowed(accessKeyId, { action });
    assertEquals(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"].map(may), [true, false, true]);
    const other = await assume(tools, { policyArns: ["arn:aws:iam::aws:policy/Another"] });
    assertThrows(
      () => emulator.isAllowed(other.accessKeyId, { action: "s3:GetObject" }),
      TypeError,
      "arn:aws:iam::aws:policy/Another",
    );
    for (
      const arn of [
        "arn:aws:iam::999999999999:policy/Own",
        `arn:aws:iam::${account}:policy/Missing`,
        "arn:aws:iam::aws:role/ReadOnlyAccess",
        "no-arn-of-twenty-characters",
      ]
    ) {
      const error = await assertRejects(() => assume(tools, { policyArns: [arn] }), EmulatorError);
      assertEquals([error.code, error.message.includes(arn)], ["ValidationError", true]);
    }
  },
});

Deno.test({
  name: "assumeRole() lets a session assume a further role only if its policy allows it",
  permissions: "none",
  async fn() {
    const tools = benchOf();
    const next = { roleArn: roleArn("Next") };
    const narrow = await assume(tools, { policy: s3 });
    await assertRejects(
      () => assume(tools, next, narrow),
      EmulatorError,
      `is not authorized to perform: sts:AssumeRole on resource: ${roleArn("Next")}`,
    );
    const { accessKeyId } = await assume(
      tools,
      next,
      await assume(tools, { policy: policyOf("sts:AssumeRole") }),
    );
    assertEquals(tools.emulator.isAllowed(accessKeyId, { action: "s3:GetObject" }), true);
    const unknown = await assume(tools, { policyArns: ["arn:aws:iam::aws:policy/Another"] });
    await assume(tools, next, unknown);
  },
});

Deno.test({
  name: "assumeRole() passes transitive tags and the source identity on to further roles",
  permissions: "none",
  async fn() {
    const tools = benchOf();
    const tags = [{ key: "Team", value: "web" }, { key: "Stage", value: "" }];
    const first = await assume(tools, {
      ...{ tags, transitiveTagKeys: ["team"], sourceIdentity: "kim@example.com" },
    });
    const sessionOf = (keys: AccessKeys) => tools.emulator.identityOf(keys.accessKeyId)?.session;
    assertEquals(sessionOf(first)?.tags, tags);
    const second = await assume(tools, { roleArn: roleArn("Next") }, first);
    assertEquals(sessionOf(second), {
      policies: [],
      tags: [{ key: "Team", value: "web" }],
      transitiveTagKeys: ["Team"],
      sourceIdentity: "kim@example.com",
    });
    const third = await assume(tools, { sourceIdentity: "kim@example.com" }, second);
    assertEquals(sessionOf(third)?.tags, [{ key: "Team", value: "web" }]);
    const refused = "sts:SetSourceIdentity";
    await assertRejects(() => assume(tools, { sourceIdentity: "robin" }, second), Error, refused);
    const unnamed = { roleArn: roleArn("Unnamed") };
    await assertRejects(() => assume(tools, unnamed, second), Error, refused);
    await assume(tools, unnamed);
    const conflict = { tags: [{ key: "TEAM", value: "mobile" }] };
    await assertRejects(() => assume(tools, conflict, second), Error, "conflicts");
  },
});

const tag = (key: string, value = "x") => ({ key, value });
const invalidValue = "InvalidParameterValue";
const REFUSED: readonly [
  what: string,
  input: Partial<AssumeRoleInput>,
  code: string,
  message: string,
][] = [
  ["an empty policy", { policy: "" }, "ValidationError", "greater than or equal to 1"],
  ["a long policy", { policy: s3.padEnd(2_049) }, "ValidationError", "than or equal to 2048"],
  ["a policy with other letters", { policy: s3.replace("*", "ł") }, "ValidationError", "policy"],
  ["a policy that is none", { policy: "{}" }, "MalformedPolicyDocument", "Syntax errors"],
  [
    ...["a policy and managed ones that are too long together"] as const,
    { policy: s3.padEnd(2_040), policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    ...["PackedPolicyTooLarge", "Packed policy consumes 102% of allotted space"] as const,
  ],
  [
    "too many managed policies",
    { policyArns: Array(11).fill("arn:aws:iam::aws:policy/ReadOnlyAccess") },
    ...["ValidationError", "policyArns"] as const,
  ],
  ["a short ARN", { policyArns: ["arn:aws:iam::aws:po"] }, "ValidationError", "equal to 20"],
  [
    "too many tags",
    { tags: Array.from({ length: 51 }, (_, n) => tag(`${n}`)) },
    "ValidationError",
    "tags",
  ],
  ["a tag without a key", { tags: [tag("")] }, "ValidationError", "tags.member.key"],
  ["a long key", { tags: [tag("k".repeat(129))] }, "ValidationError", "equal to 128"],
  ["a long value", { tags: [tag("k", "v".repeat(257))] }, "ValidationError", "equal to 256"],
  ["a value with a comma", { tags: [tag("k", "a,b")] }, "ValidationError", "tags.member.value"],
  ["AWS's own tags", { tags: [tag("AWS:x")] }, invalidValue, "aws: prefixed"],
  ["one tag twice", { tags: [tag("k"), tag("K")] }, invalidValue, "Duplicate tag keys"],
  [
    ...["a transitive key without its tag", {
      tags: [tag("k")],
      transitiveTagKeys: ["l"],
    }] as const,
    ...[invalidValue, "must be included"] as const,
  ],
  [
    "tags that take too much space",
    { tags: Array.from({ length: 10 }, (_, n) => tag(`k${n}`, "v".repeat(256))) },
    ...["PackedPolicyTooLarge", "Packed size of session tags consumes 126% of allotted"] as const,
  ],
  [
    ...["tags of a role that trusts without them", {
      roleArn: roleArn("Untagged"),
      tags: [tag("k")],
    }] as const,
    ...["AccessDenied", "sts:TagSession"] as const,
  ],
  ["a short source identity", { sourceIdentity: "k" }, "ValidationError", "sourceIdentity"],
  [
    "a long source identity",
    { sourceIdentity: "k".repeat(257) },
    "ValidationError",
    "equal to 256",
  ],
];

for (const [what, input, code, message] of REFUSED) {
  Deno.test({
    name: `assumeRole() rejects ${what}`,
    permissions: "none",
    async fn() {
      const error = await assertRejects(() => assume(benchOf(), input), EmulatorError, message);
      assertEquals(error.code, code);
    },
  });
}

Deno.test({
  name: "assumeRole() takes each parameter at its limit",
  permissions: "none",
  async fn() {
    const tools = benchOf();
    await assume(tools, { policy: s3.padEnd(2_048) });
    await assume(tools, { policyArns: Array(10).fill("arn:aws:iam::aws:policy/ReadOnlyAccess") });
    await assume(tools, { tags: Array.from({ length: 50 }, (_, n) => tag(`${n}`, "")) });
    await assume(tools, { tags: [tag("k".repeat(128), "v".repeat(256))] });
    await assume(tools, { sourceIdentity: "k".repeat(256) });
  },
});
