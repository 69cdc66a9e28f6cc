/**
 * What the completion scripts know of the commands. How shells read them is in `tests/peers/completion_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "../../../../src/cli/command.ts";
import { commands as directory } from "../../../../src/cli/commands.ts";
import {
  completionShells,
  formatCompletion,
} from "../../../../src/cli/help/completion/completion.ts";
import { completedCommands, sharedOptions } from "../../../../src/cli/help/completion/model.ts";
import { main } from "../../../../src/cli/main.ts";
import { fakeSystem } from "../../../fake_system.ts";

const commands = await directory.all();

/** A command that is nothing but its operands and options. */
function command(name: string, parts: Partial<Command>): Command {
  return {
    name,
    topic: "get",
    summary: "Do it",
    description: "",
    options: [],
    examples: [],
    environment: [],
    needs: [],
    run: () => Promise.resolve(0),
    ...parts,
  };
}

function valuesOf(option: Command["options"][number]) {
  return completedCommands([command("a", { options: [option] })])[0]?.options[0]?.values;
}

function operandsOf(operands: string) {
  const [first] = completedCommands([command("a", { operands }), command("b", {})]);
  return first;
}

Deno.test({
  name: "completedCommands() tells files, folders, profiles and known words apart",
  permissions: "none",
  fn() {
    const summary = "";
    assertEquals(valuesOf({ name: "all", summary }), undefined);
    assertEquals(valuesOf({ name: "write", value: "FILE", summary })?.kind, "file");
    assertEquals(valuesOf({ name: "write-home", value: "DIR", summary })?.kind, "folder");
    assertEquals(valuesOf({ name: "profile", value: "NAME", summary })?.kind, "profile");
    assertEquals(valuesOf({ name: "profiles", value: "A,B", summary })?.kind, "profileList");
    assertEquals(valuesOf({ name: "session", value: "NAME", summary })?.kind, "any");
    assertEquals(valuesOf({ name: "format", value: "FORMAT", choices: ["a", "b"], summary }), {
      kind: "words",
      words: ["a", "b"],
      placeholder: "FORMAT",
    });
  },
});

Deno.test({
  name: "completedCommands() reads operands as help shows them",
  permissions: "none",
  fn() {
    assertEquals(operandsOf("FILE")?.operands?.kind, "file");
    assertEquals(operandsOf("[PROFILE…]")?.operands?.kind, "profiles");
    assertEquals(operandsOf("[PROFILE]")?.operands?.kind, "profile");
    assertEquals(operandsOf("[COMMAND]")?.operands?.kind, "command");
    assertEquals(operandsOf("bash|zsh")?.operands?.words, ["bash", "zsh"]);
    assertEquals(operandsOf("-- COMMAND [ARGUMENT…]")?.operands, undefined);
    assertEquals(operandsOf("-- COMMAND [ARGUMENT…]")?.runsProgram, true);
    assertEquals(operandsOf("[PROFILE] -- COMMAND")?.operands?.kind, "profile");
    assertEquals(operandsOf("[PROFILE] -- COMMAND")?.runsProgram, true);
  },
});

Deno.test({
  name: "sharedOptions() keeps options apart that only share their name",
  permissions: "none",
  fn() {
    const format = { name: "format", value: "FORMAT", summary: "How" };
    const rows = sharedOptions(completedCommands([
      command("a", { options: [{ ...format, choices: ["x", "y"] }] }),
      command("b", { options: [{ ...format, choices: ["z", "y"] }] }),
    ]));
    const formats = rows.filter(([{ long }]) => long === "--format").map(([, names]) => names);
    assertEquals(formats, [["a"], ["b"]]);
    const help = rows.find(([{ long }]) => long === "--help");
    assertEquals(help?.[1], ["a", "b"]);
    assertEquals(help?.[0].short, "-h");
  },
});

Deno.test("every option whose value has a FORMAT says which there are", () => {
  const silent = commands.flatMap(({ name, options }) =>
    options.filter(({ value, choices }) => value === "FORMAT" && choices === undefined)
      .map((option) => `${name} --${option.name}`)
  );
  assertEquals(silent, []);
});

for (const shell of completionShells) {
  Deno.test(`the script for ${shell.name} knows every command and option`, () => {
    const script = formatCompletion(shell, commands);
    for (const { name, options } of completedCommands(commands)) {
      assert(new RegExp(`\\b${name}\\b`).test(script), `no ${name}`);
      for (const { long } of options) {
        assertStringIncludes(script, shell.name === "fish" ? `-l ${long.slice(2)}` : long);
      }
    }
  });

  Deno.test(`'stsaval completion ${shell.name}' prints the script`, async () => {
    const system = fakeSystem();
    assertEquals(await main(["completion", shell.name], system), 0);
    assertEquals(system.terminal.stdout, formatCompletion(shell, commands));
  });
}

for (
  const { words, found } of [
    { words: [], found: "no shell" },
    { words: ["tcsh"], found: '"tcsh"' },
    { words: ["bash", "zsh"], found: '"bash zsh"' },
  ]
) {
  Deno.test(`'stsaval completion ${words.join(" ")}' says which shells there are`, async () => {
    const system = fakeSystem();
    assertEquals(await main(["completion", ...words], system), 2);
    assertEquals(
      system.terminal.stderr,
      `stsaval: Cannot print a completion script: found ${found}, wanted one of bash, zsh, fish, nushell, powershell\n` +
        "hint: 'stsaval completion bash' prints that of bash\n",
    );
  });
}
