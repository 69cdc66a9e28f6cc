/**
 * Loads the parts of the compiled program: scripts that V8 reads together with the code that it made of them when the
 * program was built, so that it neither parses nor compiles what a start needs. What most starts do not need is in
 * scripts of its own, one a piece. This is bundled into the first file of the program.
 *
 * V8 takes the code only if it fits its own version, its flags and the script, and compiles the script otherwise. The
 * code lies in the program, as the scripts do. `node:vm` reads it; code of other projects cannot come by that module.
 *
 * @module
 */

import type nodeVm from "node:vm";
import { layout, type Range } from "./layout.ts";
import {
  type BundleName,
  bundleNames,
  type PartName,
  partTable,
  type Places,
  type PlacesOfBundles,
  type ScriptName,
  scriptsFile,
} from "./parts.ts";

/** A script, and the code that V8 has of it. */
type LoadedScript = Pick<nodeVm.Script, "cachedDataRejected" | "createCachedData">;

type Require = (name: string) => unknown;

/** What the pieces of a script export, by the names with which others import them; each runs when it is first needed. */
type Pieces = Readonly<Record<string, () => unknown>>;

const nodeProcess: Pick<NodeJS.Process, "getBuiltinModule"> = Reflect.get(globalThis, "process");
// They are taken away before any code of other projects is loaded.
const { getBuiltinModule } = nodeProcess;
const { Script }: typeof nodeVm = getBuiltinModule("node:vm");

// Open from the start: once permissions are narrowed, the program may no longer open its own files.
const file = Deno.openSync(`${import.meta.dirname}/${scriptsFile}`);

/** What scripts find as timers by themselves are those of Node. */
const timers = [setTimeout, clearTimeout, setInterval, clearInterval];

/** The scripts that were loaded. */
export const loadedScripts: Map<ScriptName, LoadedScript> = new Map();
/** The names of the pieces that were loaded by themselves. */
export const loadedPieces: Set<string> = new Set();

let places: PlacesOfBundles | undefined;

/** How the pieces of a bundle import each other. */
const requires = new Map<BundleName, Require>(bundleNames.map((name) => [name, requireOf(name)]));

/** What the first piece of a part exports. */
export function loadPart(part: PartName): unknown {
  return requires.get(partTable[part].bundle)?.(`./${part}.js`);
}

function requireOf(bundle: BundleName): Require {
  const known = new Map<string, { exports: unknown }>();
  const scripts = new Map<ScriptName, Pieces>();
  const require: Require = (name) => {
    const found = known.get(name);
    if (found !== undefined) return found.exports;
    // The emulator imports it; the import map closes the other modules of Node.
    if (name === "node:crypto") return getBuiltinModule(name);
    const place = placeOf(bundle, name);
    if (typeof place === "string") {
      const script = scripts.get(place) ?? loadScript(place, require);
      scripts.set(place, script);
      const exports = script[name]?.();
      known.set(name, { exports });
      return exports;
    }
    const module = { exports: {} };
    known.set(name, module);
    loadedPieces.add(name);
    const script = makeScript(name, read(place));
    try {
      script.runInThisContext()(module, module.exports, require, ...timers);
    } catch (error) {
      // Else the next one to import it would get half of it.
      known.delete(name);
      throw error;
    }
    return module.exports;
  };
  return require;
}

function loadScript(name: ScriptName, require: Require): Pieces {
  const script = makeScript(name, read(layout.scripts[name]), read(layout.code[name]));
  loadedScripts.set(name, script);
  return script.runInThisContext()(require, ...timers);
}

/** A script, with the code of it where that is known. */
export function makeScript(name: string, text: Uint8Array, code?: Uint8Array): nodeVm.Script {
  return new Script(new TextDecoder().decode(text), {
    // Where the import map applies, whatever a piece imports.
    filename: new URL(name, import.meta.url).href,
    ...code === undefined || code.length === 0 ? {} : { cachedData: code },
  });
}

function placeOf(bundle: BundleName, name: string): Places[string] {
  const all: PlacesOfBundles = places ??= JSON.parse(
    new TextDecoder().decode(read(layout.places)),
  );
  const place = Object.hasOwn(all[bundle], name) ? all[bundle][name] : undefined;
  if (place === undefined) throw new Error(`${name} is no part of the program`);
  return place;
}

function read([start, length]: Range): Uint8Array {
  const bytes = new Uint8Array(length);
  file.seekSync(start, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) throw new Error("The program is cut off");
    done += count;
  }
  return bytes;
}
