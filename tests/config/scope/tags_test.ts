import { assertEquals, assertThrows } from "@std/assert";
import { Fault } from "../../../src/config/scope/fault.ts";
import {
  checkPolicyArns,
  checkSourceIdentity,
  parseArns,
} from "../../../src/config/scope/parameters.ts";
import {
  checkTags,
  checkTransitiveKeys,
  formatTags,
  mergeTags,
  parseKeys,
  parseTags,
} from "../../../src/config/scope/tags.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function why(work: () => void): string {
  return assertThrows(work, Fault).message;
}

const tag = (key: string, value = "") => ({ key, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`));

pure("tags are read as aws-vault writes them; a sign of a key can be escaped", () => {
  assertEquals(parseTags("team=web, cost center = 12 ,empty="), [
    tag("team", "web"),
    tag("cost center", "12"),
    tag("empty"),
  ]);
  assertEquals(parseTags("a\\=b=c=d"), [tag("a=b", "c=d")]);
  assertEquals(parseTags("a=b\\,c=d"), [tag("a", "b,c=d")]);
  assertEquals(parseTags(""), []);
  assertEquals(parseKeys("team, cost center,"), ["team", "cost center"]);
  assertEquals(why(() => parseTags("team")), 'has "team", wanted KEY=VALUE');
});

pure("tags keep STS's rules: number, lengths, characters, keys once in any case", () => {
  checkTags([...many(49), tag(`ä 0_.:/=+-@${"k".repeat(117)}`, "v".repeat(256))]);
  assertEquals(why(() => checkTags(many(51))), "has 51 tags, wanted at most 50");
  const rule = 'letters, digits, spaces and "_.:/=+-@"';
  assertEquals(
    why(() => checkTags([tag("")])),
    `has "" as the key of a tag, wanted 1 to 128 ${rule}`,
  );
  assertEquals(
    why(() => checkTags([tag("k".repeat(129))])),
    `has "${"k".repeat(80)}…" as the key of a tag, wanted 1 to 128 ${rule} (found 129 characters)`,
  );
  assertEquals(
    why(() => checkTags([tag("a,b")])),
    `has "a,b" as the key of a tag, wanted 1 to 128 ${rule}`,
  );
  assertEquals(
    why(() => checkTags([tag("a", "b#c")])),
    `has "b#c" as the value of tag "a", wanted at most 256 ${rule}`,
  );
  assertEquals(
    why(() => checkTags([tag("a", "v".repeat(257))])),
    `has "${
      "v".repeat(80)
    }…" as the value of tag "a", wanted at most 256 ${rule} (found 257 characters)`,
  );
  assertEquals(
    why(() => checkTags([tag("Team"), tag("team")])),
    'has the tags "Team" and "team", wanted each key once in any case',
  );
  assertEquals(
    why(() => checkTags([tag("AWS:x")])),
    'has the tag "AWS:x": AWS alone may begin keys with "aws:"',
  );
});

pure("transitive keys are keys of tags of the same session", () => {
  checkTransitiveKeys(["TEAM"], [tag("team")]);
  assertEquals(
    why(() => checkTransitiveKeys(["team"], [])),
    'names "team", wanted the key of a tag of this session',
  );
  assertEquals(
    why(() => checkTransitiveKeys(many(51).map(({ key }) => key), many(51))),
    "has 51 keys, wanted at most 50",
  );
});

pure("of tags of two origins the later win, in any case", () => {
  assertEquals(mergeTags([tag("Team", "web"), tag("a")], [tag("team", "qa")]), [
    tag("a"),
    tag("team", "qa"),
  ]);
});

pure(
  "ARNs of managed policies are 10 at most, of the role's partition, and AWS's or its account's",
  () => {
    const roleArn = "arn:aws:iam::123456789012:role/Deploy";
    const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    assertEquals(parseArns(` ${readOnly},\n  b c `), [readOnly, "b", "c"]);
    checkPolicyArns(Array(10).fill(readOnly), { roleArn });
    checkPolicyArns(["arn:aws:iam::123456789012:policy/team/Own"], { roleArn });
    checkPolicyArns([readOnly], { roleArn: "arn:minio:iam:::role/x-and-more" });
    assertEquals(
      why(() => checkPolicyArns(Array(11).fill(readOnly), { roleArn })),
      "has 11 ARNs, wanted at most 10",
    );
    assertEquals(
      why(() => checkPolicyArns(["ReadOnlyAccess"], { roleArn })),
      'has "ReadOnlyAccess", wanted the ARN of a managed policy of 20 to 2048 characters, such as ' +
        '"arn:aws:iam::aws:policy/ReadOnlyAccess"',
    );
    assertEquals(
      why(() => checkPolicyArns(["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"], { roleArn })),
      'has "arn:aws-cn:iam::aws:policy/ReadOnlyAccess" of partition aws-cn, wanted aws, the role\'s',
    );
    assertEquals(
      why(() => checkPolicyArns(["arn:aws:iam::999999999999:policy/Other"], { roleArn })),
      'has "arn:aws:iam::999999999999:policy/Other", wanted a policy of AWS or of account 123456789012, the role\'s',
    );
    const policy = "p".repeat(2_048 - readOnly.length);
    checkPolicyArns([readOnly], { roleArn, policy });
    assertEquals(
      why(() => checkPolicyArns([readOnly], { roleArn, policy: `${policy}p` })),
      "and the policy have 2049 characters together, wanted at most 2048",
    );
    // The limit is of the two together: without a policy, ten long ones may be longer.
    const long = `arn:aws:iam::aws:policy/${"p".repeat(300)}`;
    checkPolicyArns(Array(10).fill(long), { roleArn });
    checkPolicyArns(Array(10).fill(long), { roleArn, policy: "" });
    checkPolicyArns([], { roleArn, policy: "p".repeat(2_049) });
  },
);

pure("a source identity has 2 to 256 characters of a session name", () => {
  for (const one of ["ab", "k".repeat(256), "kim+x=1,@a.b-c_d"]) checkSourceIdentity(one);
  for (const one of ["a", "k".repeat(257), "kim & co", "kim/x", ""]) {
    assertThrows(() => checkSourceIdentity(one), Fault, "wanted 2 to 256 letters");
  }
  assertThrows(() => checkSourceIdentity("aws:kim"), Fault, 'AWS alone may begin it with "aws:"');
});

pure("the limits of tags are those of STS, to the last one", () => {
  assertEquals(parseTags("a=1, ,\t,b=2"), [tag("a", "1"), tag("b", "2")]);
  assertEquals(why(() => parseTags("  team ")), 'has "team", wanted KEY=VALUE');
  assertEquals(parseKeys(" , ,a, "), ["a"]);
  const rule = 'letters, digits, spaces and "_.:/=+-@"';
  // The length is told where it is what is wrong.
  assertEquals(
    why(() => checkTags([tag("a", `${"v".repeat(255)}#`)])),
    `has "${"v".repeat(80)}…" as the value of tag "a", wanted at most 256 ${rule}`,
  );
  assertEquals(
    why(() => checkTags([tag(`${"k".repeat(127)}#`)])),
    `has "${"k".repeat(80)}…" as the key of a tag, wanted 1 to 128 ${rule}`,
  );
  const keys = many(50);
  checkTransitiveKeys(keys.map(({ key }) => key), keys);
  assertEquals(
    why(() => checkTransitiveKeys(["aws:a"], [tag("aws:a")])),
    'has the tag "aws:a": AWS alone may begin keys with "aws:"',
  );
});

pure("tags are formatted as they are read", () => {
  const tags = [tag("a=b=c", "d=e"), tag("f")];
  assertEquals(formatTags(tags), "a\\=b\\=c=d=e,f=");
  assertEquals(parseTags(formatTags(tags)), tags);
});
