/**
 * The man page holds what help holds, in text that roff takes as it is.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Command } from "../../../src/cli/command.ts";
import { commands as directory } from "../../../src/cli/commands.ts";
import { main } from "../../../src/cli/main.ts";
import { formatManPage } from "../../../src/cli/help/man_page.ts";
import { version } from "../../../src/version.ts";
import { fakeSystem } from "../../fake_system.ts";

const commands = await directory.all();

function pageOf(parts: Partial<Command>): string {
  return formatManPage([{
    name: "a",
    topic: "get",
    summary: "Do it",
    description: "Does it.",
    options: [],
    examples: [],
    environment: [],
    needs: [],
    run: () => Promise.resolve(0),
    ...parts,
  }], "1.2.3");
}

Deno.test("formatManPage() has every command, option and variable", () => {
  const page = formatManPage(commands, version);
  for (const { name, options, environment } of commands) {
    assertStringIncludes(page, `.SS "stsaval ${name} [OPTIONS]`);
    for (const option of options) {
      const long = `--${option.negated ? "no-" : ""}${option.name}`;
      assertStringIncludes(page, `\\fB${long.replaceAll("-", "\\-")}\\fR`);
    }
    for (const row of environment) assertMatch(row, /^[A-Z_0-9]+(, [A-Z_0-9]+)*: \S/);
  }
  assertMatch(page, /^\.TH STSAVAL 1 /);
});

Deno.test("formatManPage() is ASCII, and every line with a leading dot is a macro it means", () => {
  const page = formatManPage(commands, version);
  assert(!/[^\x20-\x7e\n]/.test(page));
  const macros = new Set(page.match(/^[.'].*$/gm)?.map((line) => line.split(" ")[0]));
  const known = [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".BR", ".br", ".nf", ".fi"];
  assertEquals([...macros].filter((macro) => ![...known, ".RS", ".RE"].includes(macro ?? "")), []);
});

Deno.test({
  name: "formatManPage() escapes what roff would read as its own",
  permissions: "none",
  fn() {
    const page = pageOf({ description: `.hidden\n'macro\nback\\slash "q" ~ ^ \` a-b …` });
    assertStringIncludes(page, "\n\\&.hidden\n\\(aqmacro\nback\\eslash \\(dqq\\(dq ");
    assertStringIncludes(page, "\\(ti \\(ha \\(ga a\\-b \\[u2026]\n");
  },
});

Deno.test({
  name: "formatManPage() shows short forms, negated flags, placeholders, examples and permissions",
  permissions: "none",
  fn() {
    const page = pageOf({
      operands: "FILE",
      options: [
        { name: "out", short: "o", value: "DIR", summary: "Where" },
        { name: "strict", negated: true, summary: "Softly" },
      ],
      examples: [{ line: "stsaval a x", summary: "so" }],
      needs: ["read-aws"],
    });
    assertStringIncludes(page, ".TP\n\\fB\\-o\\fR, \\fB\\-\\-out\\fR \\fIDIR\\fR\nWhere\n");
    assertStringIncludes(page, ".TP\n\\fB\\-\\-no\\-strict\\fR\nSoftly\n");
    assertStringIncludes(page, ".nf\n.RS\nstsaval a x\n.RE\n.fi\n");
    assertStringIncludes(
      page,
      "Permissions: read \\(ti/.aws; read NO_COLOR, FORCE_COLOR and TERM.\n",
    );
    assertStringIncludes(page, '.SS "stsaval a [OPTIONS] FILE"\n');
  },
});

Deno.test("'stsaval help --man' prints the page, and takes no command", async () => {
  const system = fakeSystem();
  assertEquals(await main(["help", "--man"], system), 0);
  assertEquals(system.terminal.stdout, formatManPage(commands, version));
  assertEquals(await main(["help", "--man", "creds"], system), 2);
  assertMatch(system.terminal.stderr, /^stsaval: Cannot use --man for "creds" alone: /);
});
