/**
 * Which tests look at a file: those that mirror it, and those that import it.
 *
 * @module
 */

/** The imports of each file, as paths from the project's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The tests of a file, in the order in which they are run. */
export interface AffectedTests {
  /** `tests/config/chain_test.ts` and `tests/config/chain_loops_test.ts` for `src/config/chain.ts`. */
  readonly mirrors: readonly string[];
  /**
   * Those that import the file, themselves or through a module of `tests/`, and those of the same folder that reach
   * it; where none mirrors it, of the same area, such as `tests/testing/`.
   */
  readonly importers: readonly string[];
  /** Those that import the file and start other programs. */
  readonly others: readonly string[];
}

/** Tests that start other programs; each such folder has a task of its own, such as `test:crash`. */
export const otherTests = /^tests\/(peers|crash)\//;

/**
 * The tests of a file. Where none mirrors or imports it, those that reach it by the fewest imports.
 */
export function affectedTests(file: string, graph: ImportGraph): AffectedTests {
  const all = [...graph.keys()].filter((path) => path.endsWith("_test.ts")).sort();
  const tests = all.filter((path) => !otherTests.test(path));
  const mirror = file.replace(/^src\//, "tests/").replace(/\.ts$/, "");
  const mirrors = tests.filter((path) => path.startsWith(`${mirror}_`));
  const near = reachedBy(file, graph, (path) => path.startsWith("tests/"));
  const others = all.filter((path) => near.has(path) && otherTests.test(path));
  const distances = reachedBy(file, graph, () => true);
  // Where a mirror says most, the rest of its folder is enough.
  const [area = ""] = (mirrors.length > 0 ? /^tests\/.+\// : /^tests\/[^/]+\//).exec(mirror) ??
    ["none"];
  const isNear = (path: string) => near.has(path) || (path.startsWith(area) && distances.has(path));
  const importers = tests.filter((path) => isNear(path) && !mirrors.includes(path));
  if (mirrors.length + importers.length > 0) return { mirrors, importers, others };
  const least = Math.min(...tests.map((path) => distances.get(path) ?? Infinity));
  return { mirrors, importers: tests.filter((path) => distances.get(path) === least), others };
}

/** The files that import a file, and those that import them as far as `through` lets, with how many steps away. */
function reachedBy(
  file: string,
  graph: ImportGraph,
  through: (path: string) => boolean,
): ReadonlyMap<string, number> {
  const found = new Map([[file, 0]]);
  for (const [target, distance] of found) {
    if (target !== file && !through(target)) continue;
    for (const [path, imports] of graph) {
      if (!found.has(path) && imports.includes(target)) found.set(path, distance + 1);
    }
  }
  return found;
}
