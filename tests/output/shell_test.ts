import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import {
  cmd,
  dotenv,
  fish,
  posix,
  powerShell,
  quoteFish,
  quotePosix,
  quotePowerShell,
  type Shell,
} from "../../src/output/shell.ts";
import { hostileTexts } from "./hostile_texts.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("quotePosix() closes, escapes and opens again at a single quote", () => {
  assertEquals(quotePosix("a'b $(c) `d`"), `'a'\\''b $(c) \`d\`'`);
});

pure("quotePosix() is read back by a reader of the shell's rules", () => {
  for (const text of hostileTexts()) assertEquals(readPosix(quotePosix(text)), text);
});

pure("quoteFish() escapes quotes and backslashes, which fish reads within single quotes", () => {
  assertEquals(quoteFish(`a'b\\`), `'a\\'b\\\\'`);
  for (const text of hostileTexts()) assertEquals(readFish(quoteFish(text)), text);
});

pure("quotePowerShell() doubles every quote that PowerShell takes for a single one", () => {
  assertEquals(quotePowerShell("a'b\u2019c\u201bd"), "'a''b\u2019\u2019c\u201b\u201bd'");
});

pure("quotePowerShell() stays on one line and is read back by its rules", () => {
  for (const text of hostileTexts()) {
    const quoted = quotePowerShell(text);
    assert(!/[\r\n]/.test(quoted));
    assertEquals(readPowerShell(quoted), text);
  }
});

pure("assign() writes each shell's own form", () => {
  assertEquals(posix.assign("X", "v"), "export X='v'");
  assertEquals(fish.assign("X", "v"), "set -gx X 'v'");
  assertEquals(powerShell.assign("X", "v"), "$Env:X = 'v'");
  assertEquals(cmd.assign("X", "a&b|c"), 'set "X=a&b|c"');
  assertEquals(dotenv.assign("X", "aZ09/+="), "X=aZ09/+=");
});

pure("unset() writes each shell's own form, and a file has none", () => {
  assertEquals(posix.unset?.(["X", "Y"]), "unset X Y");
  assertEquals(fish.unset?.(["X", "Y"]), "set -e X Y; or true");
  assertEquals(
    powerShell.unset?.(["X", "Y"]),
    "Remove-Item Env:X,Env:Y -ErrorAction SilentlyContinue",
  );
  assertEquals(cmd.unset?.(["X", "Y"]), 'set "X="\nset "Y="');
  assertEquals(dotenv.unset, undefined);
});

pure("cmd.assign() refuses what cmd cannot quote, without repeating it", () => {
  for (const character of ["%", "^", "!", '"', "\n", "\r", "\0", "\x1b"]) {
    const error = refused(cmd, `s3cret${character}`);
    assertEquals(error.message.includes("s3cret"), false);
  }
  assertMatch(refused(cmd, "a".repeat(8_200)).message, /longer than 8191/);
});

pure("dotenv.assign() refuses what its readers disagree on", () => {
  for (const character of [" ", "#", "'", '"', "`", "$", "\\", "\n", ";", "&", "é"]) {
    refused(dotenv, `a${character}b`);
  }
});

pure("assign() refuses a NUL and a broken surrogate in every shell", () => {
  for (const shell of [posix, fish, powerShell, cmd, dotenv]) {
    refused(shell, "a\0b");
    assertMatch(refused(shell, "a\ud800b").message, /not well-formed/);
  }
});

pure("whatever cmd and dotenv accept needs no quoting in them", () => {
  for (const text of hostileTexts()) {
    for (const shell of [cmd, dotenv]) {
      let line = "";
      try {
        line = shell.assign("X", text);
      } catch (error) {
        assert(error instanceof UsageError);
        continue;
      }
      assertMatch(line, /^(set "X=[^"%^!\r\n]*"|X=[\w./+=:@,-]*)$/);
    }
  }
});

function refused(shell: Shell, value: string): UsageError {
  return assertThrows(() => shell.assign("X", value), UsageError);
}

/** What a POSIX shell makes of one word of single-quoted parts and backslashed characters. */
function readPosix(word: string): string {
  assertMatch(word, /^('[^']*'|\\[^])+$/);
  return word.replace(/'([^']*)'|\\([^])/g, (_, quoted, escaped) => quoted ?? escaped);
}

function readFish(word: string): string {
  assertMatch(word, /^'(\\['\\]|[^'\\])*'$/);
  return word.slice(1, -1).replace(/\\(['\\])/g, "$1");
}

function readPowerShell(expression: string): string {
  const part = /'((?:(['\u2018-\u201b])\2|[^'\u2018-\u201b])*)'|\[char\](\d+)| \+ /gu;
  assertEquals(expression.replace(part, ""), "");
  return expression.replace(
    part,
    (_, quoted, _quote, code) =>
      quoted?.replace(/(['\u2018-\u201b])\1/g, "$1") ??
        (code === undefined ? "" : String.fromCharCode(Number(code))),
  );
}
