import { assert, assertEquals } from "@std/assert";
import { indexOf, rank } from "../../../src/cli/prompt/rank.ts";

function ranked(names: readonly string[], typed: string, details: readonly string[] = []) {
  const items = names.map((name, at) => ({ name, details: details[at] ?? "" }));
  return rank(indexOf(items), typed).map((at) => names[at]);
}

const rows: readonly (readonly [what: string, names: string[], typed: string, wanted: string[]])[] =
  [
    ["nothing typed keeps the order", ["b", "a"], " ", ["b", "a"]],
    [
      "a whole name comes first, then a beginning, a word, a part, letters",
      [
        ...["d-e-v", "subdev", "my-dev", "develop", "dev"],
      ],
      "dev",
      ["dev", "develop", "my-dev", "subdev", "d-e-v"],
    ],
    ["shorter names come before longer ones", ["dev-frontend", "dev-db"], "dev", [
      "dev-db",
      "dev-frontend",
    ]],
    ["tighter letters come first", ["a-long-b", "a-b-long"], "ab", ["a-b-long", "a-long-b"]],
    ["letters that come early by chance do not count", ["a-xx-a-b", "a-xxx-b"], "ab", [
      ...["a-xx-a-b", "a-xxx-b"],
    ]],
    ["equals stay in their order", ["shop-qa", "base-qa"], "qa", ["shop-qa", "base-qa"]],
    ["every word must match", ["shop-dev", "shop-qa"], "qa sh", ["shop-qa"]],
    ["case does not matter, in other scripts either", ["Größe", "größer"], "GRÖSS", []],
    ["umlauts are found in either case", ["Größe"], "gRÖ", ["Größe"]],
    ["composed and decomposed letters are the same", ["cafe\u0301"], "café", ["cafe\u0301"]],
    ["wide characters are found", ["日本語-dev", "dev"], "本", ["日本語-dev"]],
    ["letters must be in their order", ["abc"], "cb", []],
    ["a pattern is no pattern", ["a.c", "abc"], "a.c", ["a.c"]],
  ];

for (const [what, names, typed, wanted] of rows) {
  Deno.test({
    name: `rank(): ${what}`,
    permissions: "none",
    fn: () => assertEquals(ranked(names, typed), wanted),
  });
}

Deno.test({
  name: "rank() finds accounts, roles and regions as they are written, after names",
  permissions: "none",
  fn() {
    const names = ["one", "west-2"];
    const details = ["123456789012 admin eu-west-2", "210987654321 reader us-east-1"];
    assertEquals(ranked(names, "west-2", details), ["west-2", "one"]);
    assertEquals(ranked(names, "6789", details), ["one"]);
    assertEquals(ranked(names, "w2 21098", details), ["west-2"]);
    assertEquals(ranked(names, "adn", details), [], "letters alone do not do in details");
  },
});

Deno.test({
  name: "rank() searches 10,000 names at each key without being noticed",
  permissions: "none",
  fn() {
    const index = indexOf(Array.from({ length: 10_000 }, (_, at) => ({
      name: `team-${at % 97}-service-${at}-production`,
      details: `${at} Administrator eu-west-1`,
    })));
    const started = performance.now();
    const typed = "team 42 serv prod";
    for (let end = 1; end <= typed.length; end++) rank(index, typed.slice(0, end));
    const perKey = (performance.now() - started) / typed.length;
    assert(perKey < 200, `${perKey} ms for a key`);
  },
});
