/**
 * A broker for tests: it understands the protocol of the broker's script, and has its programs run by a fake.
 *
 * @module
 */

import { ProgramError } from "../src/errors.ts";
import { splitCommand } from "../src/source/process/command_line.ts";
import type { CommandLine, Helper, PipedOptions, Processes } from "../src/system.ts";

/** A broker whose programs are started by `processes`. */
export function fakeBroker(processes: Pick<Processes, "startPiped">): Helper {
  const output = new TransformStream<Uint8Array, Uint8Array>();
  const writer = output.writable.getWriter();
  const print = (line: string) => void writer.write(new TextEncoder().encode(`${line}\n`));
  const ended = Promise.withResolvers<number>();
  let table = "";
  let rows: readonly CommandLine[] | undefined;
  const runs = new Map<string, { kill(signal: "SIGTERM"): boolean }>();
  const run = async (id: string, { words, env }: CommandLine, options: PipedOptions) => {
    try {
      const child = processes.startPiped(words, env, options);
      runs.set(id, child);
      for await (const part of child.stdout) {
        print(`${id} ${Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`);
      }
      print(`${id} end ${await child.exit}`);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      print(`${id} end ${error.code === "PROGRAM_NOT_FOUND" ? "missing" : "denied"}`);
    }
  };
  return {
    exit: ended.promise,
    stdout: output.readable,
    kill: () => true,
    send(text) {
      if (rows === undefined) {
        table += text;
        if (table.endsWith("\nready\n")) rows = readRows(table);
        return Promise.resolve();
      }
      const [verb, id = "", row, errors, input] = text.trim().split(" ");
      const line = rows[Number(row)];
      const options = { mergesErrors: errors === "merged", input: input && readInput(input) };
      if (verb === "run" && line !== undefined) void run(id, line, options);
      if (verb === "stop") runs.get(id)?.kill("SIGTERM");
      return Promise.resolve();
    },
    async close() {
      ended.resolve(0);
      await writer.close().catch(() => {});
    },
  };
}

/** What a program reads, as the shell would write it. */
function readInput(input: string): string {
  const bytes = input.split("\\").slice(1).map((digits) => parseInt(digits, 8));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** The table as the shell would read it; a word is between single quotes. */
function readRows(table: string): readonly CommandLine[] {
  const text = table.replace(/^=/gm, "").replace(/ready\n$/, "");
  return text.split(/ ;;\n(?=\d+\) |$)/).filter((row) => row !== "").map((row) => {
    const [set = "", words = ""] = row.replace(/^\d+\) /, "").split(/(?<=^|; )launch /s);
    const variables = set.split(/; $|; (?=export )/).filter((one) => one !== "");
    return {
      words: splitCommand(words).words,
      env: Object.fromEntries(
        variables.map((one) => {
          const [, assignment = ""] = splitCommand(one.replace(/^export /, "x ")).words;
          const at = assignment.indexOf("=");
          return [assignment.slice(0, at), assignment.slice(at + 1)];
        }),
      ),
    };
  });
}
