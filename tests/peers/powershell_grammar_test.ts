/**
 * The completion for PowerShell has the form of PowerShell, by the grammar of tree-sitter: PowerShell itself cannot be
 * installed from a registry of packages, so what the script offers is not tried.
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

Deno.test("the table in the completion for PowerShell is JSON, and ends no quote", async () => {
  const script = formatPowerShell(completedCommands(await commands.all()));
  const [, table = ""] = /\$table = '([^']*)' \| ConvertFrom-Json/.exec(script) ?? [];
  const { commands: listed } = JSON.parse(table);
  assertEquals(listed.length, (await commands.all()).length);
  assert(listed.every(({ options }: { options: unknown[] }) => options.length > 0));
});
