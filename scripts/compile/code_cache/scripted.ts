/**
 * The folder of a program whose parts are scripts with their code.
 *
 * @module
 */

import { bundle } from "../bundle.ts";
import type { Layout, Range } from "./layout.ts";
import { onlyOwnModules, setTimes, type Stage } from "../stage.ts";
import {
  bundleNames,
  type OfScripts,
  ofScripts,
  partNames,
  partTable,
  type Places,
  type PlacesOfBundles,
  type ScriptName,
  scriptNames,
  scriptsFile,
  scriptTable,
} from "./parts.ts";
import { makePieceScript, makeScript, piecesFrom } from "./scripts.ts";

/** The modules of the first file that are part of the program only after it was compiled. */
const ownModules = ["loader.ts", "layout.ts", "parts.ts", "code_bytes.ts", "training_output.ts"];

/** What the program's files hold, but for the code. */
export interface Scripts {
  readonly texts: OfScripts<string>;
  /** The scripts of the other pieces, one after the other. */
  readonly pieces: string;
  readonly places: PlacesOfBundles;
}

/**
 * Makes the scripts.
 *
 * @param early the pieces of each script with code, by the names with which others import them
 */
export async function makeScripts(
  { bundle }: Stage,
  early: OfScripts<ReadonlySet<string>>,
): Promise<Scripts> {
  const { stop } = await import("esbuild");
  try {
    const texts = new Map<ScriptName, string>();
    const places: Record<string, Record<string, Places[string]>> = {};
    const known = new Map<string, Places[string]>();
    let pieces = "";
    const addPiece = async (name: string): Promise<Places[string]> => {
      const text = await makePieceScript(bundle, name);
      // All scripts are ASCII: a character is a byte.
      const place = [pieces.length, text.length] as const;
      pieces += text;
      known.set(name, place);
      return place;
    };
    for (const name of bundleNames) {
      const own: Record<string, Places[string]> = places[name] = {};
      const parts = partNames.filter((part) => partTable[part].bundle === name);
      const all = await piecesFrom(bundle, parts.map((part) => `./${part}.js`));
      for (const script of scriptNames.filter((script) => scriptTable[script].bundle === name)) {
        const held = all.filter((piece) => early[script].has(piece));
        texts.set(script, await makeScript(bundle, held));
        for (const piece of held) own[piece] = script;
      }
      for (const piece of all) own[piece] ??= known.get(piece) ?? await addPiece(piece);
    }
    return {
      texts: ofScripts((name) => texts.get(name) ?? ""),
      pieces,
      places: places as unknown as PlacesOfBundles,
    };
  } finally {
    await stop();
  }
}

/** What to put together. */
export interface ScriptedOptions {
  /** The name of the folder. */
  readonly name: string;
  readonly scripts: Scripts;
  /** The code of the scripts, where it is known. */
  readonly code?: OfScripts<Uint8Array> | undefined;
  /** Whether the program hands out what a training is for. */
  readonly training: boolean;
}

/** Writes the folder, and returns its path. The first file is `cli.js`, as in the bundle. */
export async function makeScripted(
  stage: Stage,
  { name, scripts, code, training }: ScriptedOptions,
): Promise<string> {
  const { folder, time } = stage;
  const { bytes, layout } = layOut(scripts, code);
  await writeModules(folder, layout);
  const entry = training ? "training.ts" : "cli.ts";
  await bundle({ folder, entries: [entry], out: name, options: [] });
  const out = `${folder}/${name}`;
  for await (const { name } of Deno.readDir(out)) {
    if (name.endsWith(".map")) await Deno.remove(`${out}/${name}`);
  }
  if (training) await Deno.rename(`${out}/training.js`, `${out}/cli.js`);
  await Deno.writeFile(`${out}/${scriptsFile}`, bytes);
  await Deno.writeTextFile(`${out}/deno.json`, JSON.stringify(onlyOwnModules));
  await setTimes(out, time);
  return out;
}

/** The one file with all scripts: where the pieces are is said from its beginning. */
function layOut(
  { pieces, texts, places }: Scripts,
  code: OfScripts<Uint8Array> | undefined,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly layout: Layout } {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode(pieces)];
  let length = pieces.length;
  const add = (bytes: Uint8Array): Range => {
    parts.push(bytes);
    length += bytes.length;
    return [length - bytes.length, bytes.length];
  };
  const layout = {
    scripts: ofScripts((name) => add(encoder.encode(texts[name]))),
    code: ofScripts((name) => add(new Uint8Array(code?.[name] ?? []))),
    places: add(encoder.encode(JSON.stringify(places))),
  };
  const bytes = new Uint8Array(length);
  let start = 0;
  for (const part of parts) {
    bytes.set(part, start);
    start += part.length;
  }
  return { bytes, layout };
}

/** The first file loads what it had bundled by itself as scripts. */
async function writeModules(folder: string, layout: Layout): Promise<void> {
  for (const name of ownModules) {
    await Deno.copyFile(new URL(name, import.meta.url), `${folder}/${name}`);
  }
  const placeholder = await Deno.readTextFile(`${folder}/layout.ts`);
  const written = placeholder.replace(" = {} as Layout;", ` = ${JSON.stringify(layout)};`);
  if (written === placeholder) throw new Error("Cannot write the layout: no placeholder");
  await Deno.writeTextFile(`${folder}/layout.ts`, written);
  // A copy with one more import, since only the first file of a bundle is the main module.
  const first = await Deno.readTextFile(`${folder}/cli.ts`);
  const training = first.replace(/^#!.*\n/, 'import "./training_output.ts";\n');
  if (training === first) throw new Error("Cannot train the program: cli.ts begins in another way");
  await Deno.writeTextFile(`${folder}/training.ts`, training);
  for (const part of partNames) {
    const { module, exported } = partTable[part];
    const up = "../".repeat(module.split("/").length - 1);
    const text = `import { loadPart } from "${up}loader.ts";\n` +
      `export const { ${exported} } = loadPart("${part}");\n`;
    await Deno.writeTextFile(`${folder}/${module}`, text);
  }
}
