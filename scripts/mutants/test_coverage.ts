/**
 * Which tests run a line: each test file is run once without a mutant, and its coverage is kept. A test that does not
 * run the changed lines cannot notice a change of them, so it is not run again for each mutant.
 *
 * @module
 */

import { type FileCoverage, inWorkers, parseLcov } from "../coverage.ts";
import type { Mutant } from "./mutant.ts";
import { runTests, testArguments } from "./test_command.ts";

/** Tests, and how long they take one after the other without a mutant. */
export interface TimedTests {
  readonly tests: readonly string[];
  readonly usualMs: number;
}

/** What a test file runs, and how long it takes. */
export interface CoveredLines {
  readonly ms: number;
  readonly files: readonly FileCoverage[];
}

/** How tests are run for their coverage. */
export interface CoverageRun {
  /** The command of their task. */
  readonly command: string;
  /** The file that keeps what was found, a line each test, for the next run on the same state of the project. */
  readonly keptIn: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What each test file runs. */
export class TestCoverage {
  readonly #run: CoverageRun;
  readonly #known = new Map<string, Promise<CoveredLines>>();
  #kept: Promise<ReadonlyMap<string, CoveredLines>> | undefined;

  /** Nothing is run yet. */
  constructor(run: CoverageRun) {
    this.#run = run;
  }

  /**
   * Those of the tests that run a line of the mutant, the quickest first.
   *
   * @throws an Error where a test fails without a mutant, or the signal's reason
   */
  async reaching(
    mutant: Mutant,
    source: string,
    tests: readonly string[],
    folder: string,
  ): Promise<TimedTests> {
    const found: { readonly test: string; readonly ms: number }[] = [];
    for (const test of tests) {
      const known = this.#known.get(test) ?? this.#measure(test, folder);
      this.#known.set(test, known);
      const covered = await known;
      if (runsLines(covered, mutant, source)) found.push({ test, ms: covered.ms });
    }
    found.sort((one, other) => one.ms - other.ms);
    return {
      tests: found.map(({ test }) => test),
      usualMs: found.reduce((sum, { ms }) => sum + ms, 0),
    };
  }

  async #measure(test: string, folder: string): Promise<CoveredLines> {
    const { command, keptIn, limitMs, signal } = this.#run;
    this.#kept ??= readKept(keptIn);
    const kept = (await this.#kept).get(test);
    if (kept !== undefined) return kept;
    const coverage = await Deno.makeTempDir({ prefix: "stsaval-coverage-" });
    try {
      const args = [...testArguments(command, [test]), `--coverage=${coverage}`];
      const begin = performance.now();
      const { outcome, printed } = await runTests(folder, args, limitMs, signal);
      const ms = performance.now() - begin;
      if (outcome === "passed") {
        const found = { ms, files: parseLcov(await lcov(coverage), `${folder}/`) };
        await Deno.writeTextFile(keptIn, `${JSON.stringify([test, found])}\n`, { append: true });
        return found;
      }
      const end = printed.slice(printed.indexOf("ERRORS")).trim().slice(-2_000);
      throw new Error(`Cannot try mutants: without one, ${test} ${outcome}\n${end}`);
    } finally {
      await Deno.remove(coverage, { recursive: true });
    }
  }
}

/** What an earlier run found. A last line that was cut off is left out: its test is run again. */
async function readKept(path: string): Promise<ReadonlyMap<string, CoveredLines>> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return new Map(text.split("\n").slice(0, -1).map((line) => JSON.parse(line)));
}

/** False where a test runs none of the lines that a mutant changes; true in doubt. */
export function runsLines({ files }: CoveredLines, mutant: Mutant, source: string): boolean {
  if (inWorkers.includes(mutant.file)) return true;
  const report = files.find(({ file }) => file === mutant.file);
  // A file that the test does not load is missing.
  if (report === undefined) return false;
  const last = mutant.line + source.slice(mutant.start, mutant.end).split("\n").length - 1;
  const isChanged = (line: number) => line >= mutant.line && line <= last;
  return report.hit.some(isChanged) || !report.missed.some(isChanged);
}

async function lcov(folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["coverage", "--lcov", folder],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  const problem = decoder.decode(stderr).trim();
  // Tests of scripts alone load nothing that is counted.
  if (problem.includes("No covered files included in the report")) return "";
  throw new Error(`deno coverage failed: ${problem}`);
}
