import { assertEquals, assertThrows } from "@std/assert";
import type { Command } from "../../../src/cli/command.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { UsageError } from "../../../src/errors.ts";

const command: Command = {
  name: "try",
  topic: "get",
  summary: "",
  description: "",
  operands: "[FILE]",
  options: [
    { name: "profiles", alias: "profile", short: "p", value: "A,B", repeatable: true, summary: "" },
    { name: "format", short: "f", value: "FORMAT", summary: "" },
    { name: "count", value: "N", summary: "" },
    { name: "all", summary: "" },
    { name: "strict", negated: true, summary: "" },
  ],
  examples: [],
  environment: [],
  needs: [],
  run: () => Promise.resolve(0),
};

Deno.test({
  name: "parseArguments() reads flags, values, repeated values, operands and what follows --",
  permissions: "none",
  fn() {
    const parsed = parseArguments(
      command,
      ["--profiles", "a,b", "0123", "-f", "json", "--profiles=-", "--all", "--", "--x", "-y"],
    );
    assertEquals(parsed.list("profiles"), ["a,b", "-"]);
    assertEquals(parsed.text("format"), "json");
    assertEquals(parsed.flag("all"), true);
    assertEquals(parsed.operands, ["0123", "--x", "-y"]);
    assertEquals(parsed.rest, []);
    assertEquals(parsed.text("count"), undefined);
    assertEquals(parsed.flag("verbose"), false);
  },
});

Deno.test({
  name: "parseArguments() keeps what follows -- apart where it is another program's",
  permissions: "none",
  fn() {
    const program = { ...command, operands: "-- COMMAND" };
    const parsed = parseArguments(program, ["a", "--all", "--", "--all=no", "--", "-y"]);
    assertEquals(parsed.operands, ["a"]);
    assertEquals(parsed.rest, ["--all=no", "--", "-y"]);
  },
});

Deno.test({
  name: "parseArguments() takes a value that begins with a dash, or that is one",
  permissions: "none",
  fn() {
    const parsed = parseArguments(command, ["--profiles", "-", "--format", "-x"]);
    assertEquals(parsed.list("profiles"), ["-"]);
    assertEquals(parsed.text("format"), "-x");
  },
});

Deno.test({
  name: "parseArguments() knows a flag that is on unless it is taken back",
  permissions: "none",
  fn() {
    assertEquals(parseArguments(command, []).flag("strict"), true);
    assertEquals(parseArguments(command, ["--no-strict"]).flag("strict"), false);
  },
});

const refusals: readonly (readonly [string[], string, string?])[] = [
  [["--formt", "json"], `Unknown option "--formt" for 'stsaval try'`, "did you mean --format"],
  [["--no-strikt"], `Unknown option "--no-strikt"`, "did you mean --no-strict"],
  [["--zzzzzzzz"], `Unknown option "--zzzzzzzz"`, "see 'stsaval help try'"],
  [["-z"], `Unknown option "-z"`],
  [["--format"], "Cannot use --format without a value: wanted --format FORMAT"],
  [["--format="], "Cannot use --format without a value: wanted --format FORMAT"],
  [["--format", ""], "Cannot use --format without a value: wanted --format FORMAT"],
  [["--all=no"], 'Cannot use "--all=no": --all takes no value', "see 'stsaval help try'"],
  [["--all="], 'Cannot use "--all=": --all takes no value'],
  [["--no-strict=1"], 'Cannot use "--no-strict=1": --no-strict takes no value'],
  [["--strict=no"], 'Cannot use "--strict=no": --strict takes no value'],
  [["-v=no"], 'Cannot use "-v=no": -v takes no value'],
  [["-vq=no"], 'Cannot use "-vq=no": -vq takes no value'],
  [["--format", "a", "--format", "b"], "Cannot use --format more than once"],
];

for (const [words, message, hint] of refusals) {
  Deno.test({
    name: `parseArguments() refuses ${words.join(" ")}`,
    permissions: "none",
    fn() {
      const error = assertThrows(() => parseArguments(command, words), UsageError, message);
      if (hint !== undefined) assertEquals(error.hint?.startsWith(hint), true, error.hint);
    },
  });
}

Deno.test({
  name: "parseArguments() refuses a word where the command takes none",
  permissions: "none",
  fn() {
    const { operands: _operands, ...none } = command;
    for (const words of [["what"], ["--", "what"], ["--all", "--", "what"]]) {
      assertThrows(() => parseArguments(none, words), UsageError, 'Unexpected argument "what"');
    }
  },
});

Deno.test({
  name: "wholeNumber() takes nothing else",
  permissions: "none",
  fn() {
    assertEquals(parseArguments(command, ["--count", "12"]).wholeNumber("count"), 12);
    assertEquals(parseArguments(command, []).wholeNumber("count"), undefined);
    for (const text of ["0", "1.5", "-1", "ten", "1e3", "99999999999999999999"]) {
      assertThrows(
        () => parseArguments(command, ["--count", text]).wholeNumber("count"),
        UsageError,
        `Cannot use "${text}" for --count: wanted a whole number, 1 or more`,
      );
    }
  },
});

for (const word of ["--_", "--_=x", "--_x", "-_"]) {
  Deno.test({
    name: `parseArguments() knows no option ${word}`,
    permissions: "none",
    fn: () => {
      assertThrows(() => parseArguments(command, [word, "x"]), UsageError, "Unknown option");
      assertEquals(parseArguments(command, ["--", word]).operands, [word]);
    },
  });
}

Deno.test({
  name: "parseArguments() takes an option by each of its names, with the value apart or attached",
  permissions: "none",
  fn() {
    const words = "--profile a --profiles b -p c -pd -p=e --profile=f=g --profiles=h -p -i".split(
      " ",
    );
    const values = ["a", "b", "c", "d", "e", "f=g", "h", "-i"];
    assertEquals(parseArguments(command, words).list("profiles"), values);
    assertEquals(parseArguments(command, ["-fjson"]).text("format"), "json");
    assertEquals(parseArguments(command, ["a", "-qv"]).flag("verbose"), true);
  },
});

Deno.test({
  name:
    "parseArguments() refuses a long name behind one dash, and says what is missing as it was typed",
  permissions: "none",
  fn() {
    const rows: readonly (readonly [words: readonly string[], message: string])[] = [
      [["-profile", "a"], `Unknown option "-profile" for 'stsaval try'`],
      [["-profiles=a"], `Unknown option "-profiles" for 'stsaval try'`],
      [["-all"], `Unknown option "-all" for 'stsaval try'`],
      [["-help"], `Unknown option "-help" for 'stsaval try'`],
      [["--profile"], "Cannot use --profile without a value: wanted --profile A,B"],
      [["--profile="], "Cannot use --profile without a value: wanted --profile A,B"],
      [["-p"], "Cannot use -p without a value: wanted -p A,B"],
      [["-p="], "Cannot use -p without a value: wanted -p A,B"],
    ];
    for (const [words, message] of rows) {
      assertEquals(assertThrows(() => parseArguments(command, words), UsageError).message, message);
    }
  },
});
