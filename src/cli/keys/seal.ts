/**
 * Sealing keys: written, read back, and said.
 *
 * @module
 */

import { StoreError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import { formatOpener, type OpenerChoice } from "../../store/openers/opener_lines.ts";
import type { SealedKeys } from "../../store/port.ts";
import { sealedFileName, shownSealedFolder } from "../../store/sealed_folder.ts";
import { formatSealedKeys } from "../../store/sealed_keys.ts";
import type { Invocation } from "../command.ts";
import { type ChosenOpener, fallBack } from "./choose_opener.ts";
import { openKeyStore } from "./key_files.ts";

/**
 * Seals the keys, and reads them back. Gives the opener that was taken: where a keyring was only found, and cannot keep
 * a key, that is a passphrase.
 *
 * @throws {StoreError} when they cannot be sealed, or do not read back
 */
export async function sealKeys(
  invocation: Invocation,
  profile: string,
  keys: (opener: OpenerChoice) => SealedKeys,
  { opener, isNamed }: ChosenOpener,
): Promise<OpenerChoice> {
  try {
    await seal(invocation, profile, keys(opener), opener);
    return opener;
  } catch (error) {
    if (isNamed || !(error instanceof StoreError) || opener.name === "passphrase") throw error;
    const instead = fallBack(invocation, error);
    await seal(invocation, profile, keys(instead), instead);
    return instead;
  }
}

async function seal(
  invocation: Invocation,
  profile: string,
  keys: SealedKeys,
  opener: OpenerChoice,
): Promise<void> {
  const store = await openKeyStore(invocation, opener);
  const name = { kind: "keys", profile } as const;
  const content = formatSealedKeys(keys);
  await store.write(name, content);
  if (await store.read(name) === content) return;
  const file = `${shownSealedFolder}/${sealedFileName(name)}`;
  throw new StoreError("failed", `Cannot seal "${file}": it reads back as something else`);
}

/** Says what was sealed, and that `age` opens it too. */
export function reportSealed(
  { arguments: given, system: { terminal } }: Invocation,
  profile: string,
  { accessKey, arn, opener }: {
    readonly accessKey: string;
    readonly arn: string;
    readonly opener: OpenerChoice;
  },
): void {
  const file = `${shownSealedFolder}/${sealedFileName({ kind: "keys", profile })}`;
  if (given.flag("json")) {
    terminal.out(
      `${JSON.stringify({ profile, accessKey, arn, file, opener: formatOpener(opener) })}\n`,
    );
    return;
  }
  if (given.flag("quiet")) return;
  terminal.err(
    `Sealed the keys of "${visible(profile)}" (${accessKey}, ${visible(arn)}) in ${file}\n`,
  );
}
