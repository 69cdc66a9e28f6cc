/**
 * The workflows: what they may do, and that what they run is there and fits.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { load } from "js-yaml";
import { parseCompileOptions } from "../../scripts/compile.ts";
import {
  programName,
  type TargetFacts,
  targets,
  targetsOf,
  targetTable,
} from "../../scripts/compile/targets.ts";
import { isAtLeast, oldestCompiler } from "../../scripts/compile/deno_version.ts";
import { parsePackageOptions } from "../../scripts/package.ts";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Job {
  readonly needs?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly strategy?: {
    readonly matrix: {
      readonly deno?: readonly string[];
      readonly include?: readonly Readonly<Record<string, string>>[];
    };
  };
}

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

async function readWorkflow(path: string): Promise<Workflow> {
  // Written by hand in this form; what lacks fails where it is used.
  return load(await Deno.readTextFile(path)) as Workflow;
}

async function readRelease(): Promise<Workflow["jobs"]> {
  return (await readWorkflow(".github/workflows/release.yml")).jobs;
}

/** The versions of Deno that a job sets up, those of its matrix one by one. */
function denoVersions({ steps, strategy }: Job): readonly string[] {
  return steps
    .filter(({ uses = "" }) => uses.startsWith("denoland/setup-deno@"))
    .flatMap((step) => {
      const version = String(step.with?.["deno-version"]);
      return version === "${{ matrix.deno }}"
        ? strategy?.matrix.deno?.map(String) ?? []
        : [version];
    });
}

function scriptOf({ steps }: Job): string {
  return steps.map(({ run = "" }) => run).join("\n");
}

/** The words after `deno task NAME`, with the shell's quotes and variables replaced by what they stand for. */
function taskWords(job: Job, name: string): readonly string[] {
  const [, words] = new RegExp(`deno task ${name}\\b(.*)$`, "m").exec(scriptOf(job)) ?? [];
  assert(words !== undefined, `no step runs deno task ${name}`);
  return words
    .replaceAll('"$program"', `dist/stsaval-${targets[0]}`)
    .replaceAll(/"\$\(go env GOPATH\)([^"]*)"/g, "/go$1")
    .trim()
    .split(/\s+/);
}

for (const path of workflows) {
  Deno.test(`${path} pins every action by its commit, and says which version that is`, async () => {
    const uses = (await Deno.readTextFile(path)).match(/^.*\buses:.*$/gm) ?? [];
    assert(uses.length > 0);
    for (const line of uses) {
      assertMatch(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  Deno.test(`${path} may only read, unless a job says otherwise, and bounds every job`, async () => {
    const text = await Deno.readTextFile(path);
    assertMatch(text, /^permissions:\n {2}contents: read\n\n/m);
    const jobs = text.slice(text.indexOf("\njobs:\n")).match(/^ {2}[a-z-]+:$/gm) ?? [];
    assertEquals(text.match(/^ {4}timeout-minutes: \d+$/gm)?.length, jobs.length);
  });

  Deno.test(`${path} leaves no token in the checkout, and puts no expression into a script`, async () => {
    const text = await Deno.readTextFile(path);
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    assertEquals(text.match(/persist-credentials: false/g)?.length, checkouts.length);
    assertEquals(text.match(/^\s*(?:- )?run:.*\$\{\{.*$/gm) ?? [], []);
    const scripts = text.match(/run: \|\n(?: {10}.*\n)+/g) ?? [];
    assertEquals(scripts.filter((script) => script.includes("${{")), []);
  });

  Deno.test(`${path} sets up the oldest or the newest Deno that is tried here, and needs jobs that are there`, async () => {
    // Both stand once: in the task of the oldest, and at the top of .ci/run.
    const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
    const [, oldest] = / deno@(\S+) /.exec(tasks["test:oldest"].command) ?? [];
    const [, newest] = /^newest='deno@(.*)'$/m.exec(await Deno.readTextFile(".ci/run")) ?? [];
    const { jobs } = await readWorkflow(path);
    for (const [name, job] of Object.entries(jobs)) {
      for (const version of denoVersions(job)) {
        assert([oldest, newest].includes(version), `${name} sets up Deno ${version}`);
      }
      if (job.needs !== undefined) assert(Object.hasOwn(jobs, job.needs), `${name}: ${job.needs}`);
    }
  });

  Deno.test(`${path} runs tasks and files that are there`, async () => {
    const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
    const { jobs } = await readWorkflow(path);
    for (const job of Object.values(jobs)) {
      const script = scriptOf(job);
      for (const [, task = ""] of script.matchAll(/deno task (\S+)/g)) {
        assert(Object.hasOwn(tasks, task), `deno task ${task}`);
      }
      for (
        const [file] of script.matchAll(
          /(?:scripts|\.ci|packaging|tests)\/[\w./]+|\b\w+\.(?:sh|ps1|ts)\b/g,
        )
      ) {
        assert((await Deno.stat(file)).isFile, file);
      }
      if (script.includes("deno ")) assert(denoVersions(job).length > 0, "no Deno was set up");
    }
  });
}

Deno.test("the release is compiled with a Deno that can, and so is all that compiles in a job", async () => {
  for (const path of workflows) {
    for (const [name, job] of Object.entries((await readWorkflow(path)).jobs)) {
      if (!/deno task (?:compile|test:compiled|bench:start)\b/.test(scriptOf(job))) continue;
      for (const version of denoVersions(job)) {
        assert(isAtLeast(version, oldestCompiler), `${name} has Deno ${version}`);
      }
    }
  }
  const ci = await Deno.readTextFile(".ci/run");
  const [, newest = ""] = /^newest='deno@(.*)'$/m.exec(ci) ?? [];
  assert(isAtLeast(newest, oldestCompiler), `.ci/run compiles with Deno ${newest}`);
});

Deno.test("the release is compiled as one, from the packages of JSR", async () => {
  const { build } = await readRelease();
  assert(build !== undefined);
  const steps = build.steps.filter(({ run }) => run !== undefined);
  const indexOf = (text: string) => steps.findIndex(({ run = "" }) => run.includes(text));
  const [copy, install, compile] = [
    "scripts/without_links.ts",
    "deno install --entrypoint mod.ts cli.ts",
    "deno task compile",
  ].map(indexOf);
  assert(copy !== undefined && install !== undefined && compile !== undefined);
  assert(copy >= 0 && copy < install && install < compile, `${copy} ${install} ${compile}`);
  for (const index of [install, compile]) assertEquals(steps[index]?.["working-directory"], ".jsr");
  const options = parseCompileOptions(taskWords(build, "compile"));
  assertEquals([options.release, options.out], [true, "../dist"]);
  assertEquals([options.targets, options.hosts, options.programs], [targets, [], undefined]);
});

Deno.test("the release packs the programs under the names that they are compiled to", async () => {
  const { build } = await readRelease();
  assert(build !== undefined);
  assertStringIncludes(scriptOf(build), "for program in dist/stsaval-*-linux-gnu; do");
  const packed = targets.filter((target) => /^stsaval-.*-linux-gnu$/.test(programName(target)));
  assertEquals(packed, targetsOf("linux"));
  const { binary, machine, out, nfpm } = parsePackageOptions(taskWords(build, "package"));
  assertEquals([binary, machine], [`dist/stsaval-${targets[0]}`, "amd64"]);
  assertEquals([out, nfpm], ["dist", "/go/bin/nfpm"]);
});

/** The machines that the labels of runners stand for. https://docs.github.com/actions/reference/runners/github-hosted-runners */
function fits(runner: string, { system, machine }: TargetFacts): boolean {
  const systems = { linux: /^ubuntu-/, macos: /^macos-/, windows: /^windows-/ };
  const isArm = system === "macos" ? !/-(?:intel|large)$/.test(runner) : runner.endsWith("-arm");
  return systems[system].test(runner) && isArm === (machine === "aarch64");
}

Deno.test("every program of a release is tried as it was made, on its own machine, before it is attested", async () => {
  const jobs = await readRelease();
  const { try: trial, attest } = jobs;
  assert(trial !== undefined && attest !== undefined);
  assertEquals([trial.needs, attest.needs], ["build", "try"]);
  const machines = trial.strategy?.matrix.include ?? [];
  assertEquals(machines.map(({ target }) => target), [...targets]);
  for (const { target = "", runner = "", suffix = "" } of machines) {
    const facts = Object.entries(targetTable).find(([name]) => name === target)?.[1];
    assert(facts !== undefined && fits(runner, facts), `${target} on ${runner}`);
    assertEquals(
      `stsaval-${target}${suffix}`,
      targets.filter((one) => one === target).map(programName)[0],
    );
  }
  const { STSAVAL_BINARY } = trial.env ?? {};
  assertEquals(STSAVAL_BINARY, "dist/stsaval-${{ matrix.target }}${{ matrix.suffix }}");
  for (const task of ["test:compiled", "bench:start"]) {
    assert(trial.steps.some(({ run }) => run === `deno task ${task}`), task);
  }
  assertStringIncludes(scriptOf(trial), '"$STSAVAL_BINARY" --version');
  for (const part of ["transcripts", "attacks", "start"]) {
    assert((await Deno.stat(`tests/compiled/${part}_test.ts`)).isFile);
  }
});
