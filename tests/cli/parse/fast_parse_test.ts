import { assertEquals } from "@std/assert";
import type { CommandOption } from "../../../src/cli/command.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { fastParse } from "../../../src/cli/parse/fast_parse.ts";

const options: readonly CommandOption[] = [
  { name: "profile", short: "p", value: "NAME", summary: "" },
  { name: "role-file", value: "FILE", repeatable: true, summary: "" },
  { name: "share", summary: "" },
  { name: "cache", negated: true, summary: "" },
];

const plain: readonly string[] = [
  "",
  "--profile dev",
  "--profile=dev",
  "--profile=a=b",
  "--profile --share",
  "--profile -",
  "--share",
  "--share --profile dev",
  "--profile dev\nops",
];

for (const line of plain) {
  Deno.test({
    name: `fastParse() reads "${line}" as the parser of all lines does`,
    permissions: "none",
    fn() {
      const words = line.split(" ").filter((word) => word !== "");
      const read = fastParse(options, words);
      const wanted = parseArguments({ name: "process", options }, words);
      for (const { name } of options) {
        assertEquals(read?.text(name), wanted.text(name));
        assertEquals(read?.flag(name), wanted.flag(name));
        assertEquals(read?.list(name), wanted.list(name));
      }
      assertEquals([read?.operands, read?.rest], [[], []]);
    },
  });
}

const others: readonly string[] = [
  "dev",
  "-p dev",
  "--",
  "--profile",
  "--profile=",
  "--profile a --profile b",
  "--role-file a",
  "--share=yes",
  "--share --share",
  "--no-share",
  "--no-cache",
  "--cache",
  "--nothing",
  "--profile dev more",
  "-- --profile dev",
];

for (const line of others) {
  Deno.test({
    name: `fastParse() leaves "${line}" to the parser of all lines`,
    permissions: "none",
    fn: () => assertEquals(fastParse(options, line.split(" ")), undefined),
  });
}
