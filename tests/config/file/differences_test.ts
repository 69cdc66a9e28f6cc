/**
 * Lines that tools read differently: each rule, its neighbours, and what takes the place of a line.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { differencesOf, differenceTable } from "../../../src/config/file/differences.ts";

type Rule = keyof typeof differenceTable;
type Row = readonly [text: string, rules: readonly [rule: Rule, line: number, ...string[]][]];

const head = "[profile a]\n";

const configRows: readonly Row[] = [
  ["", []],
  [`${head}region = eu-west-1\n`, []],
  // A comment begins where white space is in front of it.
  [`${head}external_id = a#b\n`, []],
  [`${head}output = json ; x\n`, [["inline-comment", 2, "; x", "output = json"]]],
  [`${head}output=json\t#x = y\n`, [["inline-comment", 2, "#x = y", "output=json"]]],
  [`${head}output = # x\n`, []],
  [`# a\n${head}; b\noutput = json\n`, []],
  ["[profile a] # c\noutput = json\n", []],
  ["[profile a]; c\n", [["comment-at-header", 1, "[profile a] ; c"]]],
  ["[ profile a ]\n", [["blanks-in-header", 1, "[profile a]"]]],
  ["[profile a]\n[profile a]\n", [["duplicate-section", 2]]],
  ['[profile a]\n[profile "a"]\n', [["duplicate-section", 2]]],
  ["[sso-session a]\n[profile a]\n[services a]\n", []],
  ["[default]\n[profile default]\n", []],
  [`${head}region = a\nREGION = b\n`, [
    ["duplicate-key", 3],
    ["key-case", 3, "region = b"],
  ]],
  [`${head}region = a\n[profile b]\nregion = b\n`, []],
  [`${head}s3 =\n  region = a\n  region = b\nregion = c\n`, []],
  [`${head}role_arn = a\n  b\n`, [["continued-value", 3]]],
  [`${head}  region = a\n`, [["indented-setting", 2, "region = a"]]],
  ["\ufeff[profile a]\n", [["byte-order-mark", 1, "[profile a]"]]],
  [`${head}region = a\ufffd\n`, [["not-utf-8", 2]]],
  [`[profile a]\rregion = a\n`, [["lone-carriage-return", 1]]],
  [`${head}region = eu\u200b-west-1\n`, [["invisible-character", 2]]],
  [`${head}role arn = a\n`, [["key-with-blank", 2]]],
  [`${head}region = "eu-west-1"\n`, [["quoted-value", 2]]],
  [`${head}credential_process = "a b"\n`, []],
  ["[profile a b]\n", [["profile-name", 1]]],
  ["[DEFAULT]\n", [["inherited-defaults", 1]]],
];

for (const [text, rules] of configRows) {
  Deno.test(`differencesOf: ${JSON.stringify(text)}`, () => {
    const found = differencesOf(text, "config").map(({ rule, line, replacement = [] }) => [
      rule,
      line,
      ...replacement,
    ]);
    assertEquals(found, rules.map((row) => [...row]));
  });
}

Deno.test("differencesOf: the credentials file has its own headers", () => {
  const rules = (text: string) => differencesOf(text, "credentials").map(({ rule }) => rule);
  assertEquals(rules("[a]\n[b]\n"), []);
  assertEquals(rules("[  a  ]\n"), ["blanks-in-header"]);
  assertEquals(rules("[a]\n[a]\n"), ["duplicate-section"]);
});

Deno.test("differencesOf: each rule has a row, and no message holds a value", () => {
  const all = configRows.flatMap(([text]) => differencesOf(text, "config"));
  const used = new Set(all.map(({ rule }) => rule));
  assertEquals(Object.keys(differenceTable).filter((rule) => !used.has(rule as Rule)), []);
  const secret = "kept-secret";
  const text = `${head}aws_secret_access_key = ${secret} # ${secret}\n  ${secret}\n` +
    `Aws_Secret_Access_Key = "${secret}"\n`;
  for (const { message } of differencesOf(text, "config")) {
    assertEquals(message.includes(secret), false, message);
  }
});
