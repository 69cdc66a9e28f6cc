/**
 * What one role is sent: the settings of its profile, what the request says in their place, and whose fault a fault is.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import type { NarrowingRequest } from "../../../src/config/plan/request.ts";
import { type Hop, HopReader, partitionOf } from "../../../src/config/scope/hop.ts";
import { ProfileError, StsavalError, UsageError } from "../../../src/errors.ts";
import { configOf, portsOf, roleArn } from "../in_memory.ts";

const policy = '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}';
const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/** The hop of a profile with these settings, and what reads it. */
async function hopOf(settings: string, given: NarrowingRequest = {}, more: Partial<Hop> = {}) {
  const texts = {
    config: `[profile dev]\nrole_arn = ${roleArn("Dev")}\n${settings}`,
    files: { "/home/kim/.aws/read.json": policy },
  };
  const { profiles } = await configOf(texts);
  const reader = new HopReader(portsOf(texts), given);
  const hop: Hop = {
    ...{ asked: "dev", profile: profiles.get("dev"), roleArn: roleArn("Dev"), isLast: true },
    ...{ scope: undefined, ...more },
  };
  return { reader, hop };
}

async function sent(...setup: Parameters<typeof hopOf>) {
  const { reader, hop } = await hopOf(...setup);
  return await reader.parameters(hop);
}

async function why(...setup: Parameters<typeof hopOf>): Promise<string> {
  const error = await assertRejects(() => sent(...setup), StsavalError);
  const kind = error instanceof UsageError ? "usage" : "profile";
  return `${kind}: ${error.message}; ${error.hint ?? "no hint"}`;
}

Deno.test("a role is sent what its profile says, and nothing where that says nothing", async () => {
  assertEquals(await sent(""), undefined);
  assertEquals(await sent("source_identity = kim\n"), { sourceIdentity: "kim" });
  assertEquals(
    await sent(
      `policy = read.json\npolicy_arns = ${managed}\nsession_tags = a=1,b=2\n` +
        "transitive_session_tags = b\nsource_identity = kim\n",
    ),
    {
      ...{ policy, policyArns: [managed], transitiveTagKeys: ["b"], sourceIdentity: "kim" },
      tags: [{ key: "a", value: "1" }, { key: "b", value: "2" }],
    },
  );
  assertEquals(await sent("session_tags = ,\ntransitive_session_tags = ,\n"), undefined);
});

Deno.test("the request wins over the profile for the last role, and says nothing of the others", async () => {
  const settings = `policy = read.json\nsession_tags = A=1,b=2\nsource_identity = kim\n`;
  const given: NarrowingRequest = {
    ...{ policyArns: [managed], sourceIdentity: "ann", tags: [{ key: "a", value: "9" }] },
  };
  assertEquals(await sent(settings, given), {
    ...{ policyArns: [managed], sourceIdentity: "ann" },
    tags: [{ key: "b", value: "2" }, { key: "a", value: "9" }],
  });
  assertEquals(await sent(settings, given, { isLast: false }), {
    ...{ policy, sourceIdentity: "kim" },
    tags: [{ key: "A", value: "1" }, { key: "b", value: "2" }],
  });
  assertEquals(await sent(`policy_arns = ${managed}\n`, { policy }), { policy });
  // Without a profile, as where the environment names the role, the request alone counts.
  assertEquals(await sent("", given, { profile: undefined }), {
    ...{ policyArns: [managed], sourceIdentity: "ann", tags: [{ key: "a", value: "9" }] },
  });
  assertEquals(await sent(settings, {}, { profile: undefined }), undefined);
});

Deno.test("a fault is told with whose it is: that of a setting, or what was given", async () => {
  const place = 'profile "dev" at "/home/kim/.aws/config", line';
  const rows: readonly (readonly [string, Parameters<typeof hopOf>])[] = [
    [`session_tags of ${place} 3 has "a", wanted KEY=VALUE; no hint`, ["session_tags = a\n"]],
    [
      `session_tags of ${place} 3 has the tag "aws:a": AWS alone may begin keys with "aws:"; no hint`,
      ["session_tags = aws:a=1\n"],
    ],
    [
      `source_identity of ${place} 3 is "aws:kim", AWS alone may begin it with "aws:"; no hint`,
      ["source_identity = aws:kim\n"],
    ],
    [
      `transitive_session_tags of ${place} 4 names "c", wanted the key of a tag of this session; no hint`,
      ["session_tags = a=1\ntransitive_session_tags = c\n"],
    ],
    [
      `policy_arns of ${place} 3 has "x", wanted the ARN of a managed policy of 20 to 2048 characters, ` +
      `such as "${managed}"; no hint`,
      ["policy_arns = x\n"],
    ],
  ];
  for (const [end, setup] of rows) {
    assertEquals(await why(...setup), `profile: Cannot use profile "dev": ${end}`);
  }
  const tags = (count: number, letter: string) =>
    Array.from({ length: count }, (_, index) => ({ key: `${letter}${index}`, value: "" }));
  const written = tags(30, "k").map(({ key }) => `${key}=`).join(",");
  const given: readonly (readonly [string, string, NarrowingRequest])[] = [
    ["list of tags", "has 51 tags, wanted at most 50", { tags: tags(51, "a") }],
    [
      "list of tags, with those of the profile:",
      "has 60 tags, wanted at most 50",
      { tags: tags(30, "a") },
    ],
    [
      "source identity",
      'is "k", wanted 2 to 256 letters, digits and "_+=,.@-"',
      { sourceIdentity: "k" },
    ],
    [
      "policy",
      "is not valid JSON at line 1, column 2: found the end, wanted a name in double quotes",
      { policy: "{" },
    ],
    [
      "list of policy ARNs",
      `has "x", wanted the ARN of a managed policy of 20 to 2048 characters, such as "${managed}"`,
      { policyArns: ["x"] },
    ],
  ];
  for (const [what, fault, request] of given) {
    const start = `usage: Cannot use the given ${what}: it ${fault}`;
    const found = await why(`session_tags = ${written}\n`, request);
    assertEquals(found.slice(0, start.length), start);
  }
});

Deno.test("a scope that is a managed policy goes with the role alone: policies would add up", async () => {
  const { hop: { profile } } = await hopOf("scope_policy = read-only\n");
  if (profile === undefined) throw new Error("no profile");
  const scope = {
    text: " read-only\n",
    owner: { asked: "dev", profile, field: "scopePolicy" },
  } as const;
  assertEquals(await sent("", {}, { scope }), { policyArns: [managed] });
  assertEquals(await sent("", {}, { scope: { ...scope, text: "ecr-pull" } }), undefined);
  assertEquals(await sent("", {}, { scope: { ...scope, text: policy } }), undefined);
  for (const setting of ["policy = read.json\n", `policy_arns = ${managed}\n`]) {
    assertEquals(
      await why(setting, {}, { scope }),
      'profile: Cannot use profile "dev": the scope is sent as the ARN of a managed policy, beside the policy or ' +
        "policy_arns of the role, and AWS allows what any of them allows; leave one of them out, or give the scope " +
        "as JSON: a scoped copy is allowed only what both allow",
    );
  }
});

Deno.test("a web identity's role is sent policies, and a tag or an identity is refused by its setting", async () => {
  const { reader, hop } = await hopOf("policy = read.json\n");
  assertEquals(await reader.webIdentityPolicies(hop), { policy });
  const hint = "let the identity provider put them into its tokens, or assume another role with " +
    "these credentials";
  const end =
    "is not sent with a web identity token: AWS reads tags and the source identity from the token";
  const rows: readonly (readonly [string, Parameters<typeof hopOf>])[] = [
    ["the tag that was given", ["", { tags: [{ key: "a", value: "1" }] }]],
    ["the source identity that was given", ["", { sourceIdentity: "kim" }]],
    ["the tag that was given", ["", { tags: [] }, { profile: undefined }]],
    [
      'session_tags of profile "dev" at "/home/kim/.aws/config", line 3',
      ["session_tags = a=1\n", { sourceIdentity: "kim" }],
    ],
    [
      'transitive_session_tags of profile "dev" at "/home/kim/.aws/config", line 3',
      ["transitive_session_tags = a\n"],
    ],
    [
      'source_identity of profile "dev" at "/home/kim/.aws/config", line 3',
      ["source_identity = kim\n"],
    ],
  ];
  for (const [what, setup] of rows) {
    const { reader, hop } = await hopOf(...setup);
    const error = await assertRejects(() => reader.webIdentityPolicies(hop), ProfileError);
    assertEquals(error.message, `Cannot use profile "dev": ${what} ${end}`);
    assertEquals(error.hint, hint);
  }
  // The request is about the last role of a chain.
  const first = await hopOf("", { sourceIdentity: "kim" }, { isLast: false });
  assertEquals(await first.reader.webIdentityPolicies(first.hop), undefined);
});

Deno.test("partitionOf() is AWS's own for the ARNs of other servers", () => {
  assertEquals(partitionOf("arn:aws-us-gov:iam::123456789012:role/Dev"), "aws-us-gov");
  assertEquals(partitionOf("arn:minio:iam:::role/Dev"), "aws");
  assertEquals(partitionOf("arn:aws"), "aws");
});
