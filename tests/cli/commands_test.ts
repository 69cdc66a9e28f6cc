import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loadCommands } from "../../src/cli/commands.ts";
import { exitCodes, formatHelp } from "../../src/cli/help.ts";
import { globalOptions } from "../../src/cli/options.ts";
import { parseArguments } from "../../src/cli/parse.ts";

const commands = await loadCommands();
const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The words of an example after the command's name, up to a pipe. */
function wordsOf(line: string, name: string): string[] | undefined {
  const [, rest] = new RegExp(`(?:^|\\s)stsaval ${name}(.*)$`).exec(line) ?? [];
  return rest?.replaceAll(/["']/g, "").replace(/[|)].*$/, "").trim().split(/\s+/).filter((word) =>
    word !== ""
  );
}

for (const command of commands) {
  Deno.test(`'${command.name}' has a summary, a description and examples that parse`, () => {
    assertMatch(command.summary, /^[A-Z][^.]*[^.]$/);
    assert(command.description.length > command.summary.length, "a description says more");
    assert(command.examples.length > 0, "at least one example");
    for (const { line, summary } of command.examples) {
      assertMatch(summary, /^\S/);
      const words = wordsOf(line, command.name);
      assert(words !== undefined, `an example that is not about ${command.name}: ${line}`);
      parseArguments(command, words);
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
      ["USAGE", "OPTIONS", "EXAMPLES", "ENVIRONMENT", "EXIT CODES", "PERMISSIONS"],
    );
    for (const line of help.split("\n")) assert(line.length <= 110, `too wide: ${line}`);
  });
}

Deno.test("the README has the table of commands, and that of exit codes", () => {
  for (const { name, summary } of commands) {
    assertStringIncludes(readme, `| \`stsaval ${name}\` | ${summary} |`);
  }
  for (const [code, meaning] of exitCodes()) {
    assertStringIncludes(readme, `| ${code} | ${meaning} |`);
  }
});
