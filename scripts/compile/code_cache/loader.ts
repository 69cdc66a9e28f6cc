/**
 * Loads the parts of the compiled program: scripts that V8 reads together with the code that it made of them when the
 * program was built, so that it neither parses nor compiles what a start needs. What most starts do not need is in
 * scripts of its own, one a piece. This is bundled into the first file of the program.
 *
 * V8 takes the code only if it fits its own version, its flags and the script, and compiles the script otherwise. The
 * code lies in the program, as the scripts do. `node:vm` reads it. Code of other projects must not come by that module, nor
 * choose what it reads: all that this file calls once such code may run is taken at the start, before it could be changed.
 *
 * @module
 */

import type nodeVm from "node:vm";
import { layout } from "./layout.ts";
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
const { runInThisContext } = Script.prototype;
const { apply } = Reflect;
const [Bytes, Memory] = [Uint8Array, ArrayBuffer];
const { readSync, seekSync } = Deno.FsFile.prototype;
const decoder = new TextDecoder();
const { decode } = decoder;
const { Start } = Deno.SeekMode;
lockScripts();

/** Deno has the program's files lie in the folder for temporary files, and reads nothing below /dev but with all rights. */
function openOwn(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path);
  } catch {
    console.error(`stsaval: Cannot read its own parts as "${path}"`);
    console.error("hint: set TMPDIR to a folder outside of /dev, such as /tmp");
    Deno.exit(1);
  }
}

/** A script leads to no class, and setting what it is made with calls nothing. */
function lockScripts(): void {
  const own = Reflect.ownKeys(new Script(""));
  for (const name of [...own, "cachedData", "cachedDataProduced", "cachedDataRejected"]) {
    fix(Script.prototype, name, true);
  }
  let prototype: object | null = Script.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    fix(prototype, "constructor", false);
    prototype = Object.getPrototypeOf(prototype);
  }
}

function fix(owner: object, name: PropertyKey, writable: boolean): void {
  Object.defineProperty(owner, name, { value: undefined, writable, configurable: false });
}

// Open from the start: once permissions are narrowed, the program may no longer open its own files.
const folder = import.meta.url.slice(0, import.meta.url.lastIndexOf("/"));
const file = openOwn(`${import.meta.dirname}/${scriptsFile}`);

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
    const script = makeScript(name, read(place[0], place[1]));
    try {
      apply(runInThisContext, script, [])(module, module.exports, require, ...timers);
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
  const [text, code] = [layout.scripts[name], layout.code[name]];
  const script = makeScript(name, read(text[0], text[1]), read(code[0], code[1]));
  loadedScripts.set(name, script);
  return apply(runInThisContext, script, [])(require, ...timers);
}

/** A script, with the code of it where that is known. */
export function makeScript(name: string, text: Uint8Array, code?: Uint8Array): nodeVm.Script {
  const options = {
    // What is not set here is set nowhere.
    __proto__: null,
    // Where the import map applies, whatever a piece imports.
    filename: `${folder}/${name}`,
    cachedData: code !== undefined && code.length > 0 ? code : undefined,
  };
  return new Script(apply(decode, decoder, [text]), options);
}

function placeOf(bundle: BundleName, name: string): Places[string] {
  const all: PlacesOfBundles = places ??= JSON.parse(
    apply(decode, decoder, [read(layout.places[0], layout.places[1])]),
  );
  const place = Object.hasOwn(all[bundle], name) ? all[bundle][name] : undefined;
  if (place === undefined) throw new Error(`${name} is no part of the program`);
  return place;
}

function read(start: number, length: number): Uint8Array {
  const memory = new Memory(length);
  apply(seekSync, file, [start, Start]);
  for (let done = 0; done < length;) {
    const count: number | null = apply(readSync, file, [new Bytes(memory, done, length - done)]);
    if (count === null) throw new Error("The program is cut off");
    done += count;
  }
  return new Bytes(memory);
}
