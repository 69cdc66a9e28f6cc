/**
 * Opening the sealed keys of a step.
 *
 * @module
 */

import { StoreError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import type { OpenerChoice } from "../../store/openers/opener_lines.ts";
import { currentKey, parseSealedKeys } from "../../store/sealed_keys.ts";
import { createSealedStore } from "../../store/sealed_store.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";

/**
 * The key in use.
 *
 * @throws {StoreError} when there is no sealed file, or it cannot be opened
 */
export async function openSealedKeys(
  { detail, profile, reason }: SourceStep,
  opener: OpenerChoice,
  { passphrase, signal, system }: SourceContext,
): Promise<SourceCredentials> {
  const store = createSealedStore({ system, ask: passphrase, signal }, opener);
  const text = await store.read({ kind: "keys", profile });
  if (text === undefined) {
    const file = detail.replace(/, opened by .*/s, "");
    throw new StoreError(
      "no-file",
      `Cannot open the sealed keys of profile "${profile}": there is no file "${file}" (${reason})`,
      { hint: "restore it from a backup, or seal keys anew with 'stsaval keys add'" },
    );
  }
  const { accessKeyId, secretAccessKey } = currentKey(parseSealedKeys(text, profile), profile);
  return { keys: { accessKeyId, secretAccessKey }, expiration: undefined };
}
