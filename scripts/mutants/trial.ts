/**
 * Tries mutants in copies of the project, two at a time.
 *
 * @module
 */

import { affectedTests, type ImportGraph, otherTests } from "./affected_tests.ts";
import type { Journal, MutantOutcome } from "./journal.ts";
import { applyChange, idOf, type Mutant } from "./mutant.ts";
import type { ProjectCopy } from "./project_copy.ts";
import { runTests, testArguments } from "./test_command.ts";

/** What a trial needs. */
export interface TrialSetup {
  readonly graph: ImportGraph;
  /** The commands of the tasks, such as `test` and `test:crash`. */
  readonly commandOf: (task: string) => string;
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
  readonly #baselines = new Map<string, Promise<number | undefined>>();

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
    const { mirrors, importers, others } = affectedTests(mutant.file, this.#setup.graph);
    // Other programs take longest: each test that starts them is a group of its own.
    const groups = [mirrors, importers, ...others.map((test) => [test])]
      .filter(({ length }) => length > 0);
    if (groups.length === 0) return "untested";
    const path = `${folder}/${mutant.file}`;
    const source = await Deno.readTextFile(path);
    for (const tests of groups) {
      const usual = await this.#baseline(tests, folder);
      if (usual === undefined) continue;
      try {
        await Deno.writeTextFile(path, applyChange(source, mutant));
        // The other mutant, and whoever else uses the machine, make it slower than it was.
        const { outcome } = await this.#run(tests, folder, 20_000 + 4 * usual);
        if (outcome !== "passed") return outcome === "hung" ? "hung" : "killed";
      } finally {
        await Deno.writeTextFile(path, source);
      }
    }
    return "survived";
  }

  async #run(tests: readonly string[], folder: string, limitMs: number) {
    const { commandOf, signal } = this.#setup;
    const [, suite] = otherTests.exec(tests[0] ?? "") ?? [];
    const command = commandOf(suite === undefined ? "test" : `test:${suite}`);
    return await runTests(folder, testArguments(command, tests), limitMs, signal);
  }

  /** How long tests take; undefined where they need a program that this machine has not. */
  #baseline(tests: readonly string[], folder: string): Promise<number | undefined> {
    const name = tests.join(" ");
    const known = this.#baselines.get(name) ?? this.#measure(tests, folder);
    this.#baselines.set(name, known);
    return known;
  }

  async #measure(tests: readonly string[], folder: string): Promise<number | undefined> {
    const begin = performance.now();
    const { outcome, printed } = await this.#run(tests, folder, BASELINE_LIMIT_MS);
    if (outcome === "passed") return performance.now() - begin;
    const names = tests.join(" ");
    if (otherTests.test(names)) {
      this.#setup.log(`${names} ${outcome} without a mutant, and is left out`);
      return undefined;
    }
    const end = printed.slice(printed.indexOf("ERRORS")).trim().slice(-2_000);
    throw new Error(`Cannot try mutants: without one, these tests ${outcome}: ${names}\n${end}`);
  }
}
