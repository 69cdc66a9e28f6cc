import { assertEquals } from "@std/assert";
import type { CommandOption } from "../../../src/cli/command.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { fastParse } from "../../../src/cli/parse/fast_parse.ts";

const options: readonly CommandOption[] = [
  { name: "profile", alias: "profiles", short: "p", value: "NAME", repeatable: true, summary: "" },
  { name: "region", value: "REGION", summary: "" },
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
  "dev",
  "dev qa --share",
  "-p dev",
  "--profiles dev",
  "--profiles=a,b",
  "--region=eu-west-1 dev",
  "--role-file a",
  "--no-cache",
  "--profile dev more",
];

for (const line of plain) {
  Deno.test({
    name: `fastParse() reads "${line}" as the parser of all lines does`,
    permissions: "none",
    fn() {
      const words = line.split(" ").filter((word) => word !== "");
      const read = fastParse(options, words);
      const wanted = parseArguments({ name: "process", operands: "[PROFILE]", options }, words);
      for (const { name } of options) {
        assertEquals(read?.text(name), wanted.text(name));
        assertEquals(read?.flag(name), wanted.flag(name));
        assertEquals(read?.list(name), wanted.list(name));
      }
      assertEquals([read?.operands, read?.rest], [wanted.operands, []]);
    },
  });
}

const others: readonly string[] = [
  "",
  "-",
  "-pdev",
  "-p",
  "--",
  "--region",
  "--profile",
  "--profile=",
  "--profile a --profile b",
  "--profile a --profiles b",
  "--role-file a --role-file b",
  "--share=yes",
  "--share --share",
  "--no-share",
  "--no-cache --no-cache",
  "--cache",
  "--nothing",
  "-- --profile dev",
];

for (const line of others) {
  Deno.test({
    name: `fastParse() leaves "${line}" to the parser of all lines`,
    permissions: "none",
    fn: () => assertEquals(fastParse(options, line.split(" ")), undefined),
  });
}
