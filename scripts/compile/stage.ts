/**
 * A folder with the program's modules, ready to be compiled: bundled, minified, and with the facts of the build in it.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";
import { checkDenoVersion } from "./deno_version.ts";
import { packagesOf, type UsedPackage } from "./packages.ts";
import { bundleNames, partNames, partTable } from "./code_cache/parts.ts";
import { bundle, type BundleOptions } from "./bundle.ts";
import { closedModules } from "./runtime_modules.ts";
import { bundleSdk, sdkPackage } from "./sdk_edition.ts";

/** The parts of the project that go into the program. A copy without `links` has no `vendor`. */
const parts = ["cli.ts", "mod.ts", "src", "deno.json", "deno.lock"];
const localParts = ["vendor"];

/** What the first file loads only where it has to, as it names it. */
const parted = partNames.map((name) => [name, `./${partTable[name].module}`] as const);

/**
 * The settings of the bundle. A compiled program imports modules from the disk without read
 * permission, JSON files among them; this import map allows only the bundle's own files, and closes the modules of Node
 * that the program does not use.
 */
export const onlyOwnModules = {
  imports: {
    "./": "./",
    "file:///": null,
    ...Object.fromEntries(closedModules().map((name) => [name, null])),
    ...Object.fromEntries(
      parted.map(([name, module]) => [module, `./${name}.js`]),
    ),
  },
};

/**
 * The bundles. A module costs time to find and load, and its text to be read: the first file holds nearly nothing, what
 * hands out cache hits by a known plan is a bundle of its own; a command loads of the last what it needs. They share no
 * module: `cli.ts` runs the parts one after the other, until one has done the work. All are in pieces, since in one file,
 * what is loaded late is put into functions, and V8 reads what is in a function again each time it compiles one around it.
 */
const bundles: readonly Pick<BundleOptions, "entries" | "options">[] = [
  { entries: ["cli.ts"], options: parted.flatMap(([, module]) => ["--external", module]) },
  ...bundleNames.map((name) => ({
    entries: partNames.filter((part) => partTable[part].bundle === name)
      .map((part) => partTable[part].module),
    options: ["--code-splitting"],
  })),
];

/** A module that replaces a package: its text, made from the package's specifier in `deno.json`. */
export type Instead = Readonly<Record<string, (specifier: string) => string>>;

/** The options of a stage. */
export interface StageOptions {
  readonly facts: BuildFacts;
  /** Seconds since 1970: the modification time of the modules, so that builds are reproducible. */
  readonly time: number;
  /** Modules that replace packages, for tests. */
  readonly instead?: Instead | undefined;
}

/** The folder; disposing it removes it. */
export interface Stage extends AsyncDisposable {
  /** The project's files as the program gets them. */
  readonly folder: string;
  /** The bundled modules are here; the first is `cli.js`. */
  readonly bundle: string;
  /** The modification time of the modules. */
  readonly time: number;
  /** The packages that they hold code of. */
  readonly packages: readonly UsedPackage[];
}

/** The adapter for Node is never loaded, and the import map closes the modules of Node that it imports. */
const otherAdapter = `throw new Error("The compiled program has no adapter for Node");
export const nodeSystem = undefined;
`;

/** Copies the project's files and bundles them with the Deno that runs this. */
export async function makeStage(options: StageOptions): Promise<Stage> {
  checkDenoVersion(Deno.version.deno, "bundle");
  await Deno.mkdir(".tmp", { recursive: true });
  const folder = await Deno.makeTempDir({ dir: ".tmp", prefix: "compile_" });
  for (const part of [...parts, ...await present(localParts)]) {
    await copy(part, `${folder}/${part}`);
  }
  await writeFacts(`${folder}/src/build.ts`, options.facts);
  await Deno.writeTextFile(`${folder}/src/node/system.ts`, otherAdapter);
  const sdk = await bundleSdk(folder);
  await writeSettings(folder, { [sdkPackage]: () => sdk.text, ...options.instead });
  for (const options of bundles) await bundle({ folder, out: "bundle", ...options });
  const sources = await takeSources(`${folder}/bundle`);
  const packages = packagesOf([...sources, ...sdk.sources.map((path) => `../${path}`)]);
  await Deno.writeTextFile(`${folder}/bundle/deno.json`, JSON.stringify(onlyOwnModules));
  await setTimes(`${folder}/bundle`, options.time);
  return {
    folder,
    bundle: `${folder}/bundle`,
    time: options.time,
    packages,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function present(names: readonly string[]): Promise<readonly string[]> {
  const found = new Set((await Array.fromAsync(Deno.readDir("."))).map(({ name }) => name));
  return names.filter((name) => found.has(name));
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

async function writeFacts(file: string, facts: BuildFacts): Promise<void> {
  const text = await Deno.readTextFile(file);
  const written = text.replace(" = undefined;\n", ` = ${JSON.stringify(facts)};\n`);
  if (written === text) {
    throw new Error(`Cannot write the facts into "${file}": the placeholder is missing`);
  }
  await Deno.writeTextFile(file, written);
}

async function writeSettings(folder: string, instead: Instead): Promise<void> {
  const file = `${folder}/deno.json`;
  const { lint: _lint, tasks: _tasks, ...settings } = JSON.parse(await Deno.readTextFile(file));
  for (const [index, [name, write]] of Object.entries(instead).entries()) {
    await Deno.writeTextFile(`${folder}/instead_${index}.ts`, write(settings.imports[name]));
    // Under another name it stays a package of the project: else its own packages would no longer be locked.
    settings.imports[`locked/${name}`] = settings.imports[name];
    settings.imports[name] = `./instead_${index}.ts`;
  }
  await Deno.writeTextFile(file, JSON.stringify(settings));
}

/** The files that are named in the source maps, which are removed: they are no part of the program. */
async function takeSources(folder: string): Promise<ReadonlySet<string>> {
  const sources = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".map")) continue;
    const map = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    for (const source of map.sources) sources.add(source);
    await Deno.remove(`${folder}/${name}`);
  }
  if (sources.size === 0) throw new Error("Cannot tell what is in the program: no source maps");
  return sources;
}

/** Gives all files of a folder one modification time: it gets into the program. */
export async function setTimes(folder: string, time: number): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.utime(`${folder}/${name}`, time, time);
  }
}
