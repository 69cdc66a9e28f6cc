import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commands as directory } from "../../src/cli/commands.ts";
import { formatHelp } from "../../src/cli/help/help.ts";
import { globalOptions } from "../../src/cli/options.ts";
import { parseArguments } from "../../src/cli/parse/parse.ts";

const commands = await directory.all();
const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The command that an example is about, and the words after its name, up to a pipe. */
function exampleOf(line: string) {
  const [, own = ""] = /(?:^|[\s('])stsaval (.*)$/.exec(line) ?? [];
  const words = own.replaceAll(/["']/g, "").replace(/[|)].*$/, "").trim().split(/\s+/);
  const named = (count: number) =>
    commands.find(({ name }) => name === words.slice(0, count).join(" "));
  const command = named(2) ?? named(1);
  return { command, words: words.slice(command?.name.split(" ").length) };
}

for (const command of commands) {
  Deno.test(`'${command.name}' has a summary, a description and examples that parse`, () => {
    assertMatch(command.summary, /^[A-Z][^.]*[^.]$/);
    assert(command.description.length > command.summary.length, "a description says more");
    assert(command.examples.length > 0, "at least one example");
    for (const { line, summary } of command.examples) {
      assertMatch(summary, /^\S/);
      const { command: named, words } = exampleOf(line);
      assert(named !== undefined, `an example without a command of stsaval: ${line}`);
      parseArguments(named, words);
    }
  });

  Deno.test(`'${command.name}' documents its options, each once`, () => {
    const options = [...command.options, ...globalOptions];
    assertEquals(new Set(options.map(({ name }) => name)).size, options.length);
    const help = formatHelp(command);
    for (const { name, summary, value } of options) {
      assertMatch(name, /^[a-z][a-z-]*$/);
      assertMatch(summary, /^[A-Za-z]/);
      if (value !== undefined) assertMatch(value, /^[A-Z][A-Z,]*$/);
      assertMatch(help, new RegExp(`--(no-)?${name}\\b`));
    }
  });

  Deno.test(`help of '${command.name}' has all its sections and fits a page`, () => {
    const help = formatHelp(command);
    const titles = help.split("\n").filter((line) => /^[A-Z ]+$/.test(line));
    assertEquals(
      titles,
      [
        "USAGE",
        ...(command.operands?.includes("PROFILE") ? ["PROFILE"] : []),
        "OPTIONS",
        "EXAMPLES",
        "ENVIRONMENT",
        "EXIT CODES",
        "PERMISSIONS",
      ],
    );
    for (const line of help.split("\n")) assert(line.length <= 110, `too wide: ${line}`);
  });
}

Deno.test("the README has the table of commands, a row for each first word", () => {
  const groups = Map.groupBy(commands, ({ name }) => name.split(" ")[0]);
  const [, table = ""] = /^\| command \|.*\n.*\n((?:\|.*\n)*)/m.exec(readme) ?? [];
  const rows = table.trimEnd().split("\n");
  assertEquals(rows.length, groups.size);
  for (const [index, members] of [...groups.values()].entries()) {
    const names = members.map(({ name }) => `\`${name}\``).join(", ");
    const [only] = members;
    const summary = members.length === 1 ? `${only?.summary} |` : "";
    assertStringIncludes(rows[index] ?? "", `| \`stsaval ${names.slice(1)} | ${summary}`);
  }
  // The style asks for 120 to 150 lines: what is looked up stands in docs/.
  assert(readme.trimEnd().split("\n").length <= 150);
});
