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

const messageRows: readonly (readonly [text: string, line: number, message: string])[] = [
  [
    "\ufeff[profile a]\r\nregion = a\r\n",
    1,
    "the file begins with a byte order mark: the AWS CLI and boto3 reject the file",
  ],
  [
    `a\n${head}region = a\0\n`,
    3,
    "found a byte that is not UTF-8: the AWS CLI and boto3 reject the file",
  ],
  [
    `\n${head}\rregion = a\n`,
    3,
    "a line ends with a lone carriage return: the SDK for JavaScript reads on",
  ],
  [
    "\n[profile a]\n\n[profile a]\n",
    4,
    "the section is there already, at line 2: the AWS CLI and boto3 reject the file, SDKs merge the two",
  ],
  [
    `${head}region = a\nregion = b\n`,
    3,
    '"region" is set already, at line 2: the AWS CLI and boto3 reject the file, SDKs take the last one',
  ],
  [
    "[DEFAULT]\n",
    1,
    "the AWS CLI and boto3 add the settings of [DEFAULT] to every profile, others ignore it",
  ],
  [
    "\t[profile a]# c\n",
    1,
    "a comment directly behind the bracket: the SDK for JavaScript drops the whole section",
  ],
  [
    "[ profile a]\n",
    1,
    "blanks beside the brackets: the AWS CLI, boto3 and the SDK for JavaScript ignore the section",
  ],
  [
    "[default ]\n",
    1,
    "blanks beside the brackets: the AWS CLI, boto3 and the SDK for JavaScript keep them in the name",
  ],
  [
    "[profile a b]\n",
    1,
    'the SDK for JavaScript has no profile "a b": only the AWS CLI and boto3 accept every character in a name',
  ],
  [
    `${head}output = json # x\n`,
    2,
    'a comment behind the value of "output": the AWS CLI and boto3 take it for a part of the value, SDKs do not',
  ],
  [`${head}role arn = a\n`, 2, "a blank in the name of a key: some SDKs ignore the line"],
  [
    `${head}Region = a\n`,
    2,
    '"Region" is not in lower case: the SDK for JavaScript does not find "region"',
  ],
  [
    `${head}region = 'a'\n`,
    2,
    'the quotes around the value of "region" are part of it, for every tool',
  ],
  [
    `${head}\n  region = a\n`,
    3,
    '"region" is indented without a setting above it: some SDKs reject the file',
  ],
  [
    `${head}role_arn = a\n\n  b\n`,
    4,
    'continues the value of "role_arn": the SDK for JavaScript drops such lines',
  ],
  [
    `${head}region = a\u00a0b\n`,
    2,
    "holds a character that cannot be seen, which tools keep or drop",
  ],
];

Deno.test("differencesOf: each rule says who reads what, and where", () => {
  for (const [text, line, message] of messageRows) {
    const found = differencesOf(text, "config");
    assertEquals(found.map((one) => [one.line, one.message]), [[line, message]], text);
  }
});

Deno.test("differenceTable: each rule says what helps, and whether a tool rejects the whole file", () => {
  const rejecting = [
    "byte-order-mark",
    "not-utf-8",
    "duplicate-section",
    "duplicate-key",
    "indented-setting",
  ];
  const rows = Object.entries(differenceTable);
  assertEquals(rows.filter(([, { rejects }]) => rejects).map(([rule]) => rule), rejecting);
  assertEquals(rows.map(([, { cure }]) => cure), [
    "save the file as UTF-8 without a byte order mark",
    "save the file as UTF-8",
    "end lines with a line feed",
    "merge the two sections",
    "remove one of the two lines",
    "name the section [default], or remove it",
    "put a space, or the comment on a line of its own",
    "remove the blanks beside the brackets",
    "rename it with letters, digits and -_/.%@:+",
    "put the comment on a line of its own",
    "write the key in lower case",
    "write the key without a blank",
    "remove the quotes",
    "write the value on one line",
    "remove the blanks in front of the line",
    "type the line again",
  ]);
});

/** What is found in a text: the rules, each with its line and what takes the place of that line. */
function foundIn(text: string, kind: "config" | "credentials" = "config") {
  return differencesOf(text, kind).map(({ rule, line, replacement }) => [rule, line, replacement]);
}

Deno.test("differencesOf: what takes the place of a line keeps its indent, its comment and its value", () => {
  const rows: readonly (readonly [line: string, rule: Rule, ...replacement: string[]])[] = [
    ["  [profile b]# c", "comment-at-header", "  [profile b] # c"],
    ["[profile b ] # c", "blanks-in-header", "[profile b] # c"],
    ["[\tprofile b]", "blanks-in-header", "[profile b]"],
    ["region = a # b = c ; d", "inline-comment", "# b = c ; d", "region = a"],
    ["Region  =  Region", "key-case", "region  =  Region"],
    ["Region = a=b", "key-case", "region = a=b"],
  ];
  for (const [line, rule, ...replacement] of rows) {
    assertEquals(foundIn(`[profile x]\n${line}\n`), [[rule, 2, replacement]], line);
  }
  // A replacement is text, and no pattern of String.replace().
  assertEquals(foundIn("[ $& ]\n", "credentials")[0], ["blanks-in-header", 1, ["[$&]"]]);
  // An indent is what is wrong here; the rest of the line is told once that is gone.
  assertEquals(foundIn(`${head}\tRegion = "a" ; b\n`), [
    ["indented-setting", 2, ['Region = "a" ; b']],
  ]);
  assertEquals(foundIn("\ufeff[profile a]\r\nregion = a\r\n"), [
    ["byte-order-mark", 1, ["[profile a]"]],
  ]);
});

Deno.test("differencesOf: a line is judged by the section and the setting above it", () => {
  const rules = (text: string) => foundIn(text).map(([rule, line]) => [rule, line]);
  // Outside of a section, no key is there twice, and none has too much of an indent.
  assertEquals(rules("region = a\nregion = b\n"), []);
  assertEquals(rules("  region = a\n"), []);
  // A header ends the setting above it, and a name that is no profile's starts no section.
  assertEquals(rules(`${head}region = a\n[profile b]\n  region = b\n`), [["indented-setting", 4]]);
  assertEquals(rules("[profile a]\nregion = a\n[a b c]\nregion = a\nregion = a\n"), []);
  // What has as much of an indent as the setting above it is a setting itself.
  assertEquals(rules(`${head}  region = a\n  output = b\n`), [["indented-setting", 2]]);
  assertEquals(rules(`${head}region = a\n [profile a]\n`), [["continued-value", 3]]);
  // A setting with ":" is read by few tools, and its parts are not compared.
  assertEquals(rules(`${head}Region: "a"\n`), []);
  // Any name may stand in a section that is no profile's.
  assertEquals(rules("[sso-session a b]\n"), []);
  assertEquals(rules(`${head}region = "a'\noutput = 'b"\n`), []);
  assertEquals(rules(`${head}s3 = "a"\nservices = "b"\nmfa_process = "c"\n`), []);
  assertEquals(rules(`${head}s3 =\n  a\u200b = b\n`), [["invisible-character", 3]]);
  // Comments and blank lines continue no value; what trails a line is no part of it.
  assertEquals(rules(`${head}region = a\n  # Some text = b\n   \n\t; c\n`), []);
  assertEquals(rules(`${head}region = a\u00a0\n`), []);
  // What cannot be read is told elsewhere, and is no key.
  assertEquals(rules(`${head}  word\nword\nword\n[profile b\n`), []);
  // A setting inside another group of lines with an indent keeps it.
  const indented = `${head}  region = a\n  Output = b\n  role_arn = c # d\n`;
  assertEquals(foundIn(indented).slice(1), [
    ["key-case", 3, ["  output = b"]],
    ["inline-comment", 4, ["  # d", "  role_arn = c"]],
  ]);
});

Deno.test("differencesOf: what is wrong with the whole file is told in line order, with its line", () => {
  const rules = (text: string) => foundIn(text).map(([rule, line]) => [rule, line]);
  assertEquals(rules("\ufffd"), [["not-utf-8", 1]]);
  assertEquals(rules("\n\ufffd"), [["not-utf-8", 2]]);
  assertEquals(rules("\r[profile a]\n"), [["lone-carriage-return", 1]]);
  assertEquals(rules(`[DEFAULT]\n[profile a b]\n# \0\n[profile c d]\n`), [
    ["inherited-defaults", 1],
    ["profile-name", 2],
    ["not-utf-8", 3],
    ["profile-name", 4],
  ]);
  // Only the first mark is that of the file.
  assertEquals(foundIn("\ufeff[ profile a ]\n\ufeff[ profile b ]\n"), [
    ["byte-order-mark", 1, ["[ profile a ]"]],
    ["blanks-in-header", 1, ["[profile a]"]],
    ["blanks-in-header", 2, ["\ufeff[profile b]"]],
  ]);
});
