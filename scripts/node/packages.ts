/**
 * The packages as JSR hands them out to npm: the module, and the local editions of the @std packages that it imports.
 *
 * @module
 */

import { npmName } from "./specifiers.ts";
import { transpile } from "./transpile.ts";

/** What is read of a `deno.json`. */
interface Settings {
  readonly name: string;
  readonly version: string;
  readonly exports: string | Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
  readonly links?: readonly string[];
}

/** The dependencies of packages, by name. */
export type Dependencies = Readonly<Record<string, string>>;

/**
 * Makes a package of the project in `folder`, which has a `deno.json`, and gives what it depends on.
 *
 * @param alias its name where it is installed, if that is not the one of JSR on npm
 */
export async function makePackage(
  folder: string,
  modules: string,
  alias?: string,
): Promise<Dependencies> {
  const from = await Deno.realPath(folder);
  const settings: Settings = JSON.parse(await Deno.readTextFile(`${from}/deno.json`));
  const { name, version, imports = {} } = settings;
  const to = `${modules}/${alias ?? npmName(name)}`;
  await Deno.mkdir(to, { recursive: true });
  const packages = await transpile({ files: await sourcesBelow(from), from, to, imports });
  const dependencies = Object.fromEntries(
    [...packages.values()].map((found) => [found.name, found.version ?? "*"]),
  );
  const text = {
    ...{ name: npmName(name), version, type: "module", dependencies },
    exports: exportsOf(settings),
  };
  await Deno.writeTextFile(`${to}/package.json`, `${JSON.stringify(text, null, 2)}\n`);
  return dependencies;
}

/** The folders of the local editions of JSR's packages. */
export async function localEditions(): Promise<readonly string[]> {
  const { links = [] }: Settings = JSON.parse(await Deno.readTextFile("deno.json"));
  return links;
}

function exportsOf({ exports }: Settings): Record<string, { readonly default: string }> {
  const entries = typeof exports === "string" ? { ".": exports } : exports;
  return Object.fromEntries(
    Object.entries(entries).map((
      [name, file],
    ) => [name, { default: file.replace(/\.ts$/, ".js") }]),
  );
}

/** What JSR gets: the sources at the top and below `src`, without types of their own. */
async function sourcesBelow(folder: string): Promise<readonly string[]> {
  const files = await filesBelow(folder, "", (name) => name === "src");
  return files.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
}

/** Paths of files below a folder, from there; `enters` says which of its own folders are entered. */
export async function filesBelow(
  folder: string,
  below = "",
  enters: (name: string) => boolean = () => true,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}${name}`;
    if (!isDirectory) found.push(path);
    else if (enters(name)) found.push(...await filesBelow(folder, `${path}/`));
  }
  return found.sort();
}
