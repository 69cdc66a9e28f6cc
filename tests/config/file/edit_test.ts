import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  addSections,
  checkSections,
  removeSections,
  type WrittenSection,
  writtenSections,
} from "../../../src/config/file/edit.ts";
import { parseIni } from "../../../src/config/file/ini.ts";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { seededRandom } from "../../fake_system.ts";
import { credentialsTexts, readableText, wildText } from "./credentials_texts.ts";

const file = "/home/kim/.aws/credentials";

function section(name: string, token = "token"): WrittenSection {
  return {
    name,
    text: `[${name}]\n# ends 2026-01-01T00:00:00.000Z\naws_access_key_id = ASIA1\n` +
      `aws_secret_access_key = s\naws_session_token = ${token}\n`,
  };
}

const [a, b, c] = [section("sts-new-a"), section("sts-new-b"), section("sts-new-c")];

function add(text: string | undefined, ...sections: readonly WrittenSection[]): string {
  return addSections(text, sections, file);
}

function remove(text: string | undefined, ...names: readonly string[]): string | undefined {
  return removeSections(text, names.length === 0 ? "all" : names, file);
}

/** Adds and removes in every way that must lead back to the text. */
function assertRestored(text: string | undefined): void {
  assertEquals(remove(add(text, a)), text);
  const all = add(add(text, a, b), c);
  assertEquals(remove(all), text);
  assertEquals(remove(remove(remove(all, c.name), a.name), b.name), text);
  assertEquals(remove(add(all, section(b.name, "newer"))), text);
  assertEquals(add(all, a, b, c), all);
  assertEquals(remove(text), text);
  assert(all.startsWith(text ?? ""));
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

for (const [what, text] of Object.entries(credentialsTexts)) {
  test(`removeSections() restores what was there before addSections(): ${what}`, () => {
    assertRestored(text);
  });
}

test("removeSections() restores a thousand texts made by chance, and two thousand readable ones", () => {
  const random = seededRandom(4);
  for (let round = 0; round < 1_000; round++) assertRestored(wildText(random));
  for (let round = 0; round < 2_000; round++) assertRestored(readableText(random));
});

test("removeSections() restores that there was no file, and not an empty one", () => {
  assertRestored(undefined);
  assertEquals(remove(add(undefined, a)), undefined);
  assertEquals(remove(add("", a)), "");
});

test("addSections() puts a block at the end, between marks", () => {
  assertEquals(
    add("[default]\n", a, b),
    "[default]\n" +
      "# >>> stsaval write >>> 'stsaval write --remove' takes these lines out\n" +
      `${a.text}\n${b.text}# <<< stsaval write <<<\n`,
  );
});

test("addSections() ends its lines as the file does", () => {
  const text = add("[default]\r\nregion = x\r\n", a);
  assertEquals(text.split("\r\n").length, text.split("\n").length);
  assert(!add("[default]\nregion = x", a).includes("\r"));
});

test("addSections() replaces its own section in place, and leaves what was added around alone", () => {
  const text = `# above\n${add("[default]\n", a, b)}[mine]\nregion = x`;
  const newer = section(a.name, "newer");
  assertEquals(add(text, newer), text.replace(a.text, newer.text));
  assertEquals(remove(add(text, newer)), "# above\n[default]\n[mine]\nregion = x");
});

test("addSections() puts new sections behind its older ones", () => {
  assertEquals(writtenSections(add(add("", c, a), b, a), file), [c.name, a.name, b.name]);
  assertEquals(writtenSections("[sts-new-a]\n", file), []);
  assertEquals(writtenSections(undefined, file), []);
});

test("addSections() keeps the line end that it added where something stands below by now", () => {
  const text = `${add("[default]\nregion = x", a)}[mine]\n`;
  assertEquals(remove(text), "[default]\nregion = x\n[mine]\n");
});

test("removeSections() keeps what was added to a file that stsaval made", () => {
  assertEquals(remove(`${add(undefined, a)}[mine]\n`), "[mine]\n");
  assertEquals(remove(`[mine]\n${add(undefined, a)}`), "[mine]\n");
});

test("removeSections() restores a text whose line ends an editor changed meanwhile", () => {
  assertEquals(remove(add("[a]\nr = x", a).replaceAll("\n", "\r\n")), "[a]\r\nr = x");
  assertEquals(remove(add("[a]\r\nr = x", a).replaceAll("\r\n", "\n")), "[a]\nr = x");
});

test("removeSections() works on a block whose last line end or blank line is gone", () => {
  assertEquals(remove(add("[a]\n", a, b).trimEnd()), "[a]\n");
  assertEquals(remove(add("[a]\n", a, b).replace("\n\n", "\n"), a.name), add("[a]\n", b));
});

test("removeSections() passes over names that stsaval did not write", () => {
  const text = add("[default]\n[sts-mine]\n", a);
  assertEquals(remove(text, "sts-mine", "sts-unknown"), text);
  assertEquals(remove(text, "sts-mine", a.name), "[default]\n[sts-mine]\n");
  // Not even a line end is added where nothing is removed.
  assertEquals(remove(text.trimEnd(), "sts-unknown"), text.trimEnd());
});

test("removeSections() takes out a block that holds no section any more", () => {
  assertEquals(remove(add("[default]", a).replace(a.text, "")), "[default]");
});

test("addSections() refuses a section of that name that it did not write, and names the line", () => {
  const headers = [a.name, ` ${a.name} `, `"${a.name}"`, `'${a.name}'`].map((name) => `[${name}]`);
  for (const header of [...headers, `${headers[0]} # mine`, `${headers[0]};`, `  ${headers[0]}`]) {
    const error = assertThrows(() => add(`[default]\r\n${header}\n`, b, a), ConfigError);
    assertEquals(
      error.message,
      `Cannot write "${file}", line 2: found a section [${a.name}] that 'stsaval write' did not write`,
    );
  }
  // Some reader takes what stands in the brackets for a name, whatever is behind them.
  for (const header of [`[${a.name}] x`, `[ ${a.name} ]x`, `[${a.name}]]`]) {
    assertThrows(() => add(`${header}\n`, a), ConfigError, "line 1:");
    add(`${header}\n`, b);
  }
  assertThrows(() => add(`\ufeff[${a.name}]`, a), ConfigError, "line 1:");
  assertThrows(() => add(`[b]\r[${a.name}]`, a), ConfigError, "line 2:");
});

test("addSections() refuses a section of that name above and below its own block", () => {
  const text = add("", a);
  assertThrows(() => add(`[${b.name}]\n${text}`, b), ConfigError, "line 1:");
  assertThrows(() => add(`${text}\n[${b.name}]`, b), ConfigError, "line 9:");
  assertThrows(() => add(`${text}\n[${a.name}]`, a), ConfigError, "line 9:");
});

test("addSections() refuses names that not every reader takes for the same", () => {
  for (
    const name of ["", "a]", "[a", "a\nb", '"a"', "'a b'", "a #b", "sts-a ;", " a", "profile a"]
  ) {
    const error = assertThrows(() => add("", { name, text: "" }), UsageError);
    assertStringIncludes(error.message, `Cannot write ${JSON.stringify(name)} as a section name`);
  }
});

test("checkSections() fails where addSections() would, without the sections", () => {
  checkSections(undefined, [a.name], file);
  checkSections(add("[default]", a), [a.name, b.name], file);
  assertThrows(() => checkSections(`[${a.name}]`, [a.name], file), ConfigError);
  assertThrows(() => checkSections("", ["a ]b"], file), UsageError);
});

test("addSections() and removeSections() keep to names that the AWS CLI writes and reads", () => {
  for (
    const name of [
      "sts-a b",
      "sts-a,b",
      "sts-é",
      "sts-a!",
      "sts-it's a",
      "sts-\u65e5\u672c",
      "sts-a#",
    ]
  ) {
    const section = { name, text: a.text.replace(a.name, name) };
    const text = add("[default]\n", section);
    assertStringIncludes(text, `[${name}]\n`);
    assertEquals(writtenSections(text, file), [name]);
    assertThrows(() => checkSections(`[ ${name} ] # mine`, [name], file), ConfigError);
    assertEquals(removeSections(text, [name], file), "[default]\n");
  }
});

const whole = add("[default]\nregion = x\n", a, b);
const end = "# <<< stsaval write <<<\n";

const damaged: Readonly<Record<string, readonly [text: string, line: number, found: string]>> = {
  "no end": [whole.replace(end, ""), 3, "no end of the block"],
  "an end alone": [whole.replace(/^# >>>.*\n/m, ""), 14, "an end mark alone"],
  "a changed begin": [whole.replace("takes these", "takes"), 3, "a changed mark"],
  "a second begin": [whole.replace("\n[sts-new-b]", "\n# >>> stsaval write >>>\n$&"), 10, "inside"],
  "a second block": [whole + add("", c), 16, "a second block"],
  "a section in quotes": [whole.replace("[sts-new-b]", '["b"]'), 10, "a line that"],
  "the same section twice": [whole.replace(b.text, a.text), 10, "a line that"],
  "a section of the user's own": [
    whole.replace(end, `[mine]\nregion = x\n${end}`),
    16,
    "a line that",
  ],
  "a comment": [whole.replace(end, `# mine\n${end}`), 15, "a line that"],
  "a setting": [whole.replace(end, `role_arn = x\n${end}`), 15, "a line that"],
  "a nested setting": [whole.replace(end, `  region = x\n${end}`), 15, "a line that"],
  "a setting first": [whole.replace("[sts-new-a]", "region = x\n$&"), 4, "a line that"],
  "a long-term key": [whole.replace("= ASIA1", "= AKIA1"), 6, "a line that"],
};

for (const [what, [text, line, found]] of Object.entries(damaged)) {
  test(`addSections() and removeSections() refuse a block with ${what}, and show none of it`, () => {
    for (const edit of [() => add(text, c), () => remove(text), () => remove(text, a.name)]) {
      const error = assertThrows(edit, ConfigError);
      assertEquals(error.place, { file, line });
      assertStringIncludes(error.message, found);
      assert(error.hint !== undefined && !error.message.includes("AKIA"));
    }
  });
}

test("the marks hold nothing that the AWS CLI takes for a setting", () => {
  for (const text of [undefined, "[a]\n", "[a]"]) {
    const marks = add(text, a).split("\n").filter((line) => line.includes("stsaval"));
    assertEquals(marks.length, 2);
    assert(marks.every((line) => !/[:=]/.test(line)));
  }
});

test("parseIni() finds in the text what it found before, and the new sections", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    const text = readableText(random);
    const [before, after] = [profilesOf(text), profilesOf(add(text, a, b))];
    assertEquals(after.slice(0, -2), before);
    assertEquals(after.slice(-2).map(([name]) => name), [a.name, b.name]);
    assertEquals(after.at(-1)?.[1].aws_session_token, "token");
  }
});

function profilesOf(text: string): [string, Record<string, string>][] {
  const { sections } = parseIni(text, { file, kind: "credentials" });
  return sections.map(({ name, settings }) => [
    name,
    Object.fromEntries([...settings.values()].map(({ key, value }) => [key, value])),
  ]);
}

Deno.test({
  name:
    "what stands before or behind the block is another's: it is told with its line and what to do",
  permissions: "none",
  fn() {
    const block = add(undefined, a);
    const rows = [
      [`[${b.name}]\n`, 1],
      [`# note\n\n  [${b.name}]  \n${block}`, 3],
      [`${block}[${b.name}]\n`, block.split("\n").length],
    ] as const;
    for (const [text, line] of rows) {
      const error = assertThrows(() => checkSections(text, [b.name], file), ConfigError);
      assertStringIncludes(error.message, `line ${line}`);
      assertEquals(error.hint, "rename or remove that section");
    }
    checkSections(block, [a.name, b.name], file);
    checkSections(undefined, [a.name], file);
    assertEquals([writtenSections(undefined, file), writtenSections(block, file)], [[], [a.name]]);
    const name = assertThrows(() => checkSections(undefined, ["a]b"], file), UsageError);
    assertEquals(name.hint, "'stsaval creds --format json' supports every name");
    assertEquals(remove(undefined), undefined);
    assertEquals(remove("[x]\n", a.name), "[x]\n");
    assertEquals(remove(add("[x]\n", a, b), a.name), add("[x]\n", b));
  },
});
