import { assertEquals } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { shortLine, shortOptions } from "../../../src/cli/shortcut/line.ts";

Deno.test("the options of a short line are those of its command", async () => {
  for (const [name, options] of Object.entries(shortOptions)) {
    const { command } = await commands.resolve([name]);
    for (const option of options) {
      const real = command?.options.find((one) => one.name === option.name);
      const parsed = ["name", "alias", "short", "value", "repeatable", "negated"] as const;
      assertEquals(parsed.map((key) => option[key]), parsed.map((key) => real?.[key]), name);
    }
  }
});

Deno.test("a short line names one profile, in any way", () => {
  const named = { profile: "dev", format: undefined };
  const ways = [["dev"], ["-p", "dev"], ["--profile", "dev"], ["--profiles=dev"]];
  for (const words of ways) {
    assertEquals(shortLine("process", words), { command: "process", ...named, rest: [] });
    assertEquals(shortLine("env", words), { command: "env", ...named, rest: [] });
    assertEquals(shortLine("exec", [...words, "--", "make", "-p", "--", "all"]), {
      ...{ command: "exec", ...named, rest: ["make", "-p", "--", "all"] },
    });
  }
  assertEquals(shortLine("env", ["dev", "--format=fish"])?.format, "fish");
});

Deno.test("any other line is for the program", () => {
  const others: readonly (readonly string[])[] = [
    ...[["process"], ["process", ""], ["process", "a", "b"], ["process", "a", "--profile", "b"]],
    ...[["process", "dev", "--"], ["process", "dev", "--", "x"], ["process", "dev", "--quiet"]],
    ...[["process", "dev", "--lifetime", "1h"], ["process", "dev", "--help"], ["process", "-"]],
    ...[["process", "dev", "--format", "env"], ["process", "--profile"], ["process", "-v", "dev"]],
    ...[["env", "dev", "--unset"], ["env", "dev", "--"], ["env", "dev", "--no-cache"]],
    ...[["exec", "dev"], ["exec", "dev", "--"], ["exec", "--", "make"], ["exec", "dev", "make"]],
    ...[["exec", "dev", "--nested", "--", "make"], ["exec", "dev", "--serve", "--", "make"]],
    ...[["creds", "dev"], ["toString", "dev"], ["__proto__", "dev"], ["", "dev"], []],
  ];
  for (const [name = "", ...words] of others) {
    assertEquals(shortLine(name, words), undefined, [name, ...words].join(" "));
  }
});
