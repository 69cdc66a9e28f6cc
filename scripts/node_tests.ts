/**
 * Runs the tests of the module under Node and Bun, from the packages that JSR would hand out. Everything is made and
 * installed in `.tmp/node/`.
 *
 * @module
 */

import { filesBelow, localEditions, makePackage } from "./node/packages.ts";
import { type Runtime, runtimesFor } from "./node/runtimes.ts";
import { endTranspiling, transpile } from "./node/transpile.ts";

/** The folders of tests that are run. */
const tested: readonly string[] = ["config", "node", "session", "sts", "testing"];

const folder = ".tmp/node";
const modules = `${folder}/node_modules`;

/** What is installed for tests alone. */
const testPackages: Readonly<Record<string, string>> = {
  "@aws-sdk/client-s3": "3.1175.0",
  "vitest": "5.1.2",
};

async function main(words: readonly string[]): Promise<number> {
  await Deno.mkdir(folder, { recursive: true });
  const runtimes = runtimesFor().filter(({ name }) =>
    words.length === 0 || words.some((word) => name.toLowerCase().startsWith(word))
  );
  await install(await dependencies(), runtimes);
  await makePackages();
  const tests = await makeTests();
  await endTranspiling();
  // Beside each other, and shown one after the other.
  const running = runtimes.map((runtime) => runTests(runtime, tests));
  let status = 0;
  for (const [index, done] of running.entries()) {
    console.log(`\n${runtimes[index]?.name}`);
    status ||= await showOutput(await done);
  }
  return status || await runExample(runtimes);
}

function runTests(runtime: Runtime, tests: readonly string[]): Promise<Deno.CommandOutput> {
  const args = ["tests/node/run.js", ...tests];
  return new Deno.Command(programOf(runtime), { args, cwd: folder }).output();
}

async function showOutput({ stdout, stderr, code }: Deno.CommandOutput): Promise<number> {
  for (const bytes of [stderr, stdout]) {
    await new Blob([bytes]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
  }
  return code;
}

/** Runs the example of vitest on the first runtime, and counts its tests as those of the others are counted. */
async function runExample([runtime]: readonly Runtime[]): Promise<number> {
  if (runtime === undefined) throw new Error("no runtime is named so");
  const page = await Deno.readTextFile("examples/vitest/README.md");
  const [, code = ""] = /```js\n([^]*?)```/.exec(page) ?? [];
  await Deno.mkdir(`${folder}/example`, { recursive: true });
  await Deno.writeTextFile(`${folder}/example/roles.test.js`, code);
  console.log(`\nexamples/vitest, ${runtime.name}`);
  const vitest = "node_modules/vitest/vitest.mjs";
  const report = ["--reporter=default", "--reporter=json", "--outputFile=example/report.json"];
  await run(programOf(runtime), [vitest, "run", "--dir=example", ...report]);
  const { numPassedTests, numFailedTests } = JSON.parse(
    await Deno.readTextFile(`${folder}/example/report.json`),
  );
  const isDone = numPassedTests > 0 && numFailedTests === 0;
  const word = isDone ? "ok" : "FAILED";
  console.log(`${word} | ${numPassedTests} passed | ${numFailedTests} failed`);
  return isDone ? 0 : 1;
}

/** Made once to see what they import, and once more when `npm` has removed what it does not know. */
async function makePackages(): Promise<Readonly<Record<string, string>>> {
  const all = await makePackage(".", modules, "@x/stsaval");
  for (const edition of await localEditions()) {
    Object.assign(all, await makePackage(edition, modules));
  }
  return all;
}

/** What npm has: the packages of JSR are made here. */
async function dependencies(): Promise<Readonly<Record<string, string>>> {
  const found = Object.entries({ ...await makePackages(), ...testPackages });
  return Object.fromEntries(found.filter(([name]) => !name.startsWith("@jsr/")));
}

async function install(
  dependencies: Readonly<Record<string, string>>,
  runtimes: readonly Runtime[],
): Promise<void> {
  const programs = runtimes.map(({ folder, package: name }) => [folder, name] as const);
  const settings = {
    ...{ private: true, type: "module" },
    dependencies: { ...dependencies, ...Object.fromEntries(programs) },
  };
  const text = JSON.stringify(settings);
  if (await readText(`${folder}/installed.json`) === text) return;
  await Deno.writeTextFile(`${folder}/package.json`, text);
  const words = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"];
  const { code } = await run("npm", words);
  if (code !== 0) throw new Error(`Cannot install the packages: npm ended with exit code ${code}`);
  await Deno.writeTextFile(`${folder}/installed.json`, text);
}

async function readText(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(() => undefined);
}

/** The tests, with what they import; gives the files to be run, from the folder. */
async function makeTests(): Promise<readonly string[]> {
  const from = await Deno.realPath(".");
  const files = (await filesBelow(from, "tests/")).filter((name) => name.endsWith(".ts"));
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  const source = (path: string) => path.slice(from.length + 1);
  await transpile({
    ...{ files, from, to: folder, imports },
    define: { Deno: "globalThis.denoOfTests" },
    moved(path, importer) {
      const up = "../".repeat(source(importer).split("/").length - 1);
      if (source(path) === "tests/settle.ts") return `${up}tests/node/settle.ts`;
      return /^(?:src\/|mod\.ts)/.test(source(path))
        ? `${up}node_modules/@x/stsaval/${source(path)}`
        : undefined;
    },
  });
  return files.filter((name) =>
    name.endsWith("_test.ts") && tested.some((folder) => name.startsWith(`tests/${folder}/`))
  ).map((name) => name.replace(/\.ts$/, ".js"));
}

function programOf({ folder, program }: Runtime): string {
  return `node_modules/${folder}/${program}`;
}

async function run(program: string, args: readonly string[]): Promise<Deno.CommandStatus> {
  return await new Deno.Command(program, { args: [...args], cwd: folder }).spawn().status;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
