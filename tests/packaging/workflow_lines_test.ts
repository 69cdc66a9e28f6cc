/**
 * The shell lines of the release workflow, run one job after the other as a runner does, in a folder with what they
 * need. What they call from outside (Deno, Go, the package manager, podman, the forge) is taken down and not done; the
 * rest is real. The lines of the Windows jobs, which PowerShell runs there, are simple enough to be run by bash here.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { load } from "js-yaml";
import { programName, type Target, targets } from "../../scripts/compile/targets.ts";
import { version } from "../../src/version.ts";
import { namesIn } from "./machine.ts";
import { run } from "./released.ts";

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: { readonly include?: readonly Readonly<Record<string, string>>[] };
  };
}

const { jobs } = load(await Deno.readTextFile(".github/workflows/release.yml")) as {
  readonly jobs: Readonly<Record<string, Job>>;
};

const program = `#!/bin/sh\necho "stsaval ${version}"\n`;

/** What stands in for the tools that act on the world, and answers as they do where a line asks. */
const tools: Readonly<Record<string, string>> = {
  ...{
    "apt-get": "",
    sudo:
      'case $1 in apt-get) ;; *) while [ $# -gt 0 ]; do case $1 in env) shift; exec env "$@" ;; esac; shift; done ;; esac',
    gh: "",
  },
  go: 'if [ "$1" = env ]; then echo /go; fi',
  deno: `case "$*" in
    "task package --channels "*) mkdir -p channels/container channels/scoop/bucket && echo {} >channels/scoop/bucket/stsaval.json && echo 'FROM scratch' >channels/container/Containerfile ;;
    *check_release.ts*) echo notes ;;
  esac`,
  podman: `case "$1" in run) echo "stsaval ${version}" ;; image) echo 65532:65532 ;; esac`,
};

/** A checkout with a release in `dist`, as the step that compiles leaves it. */
async function makeWorkspace(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-workflow-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  for (const name of ["dist", "tools", ".jsr"]) await Deno.mkdir(`${folder}/${name}`);
  for (const name of ["install.sh", "install.ps1"]) await Deno.copyFile(name, `${folder}/${name}`);
  for (const target of targets) {
    await Deno.writeTextFile(`${folder}/dist/${programName(target)}`, program);
  }
  const listed = await run("sh", ["-c", "sha256sum stsaval-*"], { cwd: `${folder}/dist` });
  await Deno.writeTextFile(`${folder}/dist/SHA256SUMS`, listed.stdout);
  for (const [name, text] of Object.entries(tools)) {
    const script = `#!/bin/sh\necho "${name} $*" >>"${folder}/called"\n${text}\n`;
    await Deno.writeTextFile(`${folder}/tools/${name}`, script, { mode: 0o755 });
  }
  return folder;
}

/** Replaces the expressions that the forge fills in. */
function filledIn(text: string, matrix: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{\{ (\S+) \}\}/g,
    (_, name: string) => name.startsWith("matrix.") ? matrix[name.slice(7)] ?? "" : "token",
  );
}

async function runStep(
  folder: string,
  { run: line = "", env = {}, ...step }: Step,
  { env: ofJob = {} }: Job,
  matrix: Readonly<Record<string, string>>,
): Promise<void> {
  const own = Object.entries({ ...ofJob, ...env }).map((
    [name, value],
  ) => [name, filledIn(value, matrix)]);
  const { code, stderr } = await run("bash", [
    "--noprofile",
    "--norc",
    "-eo",
    "pipefail",
    "-c",
    line,
  ], {
    cwd: `${folder}/${step["working-directory"] ?? ""}`,
    clearEnv: true,
    env: {
      PATH: `${folder}/tools:${Deno.env.get("PATH")}`,
      ...{ HOME: folder, GITHUB_REF_NAME: `v${version}`, ...Object.fromEntries(own) },
    },
  });
  assertEquals(code, 0, `${line}\n${stderr}`);
}

async function runJob(folder: string, name: string, matrix: Readonly<Record<string, string>> = {}) {
  const job = jobs[name];
  assert(job !== undefined, name);
  for (const step of job.steps) {
    const system = /runner\.os ([!=]=) '(\w+)'/.exec(step.if ?? "");
    const isFor = system === null || (system[1] === "==") === (system[2] === systemOf(matrix));
    if (step.run !== undefined && isFor) await runStep(folder, step, job, matrix);
  }
}

function systemOf({ target = "" }: Readonly<Record<string, string>>): string {
  if (target.includes("-windows-")) return "Windows";
  return target.endsWith("-darwin") ? "macOS" : "Linux";
}

Deno.test("every shell line of the release runs, and every file of it has its sum", async () => {
  const folder = await makeWorkspace();
  for (const name of ["check", "test", "build"]) await runJob(folder, name);
  const names = (await namesIn(`${folder}/dist`)).sort();
  const sums = await Deno.readTextFile(`${folder}/dist/SHA256SUMS`);
  const summed = [...sums.matchAll(/^[0-9a-f]{64} {2}(.+)$/gm)].map(([, name = ""]) => name).sort();
  assertEquals(summed, names.filter((name) => name !== "SHA256SUMS"));
  for (const name of ["install.sh", "install.ps1", "stsaval.json", "stsaval-channels.tar.gz"]) {
    assert(summed.includes(name), name);
  }
  const tried = jobs.try?.strategy?.matrix.include ?? [];
  assertEquals(tried.map(({ target }) => target as Target), targets);
  for (const matrix of tried) await runJob(folder, "try", matrix);
  for (const name of ["attest", "jsr", "release"]) await runJob(folder, name);
  const called = await Deno.readTextFile(`${folder}/called`);
  for (const target of targets.filter((one) => one.endsWith("-linux-gnu"))) {
    assertStringIncludes(
      called,
      `deno task package --binary dist/${programName(target)} --out dist`,
    );
  }
  assertStringIncludes(called, "deno task bench:start");
  const [release = ""] = called.match(/^gh release create .*$/m) ?? [];
  for (const name of names) assertStringIncludes(release, `dist/${name}`);
});

Deno.test("a program of another version is not released", async () => {
  const folder = await makeWorkspace();
  const target = "aarch64-apple-darwin";
  await Deno.writeTextFile(
    `${folder}/dist/${programName(target)}`,
    program.replace(version, "0.0.0"),
  );
  const failed = await runJob(folder, "try", { target }).then(() => false, () => true);
  assertEquals(failed, true);
});
