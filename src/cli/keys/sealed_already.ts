/**
 * Keys are not sealed over others by accident.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { readKeyNote } from "../../store/key_note.ts";
import { noteFileName, sealedFileName, sealedFolder } from "../../store/sealed_folder.ts";
import type { Invocation } from "../command.ts";

/**
 * Fails where another key is sealed for the profile. The same one may be: an import that was broken off left it. With
 * --replace its note goes, so that no session of the key before is taken for one of the new key.
 *
 * @throws {UsageError}
 */
export async function failIfSealed(
  { arguments: given, system: { env, files } }: Invocation,
  profile: string,
  accessKeyId: string,
): Promise<void> {
  const folder = sealedFolder(env) ?? "~";
  const path = `${folder}/${sealedFileName({ kind: "keys", profile })}`;
  if (await files.facts(path).catch(() => undefined) === undefined) return;
  const note = await readKeyNote({ env, files }, profile);
  const isSame = note?.accessKey === accessKeyId.slice(-4);
  if (isSame || given.flag("replace")) {
    if (!isSame) await files.remove(`${folder}/${noteFileName(profile)}`);
    return;
  }
  const found = note === undefined ? "keys" : `the key …${note.accessKey}`;
  throw new UsageError(`Cannot seal the keys of profile "${profile}": ${found} of it are sealed`, {
    hint: "add --replace if they are no longer needed",
  });
}
