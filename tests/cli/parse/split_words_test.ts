import { assert, assertEquals, assertThrows } from "@std/assert";
import { splitWords } from "../../../src/cli/parse/split_words.ts";
import { UsageError } from "../../../src/errors.ts";
import { quotePosix } from "../../../src/output/shell.ts";
import { hostileTexts } from "../../output/hostile_texts.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const splits: readonly (readonly [string, readonly string[]])[] = [
  ["ykman oath code", ["ykman", "oath", "code"]],
  ["  a \t b\n c\r\n", ["a", "b", "c"]],
  [`a 'b c' "d e" f\\ g`, ["a", "b c", "d e", "f g"]],
  [`pre'mid dle'"end"x`, ["premid dleendx"]],
  [`a '' ""`, ["a", "", ""]],
  [`a '$HOME \`id\` | \\n "x"'`, ["a", '$HOME `id` | \\n "x"']],
  [`a "\\$ \\\` \\" \\\\ \\n '"`, ["a", "$ ` \" \\ \\n '"]],
  [`a \\$HOME \\| \\; \\' \\"`, ["a", "$HOME", "|", ";", "'", '"']],
  [`a "| ; < > ( ) &"`, ["a", "| ; < > ( ) &"]],
  ['a b\\\nc "d\\\ne"', ["a", "bc", "de"]],
  ["a *.txt ~/x #y {1,2} x=1", ["a", "*.txt", "~/x", "#y", "{1,2}", "x=1"]],
  ["a 'line\nbreak' \u{1f511}é", ["a", "line\nbreak", "\u{1f511}é"]],
];

for (const [command, words] of splits) {
  pure(`splitWords() takes ${JSON.stringify(command)} apart as a shell does`, () => {
    assertEquals(splitWords(command, "--x"), words);
  });
}

pure("splitWords() gives back every text that is quoted for a shell", () => {
  for (const text of hostileTexts(200)) {
    assertEquals(splitWords(`run ${quotePosix(text)} end`, "--x"), ["run", text, "end"]);
  }
});

const refusals: readonly (readonly [string, string])[] = [
  ["", "Cannot use --x: it names no program"],
  ["  \n", "Cannot use --x: it names no program"],
  ["'' a", "Cannot use --x: it names no program"],
  ["a 'b", "Cannot use --x: the quote at character 3 is not closed"],
  ['a "b\\"', "Cannot use --x: the quote at character 3 is not closed"],
  ["a b\\", "Cannot use --x: it ends in a backslash"],
  ...[..."$`|&;<>()"].map((character) =>
    [
      `a s3cret${character}`,
      `Cannot use --x: found ${character} outside of single quotes, and it runs without a shell`,
    ] as const
  ),
  ['a "$HOME"', "Cannot use --x: found $ outside of single quotes, and it runs without a shell"],
];

for (const [command, message] of refusals) {
  pure(`splitWords() refuses ${JSON.stringify(command)} and does not repeat it`, () => {
    const error = assertThrows(() => splitWords(command, "--x"), UsageError);
    assertEquals(error.message, message);
    assert(!`${error.message}${error.hint}`.includes("s3cret"));
  });
}
