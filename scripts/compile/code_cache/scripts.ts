/**
 * Makes scripts of the pieces that a part was bundled into.
 *
 * @module
 */

import type { Plugin } from "esbuild";

/** The names of what the loader gives: to the function of a script, and after `module` and `exports` to that of a piece. */
const given = ["require", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];

const target = "es2022";

/** How a bundle loads a piece late: only such an import is taken for one of ours. */
const lateImport = /\bimport\(("\.\/[\w-]+\.js")\)/g;

/** How it names one that it imports, in either way. */
const pieceName = /"(\.\/[\w-]+\.js)"/g;

/** The pieces of a folder that these lead to, themselves included, by the names with which they import each other. */
export async function piecesFrom(
  folder: string,
  first: readonly string[],
): Promise<readonly string[]> {
  const all = new Set((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => `./${name}`));
  const found = new Set(first);
  // A set goes on with what is added to it.
  for (const name of found) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    for (const [, other = ""] of text.matchAll(pieceName)) if (all.has(other)) found.add(other);
  }
  return [...found].sort();
}

/**
 * A script with these pieces: a function that returns what each of them exports, by their names.
 *
 * @throws {Error} when they cannot be bundled
 */
export async function makeScript(folder: string, pieces: readonly string[]): Promise<string> {
  const own = new Set(pieces);
  const others: Plugin = {
    name: "pieces",
    setup(bundler) {
      bundler.onResolve(
        { filter: /^\.\/.*\.js$/ },
        ({ path }) => own.has(path) ? undefined : { path, external: true },
      );
    },
  };
  const loads = pieces.map((name) => `"${name}": () => require("${name}")`);
  const absWorkingDir = await Deno.realPath(folder);
  // Only what compiles needs its permissions.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: {
      contents: `export const pieces = { ${loads.join(", ")} };`,
      resolveDir: absWorkingDir,
    },
    // The text names the files from here: the folder's own name is another for each build.
    absWorkingDir,
    ...{ bundle: true, format: "iife", globalName: "part", platform: "neutral" },
    external: ["node:*"],
    // What is in no script is loaded by `require`.
    supported: { "dynamic-import": false },
    ...{ target, plugins: [others], write: false, logLevel: "silent" },
  });
  return await wrap(given, `${outputFiles[0]?.text}\nreturn part.pieces`);
}

/** A script with one piece: a function that sets `module.exports`. */
export async function makePieceScript(folder: string, name: string): Promise<string> {
  const text = await Deno.readTextFile(`${folder}/${name}`);
  const { transform } = await import("esbuild");
  const { code } = await transform(
    text.replaceAll(lateImport, (_, path) => `Promise.resolve().then(()=>require(${path}))`),
    { format: "cjs", target },
  );
  return await wrap(["module", "exports", ...given], code);
}

/**
 * A strict function of what esbuild has made, minified. Objects with exports are handed out as they are: esbuild would copy
 * them for programs that it does not know, and each call from one piece to another would go by the copy. What it leaves
 * beyond ASCII, in regular expressions, is escaped: so a character takes one byte, and little time to read.
 */
async function wrap(parameters: readonly string[], text: string): Promise<string> {
  const direct = text
    .replaceAll(/__toCommonJS\((\w+)\)/g, "$1")
    .replaceAll(/__toESM\((__require\("\.\/[^"]+"\))\)/g, "$1");
  const { transform } = await import("esbuild");
  const { code: used } = await transform(direct, { treeShaking: true, target });
  const { code } = await transform(
    `var script = function (${parameters.join(", ")}) { "use strict"; ${used} };`,
    { minify: true, target },
  );
  const [, expression] = /^var script=(.*);\n$/s.exec(code) ?? [];
  if (expression === undefined) throw new Error("Cannot make a script: it was minified otherwise");
  const ascii = expression.replaceAll(
    /[^\t-~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `(${ascii})`;
}
