/**
 * Reads an lcov report on standard input, prints the files in src/ with lines that no test covers, and fails
 * when the line coverage is below the limit or no test loads a file. `deno task coverage` runs it.
 *
 * @module
 */

const limit = 95;

/** What a report says of a file. */
export interface FileCoverage {
  readonly file: string;
  readonly covered: number;
  readonly lines: number;
  /** The lines that no test covers. */
  readonly missed: readonly number[];
  /** The lines that a test covers. */
  readonly hit: readonly number[];
}

/** The files of an lcov report that lie below `root`, which ends in a slash. */
export function parseLcov(text: string, root: string): readonly FileCoverage[] {
  return text.split("end_of_record").flatMap((record) => {
    const path = /^SF:(.*)$/m.exec(record)?.[1];
    if (path === undefined || !path.startsWith(`${root}src/`)) return [];
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)]
      .map(([, line, count]) => ({ line: Number(line), covered: count !== "0" }));
    const missed = lines.filter(({ covered }) => !covered).map(({ line }) => line);
    const hit = lines.filter(({ covered }) => covered).map(({ line }) => line);
    const file = path.slice(root.length);
    return [{ file, lines: lines.length, covered: hit.length, missed, hit }];
  });
}

/** Line coverage in per cent, with two digits; 100 for no lines. */
export function percentage(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  return lines === 0 ? 100 : Math.floor(covered / lines * 10_000) / 100;
}

/** `3-5 9` for 3, 4, 5 and 9, in ascending order. */
export function formatLines(lines: readonly number[]): string {
  const runs: { readonly first: number; last: number }[] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run !== undefined && line === run.last + 1) run.last = line;
    else runs.push({ first: line, last: line });
  }
  return runs.map(({ first, last }) => first === last ? `${first}` : `${first}-${last}`).join(" ");
}

/** True for a module with more than types, which is in the report as soon as a test loads it. */
export function hasCode(source: string): boolean {
  return /^(export )?(abstract |async )?(class|const|let|function)\b/m.test(source);
}

async function sourcesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await sourcesBelow(path));
    else if (path.endsWith(".ts")) found.push(path);
  }
  return found.sort();
}

/**
 * What runs in a Worker, of which Deno reports no coverage: `tests/peers/special_files_test.ts` and
 * `tests/deno/permissions/sealing_test.ts` run it.
 */
export const inWorkers: readonly string[] = [
  "src/deno/streams/special_file.ts",
  "src/deno/permissions/sealing.ts",
];

/** The adapter for Node and Bun, whose tests `deno task test:node` runs there. */
const adapterOfNode = "src/node/";

async function neverLoaded(reported: ReadonlySet<string>): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const path of await sourcesBelow("src")) {
    if (inWorkers.includes(path) || path.startsWith(adapterOfNode)) continue;
    if (!reported.has(path) && hasCode(await Deno.readTextFile(path))) missing.push(path);
  }
  return missing;
}

async function main(): Promise<number> {
  const root = new URL("..", import.meta.url).pathname;
  const files = parseLcov(await new Response(Deno.stdin.readable).text(), root);
  if (files.length === 0) {
    console.log("The report holds no file of src/: did the tests run?");
    return 1;
  }
  for (const file of files.filter(({ missed }) => missed.length > 0)) {
    const share = percentage([file]).toFixed(1).padStart(5);
    console.log(`${share} %  ${file.file}  missed: ${formatLines(file.missed)}`);
  }
  const unloaded = await neverLoaded(new Set(files.map(({ file }) => file)));
  for (const file of unloaded) console.log(`No test loads ${file}`);
  const total = percentage(files);
  console.log(`Line coverage of src/: ${total} %, wanted: at least ${limit} %`);
  return total >= limit && unloaded.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
