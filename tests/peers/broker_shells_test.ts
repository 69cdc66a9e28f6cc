/**
 * The script of the broker in the shells that `/bin/sh` is on other machines.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { brokerScript, formatInput, formatTable } from "../../src/cli/programs/broker_script.ts";
import type { CommandLine } from "../../src/system.ts";
import { isInstalled } from "./stsaval_process.ts";

const shells: readonly (readonly string[])[] = [
  ["dash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
  ["zsh", "--emulate", "sh"],
];

const env = { STSAVAL_TEST: "it's\ntwo" };
/** Each row with what it prints, and how it ends. */
const rows: readonly (readonly [line: CommandLine, text: string, end: string])[] = [
  [
    { words: ["printf", "%s|", "a b", "it's", "two\nlines", "$HOME `x`", "*", ""], env },
    "a b|it's|two\nlines|$HOME `x`|*||",
    "0",
  ],
  [{ words: ["sh", "-c", 'echo "$STSAVAL_TEST"; exit 7'], env }, "it's\ntwo\n", "7"],
  [{ words: ["/no/such/program"], env: {} }, "", "missing"],
  [{ words: ["no-such-program"], env: {} }, "", "missing"],
  [{ words: ["/"], env: {} }, "", "folder"],
  [{ words: ["/etc/passwd"], env: {} }, "", "denied"],
  [{ words: ["sh", "-c", "kill -9 $$"], env: {} }, "", "137"],
  // Ignored in the script, but not in its programs.
  [{ words: ["sh", "-c", "kill -PIPE $$; echo on"], env: {} }, "", "141"],
  [{ words: ["sh", "-c", "kill -TERM $$; echo on"], env: {} }, "", "143"],
  [{ words: ["no-such-program", "either"], env: {} }, "", "missing"],
  [{ words: ["cat"], env: {} }, "100%s \\n 'it'\n\x01\x7f\n", "0"],
  [{ words: ["sh", "-c", "echo out; echo wrong >&2; exit 3"], env: {} }, "out\nwrong\n", "3"],
  [{ words: ["sh", "-c", "read line; echo $line >&2; cat"], env: {} }, "two\n", "0"],
  // It reads nothing of what it is given.
  [{ words: ["sh", "-c", "exec <&-; exit 4"], env: {} }, "", "4"],
  [{ words: ["sh", "-c", "(sleep 600; echo) | cat"], env: {} }, "", "143"],
];
/** What a row reads, and whether its standard error is read too, by its number. */
const given: Readonly<Record<number, string>> = {
  0: "own",
  10: `own ${formatInput("100%s \\n 'it'\n\x01\x7f\n")}`,
  11: "merged",
  12: `merged ${formatInput("two\n")}`,
  13: `own ${formatInput("x".repeat(70_000))}`,
};
/** The row that never ends by itself. */
const endless = rows.length - 1;

for (const [shell = "", ...args] of shells) {
  const missing = !await isInstalled(shell);
  Deno.test({
    name: `the broker runs programs by ${[shell, ...args].join(" ")}` +
      (missing ? ` (left out: ${shell} is not installed)` : ""),
    ignore: missing,
    async fn() {
      const child = new Deno.Command(shell, {
        args: [...args, "-c", brokerScript, "stsaval", "null"],
        ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
      }).spawn();
      const writer = child.stdin.getWriter();
      const send = (text: string) => writer.write(new TextEncoder().encode(text));
      await send(formatTable(rows.map(([line]) => line)));
      for (const index of rows.keys()) {
        await send(`run ${index} ${index} ${given[index] ?? ""}\n`);
      }
      const texts = rows.map(() => "");
      const ends = rows.map(() => "");
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(byLine());
      for await (const line of lines) {
        const [id, ...words] = line.split(" ").filter((word) => word !== "");
        const index = Number(id);
        if (words[0] !== "end") texts[index] += textOf(words);
        else ends[index] = words[1] ?? "";
        const open = ends.filter((end) => end === "").length;
        if (open === 1 && words[0] === "end") await send(`stop ${endless}\n`);
        if (open === 0) await writer.close();
      }
      assertEquals(texts, rows.map(([, text]) => text));
      assertEquals(ends, rows.map(([, , end]) => end));
      assertEquals(await new Response(child.stderr).text(), "");
      await child.status;
    },
  });
}

function textOf(words: readonly string[]): string {
  return new TextDecoder().decode(Uint8Array.from(words, (word) => parseInt(word, 16)));
}

function byLine(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(part, controller) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) controller.enqueue(line);
    },
  });
}
