/**
 * What is known of sealed keys without opening them: a file beside the sealed one that holds no secret. Its id tells the
 * caches whose sessions they hold: it stays the same when keys are rotated, since they are the same user's.
 *
 * @module
 */

import type { Environment, Files } from "../system.ts";
import { noteFileName, sealedFileName, sealedFolder } from "./sealed_folder.ts";
import type { SealedKeys } from "./port.ts";

/** The note. */
export interface KeyNote {
  readonly version: 1;
  /** 32 hexadecimal digits, new with each `keys import` and `keys add`. */
  readonly id: string;
  /** The last four characters of the access key id. */
  readonly accessKey: string;
  /** When IAM made the key, in ISO 8601, as far as it is known. */
  readonly created?: string;
  /** When it was sealed, in ISO 8601. */
  readonly sealed: string;
}

/** The note of a profile's keys; undefined where there is none that can be read. */
export async function readKeyNote(
  { env, files }: { readonly env: Environment; readonly files: Pick<Files, "readText"> },
  profile: string,
): Promise<KeyNote | undefined> {
  const folder = sealedFolder(env);
  if (folder === undefined) return undefined;
  const text = await files.readText(`${folder}/${noteFileName(profile)}`).catch(() => undefined);
  return parseKeyNote(text ?? "");
}

/** The note after keys were sealed: with the id of the one before. */
export function noteOf(
  { keys }: SealedKeys,
  before: KeyNote | undefined,
  { id, now }: { readonly id: string; readonly now: number },
): KeyNote {
  const current = keys.find(({ state }) => state === "current");
  return {
    version: 1,
    id: before?.id ?? id,
    accessKey: current?.accessKeyId.slice(-4) ?? "",
    ...(current?.created === undefined ? {} : { created: current.created }),
    sealed: new Date(now).toISOString(),
  };
}

/** As it is written. */
export function formatKeyNote(note: KeyNote): string {
  return `${JSON.stringify(note)}\n`;
}

function parseKeyNote(text: string): KeyNote | undefined {
  try {
    const { version, id, accessKey, created, sealed } = Object(JSON.parse(text)) as Partial<
      KeyNote
    >; // each field is looked at
    const isNote = version === 1 && typeof id === "string" && /^[0-9a-f]{32}$/.test(id) &&
      typeof accessKey === "string" && typeof sealed === "string";
    if (!isNote) return undefined;
    return { version, id, accessKey, sealed, ...(typeof created === "string" ? { created } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * What identifies the user of sealed keys: the id of the note, else a digest of the sealed file; undefined where neither
 * can be read.
 */
export async function identifyKeys(
  ports: { readonly env: Environment; readonly files: Pick<Files, "readText"> },
  profile: string,
): Promise<string | undefined> {
  const note = await readKeyNote(ports, profile);
  if (note !== undefined) return note.id;
  const path = `${sealedFolder(ports.env)}/${sealedFileName({ kind: "keys", profile })}`;
  const text = await ports.files.readText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
