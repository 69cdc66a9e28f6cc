/**
 * Tries mutants in copies of the project, two at a time.
 *
 * @module
 */

import { affectedTests, type ImportGraph } from "./affected_tests.ts";
import type { Journal, MutantOutcome } from "./journal.ts";
import { applyChange, idOf, type Mutant } from "./mutant.ts";
import type { ProjectCopy } from "./project_copy.ts";
import { runTests, testArguments } from "./test_command.ts";

/** What a trial needs. */
export interface TrialSetup {
  readonly graph: ImportGraph;
  /** The command of `deno task test`. */
  readonly command: string;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Says what goes on. */
  readonly log: (text: string) => void;
}

/** Without a mutant, tests may take this long. */
const BASELINE_LIMIT_MS = 600_000;

/** Tries mutants in the copies. */
export class Trial {
  readonly #setup: TrialSetup;
  /** How long tests take without a mutant, by their names. */
  readonly #baselines = new Map<string, Promise<number>>();

  /** A trial that has not begun. */
  constructor(setup: TrialSetup) {
    this.#setup = setup;
  }

  /**
   * Tries all mutants, as many at a time as there are copies, and notes each outcome in the journal.
   *
   * @throws the signal's reason, or an Error where tests fail without a mutant
   */
  async run(mutants: readonly Mutant[], copies: readonly ProjectCopy[]): Promise<void> {
    const { journal, log } = this.#setup;
    const queue = mutants.filter((mutant) => journal.get(idOf(mutant)) === undefined);
    if (queue.length < mutants.length) {
      log(`${mutants.length - queue.length} of ${mutants.length} were tried before`);
    }
    let done = 0;
    const { length } = queue;
    const ends = await Promise.allSettled(copies.map(async ({ folder }) => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const outcome = await this.#tryOne(mutant, folder).catch((error) => {
          // The others end with what they are at: no copy may be removed while tests run in it.
          queue.length = 0;
          throw error;
        });
        await journal.add(idOf(mutant), outcome);
        log(`${++done}/${length} ${outcome}: ${mutant.file}:${mutant.line} (${mutant.operator})`);
      }
    }));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #tryOne(mutant: Mutant, folder: string): Promise<MutantOutcome> {
    const { mirrors, importers } = affectedTests(mutant.file, this.#setup.graph);
    if (mirrors.length + importers.length === 0) return "untested";
    const groups = [mirrors, importers].filter(({ length }) => length > 0);
    for (const tests of groups) await this.#baseline(tests, folder);
    const path = `${folder}/${mutant.file}`;
    const source = await Deno.readTextFile(path);
    try {
      await Deno.writeTextFile(path, applyChange(source, mutant));
      for (const tests of groups) {
        const { outcome } = await this.#runGroup(tests, folder);
        if (outcome !== "passed") return outcome === "hung" ? "hung" : "killed";
      }
      return "survived";
    } finally {
      await Deno.writeTextFile(path, source);
    }
  }

  async #runGroup(tests: readonly string[], folder: string) {
    const { command, signal } = this.#setup;
    // The other mutant, and whoever else uses the machine, make it slower than it was.
    const limitMs = 20_000 + 4 * await this.#baseline(tests, folder);
    return await runTests(folder, testArguments(command, tests), limitMs, signal);
  }

  #baseline(tests: readonly string[], folder: string): Promise<number> {
    const name = tests.join(" ");
    const known = this.#baselines.get(name) ?? this.#measure(tests, folder);
    this.#baselines.set(name, known);
    return known;
  }

  async #measure(tests: readonly string[], folder: string): Promise<number> {
    const { command, signal } = this.#setup;
    const begin = performance.now();
    const args = testArguments(command, tests);
    const { outcome, printed } = await runTests(folder, args, BASELINE_LIMIT_MS, signal);
    if (outcome === "passed") return performance.now() - begin;
    const end = printed.slice(printed.indexOf("ERRORS")).trim().slice(-2_000);
    throw new Error(
      `Cannot try mutants: without one, these tests ${outcome}: ${tests.join(" ")}\n${end}`,
    );
  }
}
