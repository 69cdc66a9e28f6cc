/**
 * What is known of a kept seed without opening it: a file beside the sealed one that holds no secret. It says until when
 * the last code that was used is good, so that no process uses a code twice.
 *
 * @module
 */

import type { Environment, Files } from "../../system.ts";
import { sealedFileName, sealedFolder } from "../sealed_folder.ts";

/** The note. */
export interface SeedNote {
  readonly version: 1;
  /** What opens the sealed file, as `--opener` has it. */
  readonly opener: string;
  /** The ARN of the device, as far as it is known. */
  readonly serial?: string;
  /** When the seed was added, in ISO 8601. */
  readonly added: string;
  /** When the step of the last code that was used ends, in milliseconds since 1970; absent before the first one. */
  readonly usedUntil?: number;
}

/** The ports of reading a note. */
export interface NotePorts {
  readonly env: Environment;
  readonly files: Pick<Files, "readText">;
}

/** The path of the sealed seed; undefined if no home folder is known. */
export function seedPath(env: Environment, profile: string): string | undefined {
  const folder = sealedFolder(env);
  return folder && `${folder}/${sealedFileName({ kind: "mfa", profile })}`;
}

/** The path of its note: `kim.mfa.json`. */
export function seedNotePath(env: Environment, profile: string): string | undefined {
  return seedPath(env, profile)?.replace(/\.age$/, ".json");
}

/** The note; undefined where there is none, or it is not one of this version. */
export async function readSeedNote(
  ports: NotePorts,
  profile: string,
): Promise<SeedNote | undefined> {
  const path = seedNotePath(ports.env, profile);
  return path === undefined ? undefined : parseSeedNote(await ports.files.readText(path) ?? "");
}

/** The text of the file. */
export function formatSeedNote(note: SeedNote): string {
  return `${JSON.stringify(note)}\n`;
}

/** The note that the text describes; undefined for anything else. */
export function parseSeedNote(text: string): SeedNote | undefined {
  try {
    const { version, opener, serial, added, usedUntil }: Partial<Record<keyof SeedNote, unknown>> =
      Object(JSON.parse(text));
    if (version !== 1 || typeof opener !== "string" || typeof added !== "string") return undefined;
    return {
      ...{ version, opener, added },
      ...(typeof serial === "string" ? { serial } : {}),
      ...(typeof usedUntil === "number" ? { usedUntil } : {}),
    };
  } catch {
    return undefined;
  }
}

/** The paths that a kept code needs: those that are read, and those that are replaced. */
export function keptCodePaths(
  env: Environment,
  profile: string,
): { readonly read: readonly string[]; readonly replaced: readonly string[] } {
  const [sealed, note] = [seedPath(env, profile), seedNotePath(env, profile)];
  if (sealed === undefined || note === undefined) return { read: [], replaced: [] };
  return { read: [sealed], replaced: [note, `${note}.lock`] };
}
