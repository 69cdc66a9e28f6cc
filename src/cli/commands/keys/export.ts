/**
 * `stsaval keys export`: puts sealed keys back into AWS's file.
 *
 * @module
 */

import { putKeysBack } from "../../../config/file/sealed_lines.ts";
import { ConfigError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import { currentKey } from "../../../store/sealed_keys.ts";
import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import {
  editAwsFile,
  markedFile,
  openerOfProfile,
  openKeyStore,
  readKeys,
  sealedSetting,
} from "../../keys/key_files.ts";
import { keyFileOptions } from "../../keys/key_options.ts";
import { knownConfig } from "../../known_config.ts";
import { wantedProfile } from "../../profile_names.ts";

/** The record. */
export const keysExport: Command = {
  name: "keys export",
  topic: "setUp",
  summary: "Put sealed keys back into the credentials file",
  description:
    "The lines come back where they were, and the sealed file goes. If nothing else was changed since the import,\n" +
    "AWS's file is what it was, byte for byte. Makes no network call.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: keyFileOptions,
  examples: [{ line: "stsaval keys export kim", summary: "as it was before 'keys import'" }],
  environment: profileEnvironment,
  needs: [
    ...["read-aws", "sealed-keys", "sealed-store", "programs", "prompt"] as const,
    ...["write-aws", "write-config"] as const,
  ],
  run: runExport,
};

async function runExport(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const config = await knownConfig(invocation);
  const profile = await wantedProfile(invocation);
  const opener = openerOfProfile(config, profile);
  system.network.callOnly?.([], { mayPrompt: true });
  const store = await openKeyStore(invocation, opener);
  const keys = await readKeys(store, profile);
  const key = currentKey(keys, profile);
  const file = markedFile(invocation, config, profile);
  await editAwsFile(invocation, file, (text) => {
    const after = putKeysBack(text, file, keys.removed?.lines ?? [], key);
    if (after !== undefined) return after;
    const why = `profile "${profile}" has no line "${sealedSetting}" there, wanted one to replace`;
    throw new ConfigError("Cannot change", { file: file.path }, why);
  });
  await store.remove({ kind: "keys", profile });
  if (given.flag("json")) system.terminal.out(`${JSON.stringify({ profile, file: file.path })}\n`);
  else if (!given.flag("quiet")) {
    system.terminal.err(`Put the keys of "${visible(profile)}" back into ${visible(file.path)}\n`);
  }
  return 0;
}
