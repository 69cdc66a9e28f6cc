/**
 * Every command of the pages is run, or stands in a table with the reason why not and is parsed; every configuration file
 * is read without a warning; JSON and YAML are well-formed.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { load } from "js-yaml";
import { commands } from "../../src/cli/commands.ts";
import { parseArguments } from "../../src/cli/parse/parse.ts";
import { loadConfig } from "../../src/config/load.ts";
import { fakeSystem } from "../fake_system.ts";
import { commandsIn, linesOf, stsavalWords } from "./shell_lines.ts";
import { normalText } from "./normal_text.ts";
import { notRun, otherPrograms } from "./not_run.ts";
import { type Block, readPages, takeApart } from "./pages.ts";
import { filesOf, type PageRunner, startPage } from "./run_page.ts";

const pages = await readPages();
/** The reasons that were needed. */
const used = new Set<string>();

/** The reason why a command line is not run; undefined if it is. */
function reasonOf(words: readonly string[]): string | undefined {
  const row = notRun.find(([line]) => line.test(words.join(" ")));
  if (row !== undefined) used.add(row[0].source);
  return row?.[1];
}

async function parseLine(words: readonly string[]): Promise<void> {
  if (/^(?:--version|-V|--help|-h)?$/.test(words[0] ?? "")) return;
  const { command, group, rest } = await commands.resolve(words);
  if (command === undefined) assert(group.length > 0);
  else parseArguments(command, rest);
}

/** Runs the commands of one line of a shell. */
async function runLine(line: string, runner: PageRunner): Promise<void> {
  for (const words of commandsIn(line)) {
    const own = stsavalWords(words);
    const [program = ""] = words;
    if (program !== "stsaval") {
      assert(
        Object.hasOwn(otherPrograms, program),
        `no reason why "${program}" is not run: ${line}`,
      );
      used.add(program);
    }
    if (own === undefined) continue;
    await parseLine(own);
    if (reasonOf(own) !== undefined || own[0] === undefined) continue;
    const { shown, status } = await runner.run(own);
    assertEquals(status, 0, `${line}\n${shown}`);
  }
}

/** Lines after `$ ` are typed, and the others are what is shown. */
async function runSession({ text }: Block, runner: PageRunner): Promise<void> {
  const steps = text.split(/^\$ /m).slice(1);
  assert(steps.length > 0, "a session has a line that begins with $");
  for (const step of steps) {
    const [first = "", ...rest] = step.replaceAll(/\\\n\s*/g, " ").split("\n");
    const expected = rest.join("\n");
    const [words = []] = commandsIn(first);
    const own = stsavalWords(words);
    if (own === undefined || reasonOf(own) !== undefined) {
      await runLine(first, runner);
      continue;
    }
    const { shown, status } = await runner.run(own);
    assertEquals(normalText(shown), normalText(expected), first);
    assertEquals(status === 0, !/^stsaval: /m.test(shown), `${first}: exit status ${status}`);
  }
}

for (const page of pages) {
  Deno.test(`every command of ${page.path} is run`, async () => {
    let runner = await startPage(page);
    for (const block of page.blocks) {
      // The blocks of the reference are about one command each, and build on no other.
      if (page.path.startsWith("docs/reference/")) runner = await startPage(page);
      if (block.language === "console") await runSession(block, runner);
      if (block.language === "sh") {
        for (const line of linesOf(block.text)) await runLine(line, runner);
      }
    }
  });

  Deno.test(`the files of ${page.path} are read without a warning`, async () => {
    for (const { language, text, line } of page.blocks) {
      const where = `line ${line}`;
      if (language === "json") JSON.parse(text);
      if (language === "yaml") assert(load(text) !== undefined, where);
      if (language === "ini") await readIni(text, where);
    }
  });

  Deno.test(`the command lines in other files of ${page.path} are parsed`, async () => {
    for (const { language, text } of page.blocks) {
      if (["sh", "console", "text", "ts"].includes(language)) continue;
      for (const [line] of text.matchAll(/(?<![\w/:.[-]|--title )stsaval [a-z][^|)"\n;]*/g)) {
        const [words = []] = commandsIn(line);
        await parseLine(words.slice(1));
      }
    }
  });
}

/** Code within a sentence or a table: `stsaval creds dev`, with names in capitals or "…" for anything. */
function inlineLines(text: string): readonly string[] {
  const { prose } = takeApart(text);
  return [...prose.matchAll(/`((?:eval "\$\()?stsaval(?: [^`]*)?)`/g)].map(([, line = ""]) => line);
}

for (const page of pages) {
  Deno.test(`command lines in the sentences of ${page.path} are parsed`, async () => {
    for (const line of inlineLines(page.text)) {
      if (/[…<]/.test(line)) continue;
      for (const words of commandsIn(line)) {
        const own = stsavalWords(words) ?? [];
        if (/^[A-Z]+$/.test(own[0] ?? "")) continue;
        await parseLine(own).catch((error) => {
          throw new Error(`${line}: ${error.message}`);
        });
      }
    }
  });
}

/** As a config file, after the comment that names the file, if there is one. */
async function readIni(text: string, where: string): Promise<void> {
  if (/^# systemd/.test(text)) return;
  const parts = text.split(/^# ~?[\w./-]+$/m).filter((part) => part.trim() !== "");
  for (const part of parts) {
    const isRoleFile = /^\[(?!profile |default|sso-session |services |stsaval-group )/m.test(part);
    const path = isRoleFile ? "/home/kim/.aws/credentials" : "/home/kim/.aws/config";
    const system = fakeSystem({ files: { [path]: `${part}\n` } });
    const { warnings } = await loadConfig(system);
    assertEquals(warnings, [], where);
  }
}

Deno.test("every reason in the table is needed", () => {
  const unused = [...notRun.map(([line]) => line.source), ...Object.keys(otherPrograms)]
    .filter((name) => !used.has(name));
  assertEquals(unused, []);
});

Deno.test("every reason that names a test names one that is there", async () => {
  for (const reason of [...notRun.map(([, reason]) => reason), ...Object.values(otherPrograms)]) {
    for (const [path] of reason.matchAll(/tests\/\S+_test\.ts|tests\/\S+\.txt/g)) {
      assert((await Deno.stat(path)).isFile, path);
    }
  }
});

Deno.test("a command that fails, or shows something else, is seen", async () => {
  const [page] = pages;
  assert(page !== undefined);
  const runner = await startPage(page);
  const fails = await runner.run(["creds", "nobody"]);
  assertEquals(fails.status, 4);
  assertMatch(fails.shown, /Cannot find profile "nobody"/);
});

Deno.test("files are those that a page names in a comment of their own", () => {
  const text = "# ~/.aws/config\n[default]\n\n# ~/.aws/credentials\n[kim]";
  const page = {
    path: "",
    text,
    blocks: [{ language: "ini", text, line: 1 }],
    anchors: new Set<string>(),
    links: [],
  };
  assertEquals(filesOf(page), {
    "~/.aws/config": "[default]\n\n\n",
    "~/.aws/credentials": "[kim]\n",
  });
});
