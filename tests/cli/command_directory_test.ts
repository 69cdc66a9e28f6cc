import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Command } from "../../src/cli/command.ts";
import { commandDirectory } from "../../src/cli/commands.ts";
import { formatGroup, formatHelp } from "../../src/cli/help/help.ts";
import { UsageError } from "../../src/errors.ts";

function command(name: string): Command {
  return {
    ...{ name, topic: "setUp", summary: `Do ${name}`, description: "", options: [] },
    ...{ examples: [], environment: [], needs: [], run: () => Promise.resolve(0) },
  };
}

const names = ["keys import", "keys list", "profiles", "profiles list"];
const directory = commandDirectory(
  Object.fromEntries(names.map((name) => [name, () => Promise.resolve(command(name))])),
);

async function resolved(...words: readonly string[]) {
  const { name, command, group, rest } = await directory.resolve(words);
  return [name, command?.name, group.map((one) => one.name), rest];
}

Deno.test("a name of two words goes before a name of one, and before a group", async () => {
  assertEquals(await resolved("profiles", "list", "a"), ["profiles list", "profiles list", [], [
    "a",
  ]]);
  assertEquals(await resolved("profiles", "a"), ["profiles", "profiles", ["profiles list"], ["a"]]);
  assertEquals(await resolved("profiles"), ["profiles", "profiles", ["profiles list"], []]);
  assertEquals(await resolved("keys", "import"), ["keys import", "keys import", [], []]);
});

Deno.test("a word that only begins commands is a group, with options after it", async () => {
  const group = ["keys import", "keys list"];
  assertEquals(await resolved("keys"), ["keys", undefined, group, []]);
  assertEquals(await resolved("keys", "--help"), ["keys", undefined, group, ["--help"]]);
});

Deno.test("what is neither a command nor a group is told with the nearest name", async () => {
  const rows = [["keys", "imprt", "keys import"], ["kes", "list", "keys list"]] as const;
  for (const [first, second, nearest] of rows) {
    const error = await assertRejects(() => directory.resolve([first, second]), UsageError);
    if (first === "keys") assertEquals(error.hint, `did you mean '${nearest}'?`);
  }
  await assertRejects(() => directory.resolve(["toString"]), UsageError);
  await assertRejects(() => directory.resolve([]), UsageError);
});

Deno.test("help shows the commands of a group, and those beside a command", async () => {
  const { group } = await directory.resolve(["keys"]);
  const text = formatGroup("keys", group);
  assertStringIncludes(text, "  keys import  Do keys import\n  keys list    Do keys list\n");
  assertStringIncludes(text, "stsaval help keys import");
  const { command, group: beside } = await directory.resolve(["profiles"]);
  if (command === undefined) throw new Error("no command");
  assertStringIncludes(
    formatHelp(command, beside),
    "COMMANDS\n  profiles list  Do profiles list\n",
  );
});
