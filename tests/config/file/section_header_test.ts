/**
 * The first line of a section: what it names, or why it is none.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  isVisible,
  readHeader,
  unquotedName,
  writtenName,
} from "../../../src/config/file/section_header.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("each kind of section has its header in the config file", () => {
  const rows: readonly (readonly [line: string, kind: string, name: string])[] = [
    ["[default]", "default", "default"],
    ["[profile dev]", "profile", "dev"],
    ["[profile dev] # note", "profile", "dev"],
    ["[profile dev];note", "profile", "dev"],
    ["[ profile  dev ]", "profile", "dev"],
    ['[profile "my dev"]', "profile", "my dev"],
    ["[profile 'my dev']", "profile", "my dev"],
    ["[profile my\\\\ dev]".replace("\\\\", "\\"), "profile", "my dev"],
    ['[profile "a # b"]', "profile", "a # b"],
    ["[sso-session corp]", "sso-session", "corp"],
    ["[services local]", "services", "local"],
    ["[stsaval-group all]", "stsaval-group", "all"],
  ];
  for (const [line, kind, name] of rows) {
    assertEquals(readHeader(line, "config") as unknown, { kind, name }, line);
  }
});

pure("a line that is no header says why", () => {
  const rows: readonly (readonly [line: string, ignored: string])[] = [
    ["[profile a] b", 'found text after "]"'],
    ["[profile [a]", 'found a second "["'],
    ["[profile a # b]", 'found a comment before "]"'],
    ["[profile a ;b]", 'found a comment before "]"'],
    ["[profile a", 'found the end of the line, wanted "]"'],
    ["[plugins]", "it belongs to the AWS CLI"],
    ["[preview]", "it belongs to the AWS CLI"],
    ["[stsaval-group]", 'a group is "[stsaval-group name]"'],
    [
      "[Default]",
      'it is not the default profile, which is "[default]", and nothing inherits from it',
    ],
    ["[dev]", 'in the config file a profile is "[profile name]"'],
    ["[profile 'a]", "the quotes around its name do not match"],
    [
      "[profile \\u00a0]".replace("\\u00a0", "\\u200b"),
      "a name begins and ends with a visible character",
    ],
    ["[profile a\\ufffd]", "its name holds a byte that is not UTF-8"],
  ].map(([line = "", why = ""]) => [
    line.replace("\\\\u200b", "\\u200b").replace(
      /\\u([0-9a-f]{4})/,
      (_, code) => String.fromCharCode(parseInt(code, 16)),
    ),
    why,
  ]);
  for (const [line, ignored] of rows) {
    const found = readHeader(line, "config");
    assertEquals("ignored" in found ? found.ignored : found, ignored as never, line);
  }
  const plugins = readHeader("[plugins]", "config");
  assertEquals("byRule" in plugins && plugins.byRule, true);
});

pure("in the credentials file a profile is its name alone, quotes and all", () => {
  assertEquals(readHeader("[dev]", "credentials") as unknown, { kind: "profile", name: "dev" });
  assertEquals(readHeader("[a b]", "credentials") as unknown, { kind: "profile", name: "a b" });
  for (
    const [line, ignored] of [
      ["[profile dev]", 'in the credentials file it is "[name]", without a prefix'],
      ["[sso-session dev]", 'in the credentials file it is "[name]", without a prefix'],
      ["[stsaval-group dev]", "groups of profiles stand in the config file"],
    ] as const
  ) {
    const found = readHeader(line, "credentials");
    assertEquals("ignored" in found && found.ignored, ignored);
  }
});

pure("unquotedName() reads quotes as a shell does, and says where they do not match", () => {
  const rows = [
    ["dev", "dev"],
    ['"a b"', "a b"],
    ["'a b'", "a b"],
    ['"a \\"b\\""', 'a "b"'],
    ["a\\ b", "a b"],
    ["a b", "a b"],
    ["'a", undefined],
    ['"a', undefined],
  ] as const;
  for (const [text, name] of rows) assertEquals(unquotedName(text, "config"), name, text);
  assertEquals(unquotedName("a b"), "a b");
  assertEquals(unquotedName("a\\ b", "credentials"), "a\\ b");
});

pure("a name is written so that every reader sees it, or not at all", () => {
  assertEquals(writtenName("dev"), "dev");
  for (const name of ["", " a", "a ", "a\nb", "a]b", "[a"]) {
    assertEquals(writtenName(name), undefined, JSON.stringify(name));
  }
  assertEquals(["a", "a b", "", " a", "a\u200b"].map(isVisible), [true, true, false, false, false]);
  const names = [
    "~",
    "a ",
    "a\t",
    "a\tb",
    "a\nb",
    "a\n",
    "a\x7f",
    "é",
    "é ",
    "a\u200cb",
    "a\ufffd",
  ];
  assertEquals(names.filter(isVisible), ["~", "é", "a\u200cb"]);
});
