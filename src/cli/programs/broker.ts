/**
 * The broker: a shell, started before this program gives up the permission to run others, that runs the programs of the
 * plan by their number in a table. Nothing can be added to the table later.
 *
 * @module
 */

import { ProgramError, StsavalError } from "../../errors.ts";
import type {
  Clock,
  CommandLine,
  Helper,
  Helpers,
  PipedOptions,
  PipedProcess,
} from "../../system.ts";
import { brokerScript, formatInput, formatTable } from "./broker_script.ts";

/** How long it may take to end when this program does. */
const closeMs = 1_000;

/** What the broker says in place of a status, with what it means. */
const faults = {
  missing: ["PROGRAM_NOT_FOUND", "there is no such program"],
  folder: ["PROGRAM_NOT_EXECUTABLE", "it is a folder"],
  denied: ["PROGRAM_NOT_EXECUTABLE", "permission denied"],
} as const;

/** One run of a program. */
interface Run {
  readonly program: string;
  /** Undefined once its reader has cancelled it. */
  readonly output: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly exit: PromiseWithResolvers<number>;
}

/** Runs the programs of a table, and no others. */
export class ProgramBroker {
  readonly #helper: Helper;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #runs = new Map<string, Run>();
  #count = 0;

  /** Starts the shell. `canAsk` lets programs read from the terminal. */
  constructor(helpers: Helpers, lines: readonly CommandLine[], canAsk: boolean) {
    this.#rows = new Map(lines.map(({ words, env }, row) => [keyOf(words, env), row]));
    this.#helper = helpers.start(brokerScript, [canAsk ? "tty" : "null"], { stderr: "inherit" });
    void this.#helper.send(formatTable(lines));
    this.#read().catch(() => {}).finally(() => this.#fail());
  }

  /** Starts a program of the table; undefined for any other. */
  startPiped(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
    { input, mergesErrors = false }: PipedOptions = {},
  ): PipedProcess | undefined {
    const row = this.#rows.get(keyOf(words, env));
    if (row === undefined) return undefined;
    const id = String(++this.#count);
    const exit = Promise.withResolvers<number>();
    exit.promise.catch(() => {});
    const stdout = new ReadableStream<Uint8Array>({
      start: (output) => void this.#runs.set(id, { program: words[0] ?? "", output, exit }),
      // Who reads no further still waits for the end, or stops the program.
      cancel: () => this.#discard(id),
    });
    const errors = mergesErrors ? "merged" : "own";
    const given = input === undefined ? "" : ` ${formatInput(input)}`;
    void this.#helper.send(`run ${id} ${row} ${errors}${given}\n`);
    return { stdout, exit: exit.promise, kill: () => this.#stop(id) };
  }

  /** Ends the shell, and with it whatever still runs. */
  async close(clock: Clock): Promise<void> {
    await this.#helper.close();
    const done = new AbortController();
    const overdue = clock.sleep(closeMs, { signal: done.signal, keepAlive: false }).catch(() => {});
    await Promise.race([this.#helper.exit, overdue]);
    done.abort();
  }

  /** SIGTERM for the program and all that it has started, and SIGKILL a second later. */
  #stop(id: string): boolean {
    const run = this.#take(id);
    if (run === undefined) return true;
    void this.#helper.send(`stop ${id}\n`);
    run.output?.close();
    run.exit.resolve(143);
    return true;
  }

  #discard(id: string): void {
    const run = this.#runs.get(id);
    if (run !== undefined) this.#runs.set(id, { ...run, output: undefined });
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const part of this.#helper.stdout) {
      const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#accept(line);
    }
  }

  #accept(line: string): void {
    const [id = "", ...words] = line.split(" ").filter((word) => word !== "");
    const [first, status = ""] = words;
    if (first === "end") this.#end(id, status);
    else this.#runs.get(id)?.output?.enqueue(Uint8Array.from(words, (word) => parseInt(word, 16)));
  }

  #end(id: string, status: string): void {
    const run = this.#take(id);
    if (run === undefined) return;
    void this.#helper.send(`over ${id}\n`);
    run.output?.close();
    if (!Object.hasOwn(faults, status)) return run.exit.resolve(Number(status));
    const [code, why] = faults[status as keyof typeof faults]; // just checked
    run.exit.reject(new ProgramError(code, run.program, why));
  }

  /** The shell has ended, which it does by itself only when something kills it. */
  #fail(): void {
    for (const id of [...this.#runs.keys()]) {
      const run = this.#take(id);
      run?.output?.close();
      run?.exit.reject(
        new StsavalError("FAILED", `Cannot run "${run.program}": the shell that runs it was ended`),
      );
    }
  }

  #take(id: string): Run | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    return run;
  }
}

function keyOf(words: readonly string[], env: Readonly<Record<string, string>>): string {
  return JSON.stringify([words, Object.entries(env).sort()]);
}
