/**
 * Where sealed files lie, and how they are named: one file a user profile and kind.
 *
 * @module
 */

import { pathInHome } from "../config/home.ts";
import { UsageError } from "../errors.ts";
import type { Environment } from "../system.ts";
import type { SealedKind, SealedName } from "./port.ts";

/** Not in the folder of `STSAVAL_CACHE_DIR`: a cache may be thrown away. */
const folder = "~/.aws/stsaval/sealed";

/** What may stand in a name as it is. */
const plain = /[A-Za-z0-9_.@+=:-]/;
const fileName = /^(.*)\.(keys|mfa|cache)\.age$/;
/** Temporary files and locks beside it have a longer name, and file systems allow 255 bytes. */
const longestName = 190;

/** The folder; undefined if no home folder is known. */
export function sealedFolder(env: Environment): string | undefined {
  return pathInHome(folder, env);
}

/** The folder as it is shown. */
export const shownSealedFolder = folder;

/** The name of the file: `kim.keys.age`; what is no letter, digit or one of `_.@+=:-` is percent-encoded. */
export function sealedFileName({ kind, profile }: SealedName): string {
  return `${stemOf(profile)}.${kind}.age`;
}

/** The name of the file that says of sealed keys what is no secret: `kim.keys.json`. */
export function noteFileName(profile: string): string {
  return `${stemOf(profile)}.keys.json`;
}

/** What a file of that name holds; undefined for any other file. */
export function sealedNameOf(name: string): SealedName | undefined {
  const [, stem, kind] = fileName.exec(name) ?? [];
  if (stem === undefined || kind === undefined) return undefined;
  try {
    return { kind: kind as SealedKind, profile: decodeURIComponent(stem) }; // as the pattern has it
  } catch {
    return undefined;
  }
}

/** @throws {UsageError} when no file can have so long a name */
function stemOf(profile: string): string {
  const stem = Array.from(profile.toWellFormed(), (character, index) => {
    const isPlain = plain.test(character) && !(index === 0 && character === ".");
    return isPlain ? character : percentEncoded(character);
  }).join("");
  if (stem.length <= longestName) return stem;
  throw new UsageError(
    `Cannot seal for profile ${JSON.stringify(`${profile.slice(0, 40)}…`)}: its name is too long ` +
      `for a file, wanted at most ${longestName} bytes`,
  );
}

function percentEncoded(character: string): string {
  const bytes = new TextEncoder().encode(character);
  const digits = (byte: number) => byte.toString(16).toUpperCase().padStart(2, "0");
  return Array.from(bytes, (byte) => `%${digits(byte)}`).join("");
}
