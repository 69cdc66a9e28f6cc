/**
 * Tells how strong the tests are: it changes one thing in the program, runs the tests of the changed file, and counts
 * how often a test fails. What no test notices is printed as a diff.
 *
 *     deno task mutants --files 'src/session/*.ts' --sample 150 --seed 1
 *
 * It works on copies, two mutants at a time. A run that is interrupted goes on where it stopped when the same files are
 * tried again; what it has found is kept in `.tmp/mutants/`. It takes hours for everything, so no CI job runs it.
 *
 * @module
 */

import type { ParsedArguments } from "../src/cli/parse/arguments.ts";
import { UsageError } from "../src/errors.ts";
import { runScript, type Script } from "./command_line.ts";
import type { ImportGraph } from "./mutants/affected_tests.ts";
import { equivalentOf } from "./mutants/equivalents.ts";
import { Journal } from "./mutants/journal.ts";
import { idOf, type Mutant, nameOf } from "./mutants/mutant.ts";
import { mutantsOf } from "./mutants/operators.ts";
import { copyProject, digestOfFiles, projectFiles } from "./mutants/project_copy.ts";
import { type Finding, formatReport } from "./mutants/report.ts";
import { globToRegExp, sample } from "./mutants/sample.ts";
import { importsOf } from "./mutants/syntax.ts";
import { Trial } from "./mutants/trial.ts";

/** The command line of this script, parsed like those of stsaval. */
export const script: Script = {
  name: "mutants",
  program: "deno task mutants",
  summary: "How many small changes of the program its tests notice",
  options: [
    {
      name: "files",
      value: "GLOB",
      repeatable: true,
      summary: "The files to change, such as 'src/{sts,cache}/**/*.ts' (src/**/*.ts)",
    },
    { name: "sample", value: "N", summary: "Try N mutants, which the seed chooses (all of them)" },
    { name: "seed", value: "S", summary: "The seed of the sample (1)" },
  ],
};

/** What imports, tests and is changed. Tests reach much of the program through `mod.ts`, as its users do. */
const isSource = /^(?:(?:src|tests)\/.*|mod|cli)\.ts$/;
/** Tests of what was made of the program: they would have to make it anew for every mutant. */
const madeTests = /^tests\/(?:compiled|packaging)\//;

async function work(given: ParsedArguments): Promise<void> {
  const seed = given.wholeNumber("seed", 0) ?? 1;
  const files = await projectFiles();
  const sources = new Map<string, string>();
  for (const file of files.filter((file) => isSource.test(file) && !madeTests.test(file))) {
    sources.set(file, await Deno.readTextFile(file));
  }
  const all = chosenFiles(given, [...sources.keys()])
    .flatMap((file) => mutantsOf(file, sources.get(file) ?? ""));
  const chosen = sample(
    all,
    (mutant) => nameOf(sources.get(mutant.file) ?? "", mutant),
    { count: given.wholeNumber("sample") ?? all.length, seed },
  );
  console.error(`${chosen.length} of ${all.length} mutants, seed ${seed}`);
  const digest = await digestOfFiles(files);
  const journal = await Journal.open(".tmp/mutants", digest);
  await tryAll(chosen.filter((mutant) => rowOf(mutant, sources) === undefined), {
    ...{ files, sources, journal, digest },
  });
  console.log(formatReport(chosen.map((mutant) => findingOf(mutant, sources, journal))).trimEnd());
}

function chosenFiles(given: ParsedArguments, files: readonly string[]): readonly string[] {
  const globs = given.list("files");
  const patterns = (globs.length === 0 ? ["src/**/*.ts"] : globs).map(globToRegExp);
  const chosen = files.filter((file) =>
    file.startsWith("src/") && patterns.some((pattern) => pattern.test(file))
  );
  if (chosen.length > 0) return chosen;
  throw new UsageError(`No file of src/ matches "${globs.join('", "')}"`);
}

interface TrialInput {
  readonly files: readonly string[];
  readonly sources: ReadonlyMap<string, string>;
  readonly journal: Journal;
  /** Of the state of the project. */
  readonly digest: string;
}

async function tryAll(
  mutants: readonly Mutant[],
  { files, sources, journal, digest }: TrialInput,
): Promise<void> {
  const controller = new AbortController();
  const interrupt = () =>
    controller.abort(new Error("Interrupted: the same command line goes on from here"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, interrupt);
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const trial = new Trial({
    graph: graphOf(sources),
    commandOf: (task) => tasks[task].command,
    journal,
    coverageFile: `.tmp/mutants/${digest.slice(0, 16)}.coverage.jsonl`,
    signal: controller.signal,
    log: console.error,
    sourceOf: (file) => sources.get(file) ?? "",
  });
  await using first = await copyProject(files);
  await using second = await copyProject(files);
  try {
    await trial.run(mutants, [first, second]);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.removeSignalListener(signal, interrupt);
    }
  }
}

function graphOf(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...sources].map(([file, source]) => [
    file,
    importsOf(source)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => new URL(specifier, `file:///${file}`).pathname.slice(1)),
  ]));
}

function rowOf(mutant: Mutant, sources: ReadonlyMap<string, string>) {
  return equivalentOf(sources.get(mutant.file) ?? "", mutant);
}

function findingOf(
  mutant: Mutant,
  sources: ReadonlyMap<string, string>,
  journal: Journal,
): Finding {
  const outcome = rowOf(mutant, sources) ?? journal.get(idOf(mutant)) ?? "untested";
  return { mutant, source: sources.get(mutant.file) ?? "", outcome };
}

if (import.meta.main) Deno.exit(await runScript(script, Deno.args, work));
