/**
 * The adapter's terminal, as a program that a test types to: it prints what it reads, and what `stty` says meanwhile.
 *
 * @module
 */

import { terminal } from "../../src/deno/terminal.ts";

/** Whether the terminal echoes keys, waits for whole lines, and turns ctrl+c into a signal; and its size. */
async function modes(): Promise<string> {
  const { stdout } = await new Deno.Command("stty", { args: ["-a"], stdin: "inherit" }).output();
  const words = new TextDecoder().decode(stdout).split(/[\s;]+/);
  return ["echo", "icanon", "isig"].map((name) => words.includes(name) ? name : `-${name}`).join();
}

/** What the terminal says of itself. */
export function facts(): readonly unknown[] {
  const { canAsk, outIsTerminal, errIsTerminal } = terminal;
  return [canAsk, outIsTerminal, errIsTerminal, terminal.columns(), terminal.rows()];
}

/** Prints a line; `\r` since a terminal may be raw. */
function say(value: unknown): void {
  terminal.out(`${JSON.stringify(value)}\r\n`);
}

async function readKeys(): Promise<void> {
  const controller = new AbortController();
  try {
    for await (const key of terminal.keys(controller.signal)) {
      say([key, await modes()]);
      if (key === "q") return;
      if (key === "s") {
        await new Deno.Command("stty", { args: ["sane"], stdin: "inherit" }).output();
      }
      if (key === "s") say("sane");
      if (key === "a") setTimeout(() => controller.abort(new Error("halt")), 0);
    }
  } catch (error) {
    say(error instanceof Error ? error.message : error);
  }
}

const ways: Readonly<Record<string, () => Promise<void>>> = {
  async keys() {
    say([Deno.pid, await modes()]);
    await readKeys();
    say(await modes());
    await readKeys();
    say(await modes());
  },
  async output() {
    terminal.out("first ".repeat(100_000));
    terminal.err("aside ".repeat(100_000));
    await terminal.flush();
    // Nothing that is written afterwards was waited for.
    Deno.exit(0);
  },
  async closed() {
    terminal.out("x");
    const reason = await terminal.flush().catch((error) => error);
    terminal.out("y");
    const again = await terminal.flush().catch((error) => error);
    terminal.err(JSON.stringify([reason.message, terminal.outputFailed.aborted, again === reason]));
  },
  async input() {
    const text = await terminal.readInput().catch((error) => [error.code, error.message]);
    say([text, await terminal.readInput().catch(() => "again")]);
  },
  facts: () => Promise.resolve(say(facts())),
};

if (import.meta.main) await ways[Deno.args[0] ?? ""]?.();
