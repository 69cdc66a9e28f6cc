import { assertEquals, assertThrows } from "@std/assert";
import { CommandFault, splitCommand } from "../../../src/source/process/command_line.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** What Python's shlex.split gives, and dash too. tests/peers/process_peers_test.ts asks them. */
const plain: Readonly<Record<string, readonly string[]>> = {
  "vault": ["vault"],
  "  vault \t get  ": ["vault", "get"],
  '"/opt/my tools/keys" a': ["/opt/my tools/keys", "a"],
  "'/opt/my tools/keys' 'a b'": ["/opt/my tools/keys", "a b"],
  'keys "" x': ["keys", "", "x"],
  "keys a\\ b \\'c": ["keys", "a b", "'c"],
  'keys "a\\"b\\\\c\\d"': ["keys", 'a"b\\c\\d'],
  "keys 'a\\b' '$HOME' '`x`'": ["keys", "a\\b", "$HOME", "`x`"],
  "keys a'b'\"c\"d": ["keys", "abcd"],
  "keys \"a|b;c&d(e)<f>g*h?i[j]\" '#'": ["keys", "a|b;c&d(e)<f>g*h?i[j]", "#"],
  "keys a#b a~b x=y {a,b} a!": ["keys", "a#b", "a~b", "x=y", "{a,b}", "a!"],
  "keys \\$HOME \\| \\~": ["keys", "$HOME", "|", "~"],
  "keys 'two\nlines'": ["keys", "two\nlines"],
  "keys\tprod\r": ["keys", "prod"],
};

pure("splitCommand splits as botocore does what needs no shell", () => {
  for (const [text, words] of Object.entries(plain)) {
    assertEquals(splitCommand(text), { words, needsShell: undefined }, text);
  }
});

const shells: Readonly<Record<string, string>> = {
  "curl x | jq .": "|",
  "keys $HOME": "$",
  'keys "$HOME"': "$",
  'keys "\\$HOME"': "\\",
  "~/bin/keys": "~",
  "keys ~": "~",
  "keys # words": "#",
  "keys *.json": "*",
  "keys a && b": "&",
  "keys >x": ">",
  "(keys)": "(",
  "keys `x`": "`",
  "A=b keys": "A=",
  "cd /x": "cd",
  "! keys": "!",
  "{ keys": "{",
  "keys a\\\nb": "\\",
};

pure("splitCommand leaves to a shell what only a shell understands, and says what it is", () => {
  for (const [text, needsShell] of Object.entries(shells)) {
    assertEquals(splitCommand(text), { words: ["/bin/sh", "-c", text], needsShell }, text);
  }
});

pure("splitCommand refuses what names no program", () => {
  for (
    const [text, why] of [
      ["keys 'a", "has a ' that is not closed"],
      ['keys "a', 'has a " that is not closed'],
      ["keys \\", "ends in a backslash"],
      ["", "names no program"],
      ["'' x", "names no program"],
    ] as const
  ) assertThrows(() => splitCommand(text), CommandFault, why);
});
