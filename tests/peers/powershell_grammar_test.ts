/**
 * The completion for PowerShell and install.ps1 have the form of PowerShell, by the grammar of tree-sitter: PowerShell
 * itself cannot be installed from a registry of packages, so what the completion offers is not tried; the release
 * workflow runs the installer on Windows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { commands } from "../../src/cli/commands.ts";
import { completedCommands } from "../../src/cli/help/completion/model.ts";
import { formatPowerShell } from "../../src/cli/help/completion/powershell.ts";

const python = Deno.env.get("POWERSHELL_GRAMMAR") ?? "python3";
const program = `
import sys, tree_sitter, tree_sitter_powershell
language = tree_sitter.Language(tree_sitter_powershell.language())
tree = tree_sitter.Parser(language).parse(sys.stdin.buffer.read())
print("error" if tree.root_node.has_error else "fine")
`;

/** What the grammar says of a script; undefined if it is not installed. */
async function judge(script: string): Promise<string | undefined> {
  const child = new Deno.Command(python, {
    args: ["-c", program],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout } = await child.output();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

const missing = await judge("1") === undefined;
const skipped = missing ? ", skipped: tree-sitter-powershell is not installed" : "";

Deno.test({
  name: `the completion for PowerShell has its grammar${skipped}`,
  ignore: missing,
  async fn() {
    const script = formatPowerShell(completedCommands(await commands.all()));
    assertEquals(await judge(script), "fine");
    assertEquals(await judge(script.replace("return\n    }", "return\n")), "error");
  },
});

Deno.test({
  name: `install.ps1 has its grammar${skipped}`,
  ignore: missing,
  async fn() {
    const script = await Deno.readTextFile("install.ps1");
    assertEquals(await judge(script), "fine");
    assertEquals(await judge(script.replace("} finally {", "finally {")), "error");
  },
});

/** What PSScriptAnalyzer's default rules are about, as far as the text alone tells it. */
const flaws: Readonly<Record<string, RegExp>> = {
  "an alias in place of a command":
    /(?:^|[|;{(]\s*)(?:iwr|irm|iex|gci|ls|rm|mv|cp|cat|echo|where|select|%|\?)\s/m,
  "Invoke-Expression": /\bInvoke-Expression\b/i,
  "Write-Host": /\bWrite-Host\b/i,
  "an empty catch": /\bcatch\s*\{\s*\}/i,
  "a global variable": /\$global:/i,
  "null on the right": /-(?:eq|ne)\s+\$null/i,
  "a blank at the end of a line": /[ \t]+$/m,
  "a character beyond ASCII, without a byte order mark": /[^\n -~]/,
};

Deno.test("install.ps1 has none of the flaws that its text alone can show", async () => {
  const text = await Deno.readTextFile("install.ps1");
  for (const [flaw, pattern] of Object.entries(flaws)) {
    assertEquals(pattern.exec(text)?.[0], undefined, flaw);
  }
  const verbs = [...text.matchAll(/^function (\w+)-/gm)].map(([, verb]) => verb);
  const approved = ["Stop", "Get", "Save", "Test", "Set", "Install", "Uninstall"];
  assertEquals(verbs.filter((verb = "") => !approved.includes(verb)), []);
});

Deno.test("the table in the completion for PowerShell is JSON, and ends no quote", async () => {
  const script = formatPowerShell(completedCommands(await commands.all()));
  const [, table = ""] = /\$table = '([^']*)' \| ConvertFrom-Json/.exec(script) ?? [];
  const { commands: listed } = JSON.parse(table);
  assertEquals(listed.length, (await commands.all()).length);
  assert(listed.every(({ options }: { options: unknown[] }) => options.length > 0));
});
