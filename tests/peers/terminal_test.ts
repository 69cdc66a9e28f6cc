/**
 * The adapter's terminal on a real one, which `script` opens, and with pipes in its place.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { facts } from "./terminal_keys.ts";

const program = new URL("terminal_keys.ts", import.meta.url).pathname;
const words = [Deno.execPath(), "run", "--no-check", "--no-config", "-A", program];
const line = words.map((word) => `'${word}'`).join(" ");
const hasScript = await new Deno.Command("script", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);
const why = hasScript ? "" : ", skipped: there is no script(1) of util-linux";

async function sh(script: string): Promise<{ readonly out: string; readonly err: string }> {
  const env = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const { stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script], env }).output();
  const decoder = new TextDecoder();
  return { out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** A shell's command on a terminal of its own. */
async function onTerminal(command: string) {
  const file = await Deno.makeTempFile({ prefix: "stsaval-terminal-" });
  await Deno.writeTextFile(file, command);
  const child = new Deno.Command("script", {
    args: ["-qec", `sh ${file}`, "/dev/null"],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const writer = child.stdin.getWriter();
  let text = "";
  return {
    type: (keys: string | Uint8Array) =>
      writer.write(typeof keys === "string" ? new TextEncoder().encode(keys) : keys),
    async line(): Promise<unknown> {
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) return text;
        text += value;
      }
      const [first = "", ...rest] = text.split("\n");
      text = rest.join("\n");
      // Deno clears its progress line before the first one.
      // deno-lint-ignore no-control-regex
      return JSON.parse(first.replaceAll(/\x1b\[\d*[A-Z]/g, "").trim());
    },
    async [Symbol.asyncDispose]() {
      await writer.close().catch(() => {});
      await reader.cancel();
      await child.status;
      await Deno.remove(file);
    },
  };
}

const hidden = "-echo,-icanon,isig";
const shown = "echo,icanon,isig";

Deno.test({
  name: `keys come one by one and unseen, and the terminal is as before when they end${why}`,
  ignore: !hasScript,
  async fn() {
    await using terminal = await onTerminal(`${line} keys`);
    const [pid, before] = await terminal.line() as [number, string];
    assertEquals(before, shown);
    await terminal.type("1");
    assertEquals(await terminal.line(), ["1", hidden]);
    // A character that comes in two parts is one all the same.
    const [first = 0, second = 0] = new TextEncoder().encode("é");
    await terminal.type(Uint8Array.of(first));
    assertEquals(await terminal.line(), ["", hidden]);
    await terminal.type(Uint8Array.of(second));
    assertEquals(await terminal.line(), ["é", hidden]);
    // A shell restores the terminal of a program that it stops, which hides the keys again when it goes on.
    await terminal.type("s");
    assertEquals(await terminal.line(), ["s", hidden]);
    assertEquals(await terminal.line(), "sane");
    Deno.kill(pid, "SIGCONT");
    assertEquals(await terminal.line(), ["", hidden]);
    await terminal.type("a");
    assertEquals(await terminal.line(), ["a", hidden]);
    assertEquals(await terminal.line(), "halt");
    assertEquals(await terminal.line(), shown);
    // The read that was under way gives its key to who reads next.
    await terminal.type("2");
    assertEquals(await terminal.line(), ["2", hidden]);
    await terminal.type("q");
    assertEquals(await terminal.line(), ["q", hidden]);
    assertEquals(await terminal.line(), shown);
  },
});

Deno.test({
  name: `a terminal says its size, and one that does not know it has the usual one${why}`,
  ignore: !hasScript,
  async fn() {
    const rows = [
      [`stty cols 33 rows 12; ${line} facts`, [true, true, true, 33, 12]],
      [`stty cols 0 rows 0; ${line} facts`, [true, true, true, 80, 24]],
      // Where no prompt could be seen, none is shown.
      [`stty cols 33 rows 12; ${line} facts 2>/dev/null`, [false, true, false, 33, 12]],
      [`stty cols 33 rows 12; ${line} facts </dev/null`, [false, true, true, 33, 12]],
    ] as const;
    for (const [command, wanted] of rows) {
      await using terminal = await onTerminal(command);
      assertEquals(await terminal.line(), wanted, command);
    }
    const { out } = await sh(`${line} facts </dev/null`);
    assertEquals(JSON.parse(out).slice(0, 3), [false, false, false]);
    assertEquals(facts().slice(0, 3), [
      Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
      Deno.stdout.isTerminal(),
      Deno.stderr.isTerminal(),
    ]);
  },
});

Deno.test("flush() waits for what was written to both, and says why it could not be", async () => {
  const { out, err } = await sh(`${line} output`);
  assertEquals([out, err], ["first ".repeat(100_000), "aside ".repeat(100_000)]);
  const closed = await sh(`(sleep 0.1; ${line} closed) | true`);
  const [message, isAborted, isSame] = JSON.parse(closed.err);
  assertEquals([isAborted, isSame], [true, true], message);
  const full = await sh(`${line} closed >/dev/full`);
  assertEquals(JSON.parse(full.err), [
    "Cannot write the result: no space left on device",
    ...[true, true],
  ]);
});

Deno.test("standard input is read once, and what cannot be read is told in words", async () => {
  const { out } = await sh(`printf 'two\\nlines' | ${line} input`);
  assertEquals(JSON.parse(out), ["two\nlines", "two\nlines"]);
  const folder = await sh(`${line} input </`);
  assertEquals(JSON.parse(folder.out), [
    ["FAILED", "Cannot read standard input: it is a folder"],
    "again",
  ]);
});
