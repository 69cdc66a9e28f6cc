import { assertEquals } from "@std/assert";
import { isPattern, matchesPattern, nearestPattern } from "../../../src/config/names/pattern.ts";

const matching: readonly (readonly [pattern: string, names: readonly string[]])[] = [
  ["*", ["", "a", "a-dev", "a.b", "a\nb", "😀"]],
  ["*-dev", ["-dev", "app-dev", "a/b-dev"]],
  ["app-?", ["app-1", "app-😀"]],
  ["[ab]-[0-9]", ["a-0", "b-9"]],
  ["[!ab]x", ["cx", "-x", "]x"]],
  ["[^ab]x", ["cx"]],
  ["a.b+c", ["a.b+c"]],
  ["[a-]x", ["ax", "-x"]],
  ["[a-d]x", ["ax", "bx", "dx"]],
  ["[!a-d]x", ["ex", "-x"]],
  ["[]]x", ["]x"]],
  ["[]a]x", ["]x", "ax"]],
  ["[!]a]x", ["bx", "!x"]],
  ["[!]", ["[!]"]],
  ["[^]x", ["[^]x"]],
  ["[]x", ["[]x"]],
  ["[a^]x", ["ax", "^x"]],
  ["[a\\]x", ["ax", "\\x"]],
  ["[\uffee-😀]x", ["\uffefx", "😀x"]],
  ["[!z-a]x", ["bx"]],
  ["a[", ["a["]],
  ["(a|b)*", ["(a|b)", "(a|b)c"]],
  ["a\\*", ["a\\", "a\\b"]],
];

const failing: readonly (readonly [pattern: string, names: readonly string[]])[] = [
  ["*-dev", ["dev", "app-dev2", "APP-DEV"]],
  ["app-?", ["app-", "app-12"]],
  ["[ab]-[0-9]", ["c-0", "a-", "a-10"]],
  ["[!ab]x", ["ax", "x"]],
  ["a.b", ["aXb"]],
  ["[a-d]x", ["ex", "-x"]],
  ["[!a-d]x", ["ax", "bx", "dx"]],
  ["[ad]x", ["bx", "-x"]],
  ["[z-a]x", ["zx", "ax", "-x"]],
  ["[😀-\uffee]x", ["😀x", "\uffeex", "-x"]],
  ["[ab]x", ["mx", "-x", "abx"]],
  ["[!]a]x", ["]x", "ax"]],
  ["[!]", ["!", "a", "]"]],
  ["[^]x", ["^x", "ax"]],
  ["[]x", ["]x", "[x"]],
  ["(a|b)*", ["a"]],
];

for (const [expected, rows] of [[true, matching], [false, failing]] as const) {
  for (const [pattern, names] of rows) {
    Deno.test({
      name: `matchesPattern() is ${expected} for "${pattern}" and ${JSON.stringify(names)}`,
      permissions: "none",
      fn() {
        for (const name of names) assertEquals(matchesPattern(pattern, name), expected, name);
      },
    });
  }
}

Deno.test({
  name: "isPattern() is true where a word holds what only patterns hold",
  permissions: "none",
  fn() {
    for (const word of ["*", "a?", "[ab]", "x[!a]", "[!]a]", "[]]x"]) {
      assertEquals(isPattern(word), true, word);
    }
    for (const word of ["", "a", "a-b_c.d", "a[", "a]", "[]", "[!]", "x[^]"]) {
      assertEquals(isPattern(word), false, word);
    }
  },
});

Deno.test({
  name: "nearestPattern() spells one part of a pattern as the names spell it",
  permissions: "none",
  fn() {
    const names = ["app-dev", "app-qa", "DynamoDBRole-prod"];
    assertEquals(nearestPattern("*-dve", names), "*-dev");
    assertEquals(nearestPattern("DynamoDbRole-*", names), "DynamoDBRole-*");
    assertEquals(nearestPattern("ap-*", names), "app-*");
    assertEquals(nearestPattern("*-elsewhere", names), undefined);
    assertEquals(nearestPattern("app-*", []), undefined);
    // Another name than the one that is written, even where that is a part of a name itself.
    assertEquals(nearestPattern("app-q?", ["app-dev", "apx-qa"]), "apx-q?");
    // A pattern that needs no other spelling is none that helps.
    assertEquals(nearestPattern("*-dev", ["a-dev"]), undefined);
    assertEquals(nearestPattern("*-*", names), undefined);
    assertEquals(nearestPattern("ap-*", ["--", "app-dev"]), "app-*");
  },
});

Deno.test("matchesPattern() looks at a long name once, however many stars there are", () => {
  const name = "a".repeat(5_000);
  assertEquals(matchesPattern(`${"*a".repeat(200)}*b`, name), false);
  assertEquals(matchesPattern(`${"*a".repeat(200)}`, name), true);
  assertEquals(matchesPattern("a*a", "a"), false);
  assertEquals(matchesPattern("ab*ba", "aba"), false);
});
