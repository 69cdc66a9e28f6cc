/**
 * Tries mutants in copies of the project, two at a time.
 *
 * @module
 */

import { affectedTests, type ImportGraph, otherTests } from "./affected_tests.ts";
import type { Journal, MutantOutcome } from "./journal.ts";
import { applyChange, idOf, type Mutant } from "./mutant.ts";
import type { ProjectCopy } from "./project_copy.ts";
import { TestCoverage, type TimedTests } from "./test_coverage.ts";
import { runTests, testArguments } from "./test_command.ts";

/** What a trial needs. */
export interface TrialSetup {
  readonly graph: ImportGraph;
  /** The commands of the tasks, such as `test` and `test:crash`. */
  readonly commandOf: (task: string) => string;
  readonly journal: Journal;
  /** Where it is kept which lines each test runs, for the next run on the same state of the project. */
  readonly coverageFile: string;
  readonly signal: AbortSignal;
  /** Says what goes on. */
  readonly log: (text: string) => void;
  /** The source of a file of the project. */
  readonly sourceOf: (file: string) => string;
}

/** Without a mutant, tests may take this long. */
const BASELINE_LIMIT_MS = 600_000;

/** Tries mutants in the copies. */
export class Trial {
  readonly #setup: TrialSetup;
  readonly #coverage: TestCoverage;
  /** How long tests that start programs take without a mutant, by their names. */
  readonly #others = new Map<string, Promise<TimedTests>>();

  /** A trial that has not begun. */
  constructor(setup: TrialSetup) {
    this.#setup = setup;
    this.#coverage = new TestCoverage({
      command: setup.commandOf("test"),
      keptIn: setup.coverageFile,
      limitMs: BASELINE_LIMIT_MS,
      signal: setup.signal,
    });
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
    if (mirrors.length + importers.length + others.length === 0) return "untested";
    const reaching = async (tests: readonly string[]) =>
      await this.#coverage.reaching(mutant, this.#setup.sourceOf(mutant.file), tests, folder);
    // Other programs take longest: each test that starts them is a group of its own.
    const groups = [
      () => reaching(mirrors),
      () => reaching(importers),
      ...others.map((test) => () => this.#other(test, folder)),
    ];
    for (const group of groups) {
      const { tests, usualMs } = await group();
      if (tests.length === 0) continue;
      const outcome = await this.#tryWith(mutant, tests, { folder, usualMs });
      if (outcome !== "passed") return outcome === "hung" ? "hung" : "killed";
    }
    return "survived";
  }

  async #tryWith(
    mutant: Mutant,
    tests: readonly string[],
    { folder, usualMs }: { folder: string; usualMs: number },
  ) {
    const source = this.#setup.sourceOf(mutant.file);
    const path = `${folder}/${mutant.file}`;
    try {
      await Deno.writeTextFile(path, applyChange(source, mutant));
      // The other mutant, and whoever else uses the machine, make it slower than it was.
      return (await this.#run(tests, folder, 20_000 + 4 * usualMs)).outcome;
    } finally {
      await Deno.writeTextFile(path, source);
    }
  }

  async #run(tests: readonly string[], folder: string, limitMs: number) {
    const { commandOf, signal } = this.#setup;
    const [, suite] = otherTests.exec(tests[0] ?? "") ?? [];
    const command = commandOf(suite === undefined ? "test" : `test:${suite}`);
    return await runTests(folder, testArguments(command, tests), limitMs, signal);
  }

  /** A test that starts programs, with how long it takes; none where it needs one that this machine has not. */
  async #other(test: string, folder: string): Promise<TimedTests> {
    const known = this.#others.get(test) ?? this.#measure(test, folder);
    this.#others.set(test, known);
    return await known;
  }

  async #measure(test: string, folder: string): Promise<TimedTests> {
    const begin = performance.now();
    const { outcome } = await this.#run([test], folder, BASELINE_LIMIT_MS);
    if (outcome === "passed") return { tests: [test], usualMs: performance.now() - begin };
    this.#setup.log(`${test} ${outcome} without a mutant, and is left out`);
    return { tests: [], usualMs: 0 };
  }
}
