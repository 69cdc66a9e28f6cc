/**
 * What the commands of sealed keys share: the store, the files of AWS's that are edited, and who is meant.
 *
 * @module
 */

import { acquireLockIfAny } from "../../cache/lock.ts";
import { editSharedFile } from "../../config/file/edit_shared_file.ts";
import type { ProfileLines } from "../../config/file/sealed_lines.ts";
import { pathInHome } from "../../config/home.ts";
import type { Config } from "../../config/load.ts";
import { settingNames } from "../../config/profile.ts";
import { ProfileError, StoreError, UsageError } from "../../errors.ts";
import { type OpenerChoice, parseOpener } from "../../store/openers/opener_lines.ts";
import type { AskPassphrase } from "../../store/passphrase_port.ts";
import type { SealedKeys, SealedStore } from "../../store/port.ts";
import { sealedFileName, shownSealedFolder } from "../../store/sealed_folder.ts";
import { parseSealedKeys } from "../../store/sealed_keys.ts";
import type { Invocation } from "../command.ts";
import { passphraseAsker, reportWait } from "../context.ts";
import { coreSettings } from "../core_settings.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";

/** A store of the command, opened by one opener. What seals is loaded now. */
export async function openKeyStore(
  invocation: Invocation,
  opener: OpenerChoice,
  ask: AskPassphrase = passphraseAsker(invocation.system),
): Promise<SealedStore> {
  const { signal, system } = invocation;
  const { createSealedStore } = await import("../../store/sealed_store.ts");
  return createSealedStore({ system, ask, signal, takeLock: lockOf(invocation) }, opener);
}

/**
 * The opener that a profile names.
 *
 * @throws {ProfileError} when there is no such profile, or its keys are not sealed
 */
export function openerOfProfile({ profiles }: Config, name: string): OpenerChoice {
  const written = profiles.get(name)?.sealedKeys;
  if (written !== undefined) return parseOpener(written);
  const why = profiles.has(name) ? "its keys are not sealed" : "there is no such profile";
  throw new ProfileError([{
    profile: name,
    message: `Cannot find sealed keys of profile "${name}": ${why}`,
    hint: profiles.has(name)
      ? `'stsaval keys import ${name}' seals them`
      : "'stsaval keys list' lists what is sealed",
  }]);
}

/**
 * The sealed keys of a profile.
 *
 * @throws {StoreError} when there are none, or they cannot be opened
 */
export async function readKeys(store: SealedStore, profile: string): Promise<SealedKeys> {
  const name = { kind: "keys", profile } as const;
  const text = await store.read(name);
  const file = `${shownSealedFolder}/${sealedFileName(name)}`;
  if (text !== undefined) return parseSealedKeys(text, file);
  const why = `there is no file "${file}"`;
  throw new StoreError("no-file", `Cannot open the sealed keys of profile "${profile}": ${why}`, {
    hint: "restore it from a backup, or seal keys anew with 'stsaval keys add'",
  });
}

/** One of the two files, as the profile stands in it. */
export interface AwsFile extends ProfileLines {
  readonly path: string;
  /** As it is shown and configured. */
  readonly named: string;
}

/** The config file and the credentials file. @throws {UsageError} when the home folder is not known */
export function awsFiles(
  { arguments: given, system: { env } }: Invocation,
  profile: string,
): { readonly config: AwsFile; readonly credentials: AwsFile } {
  const fileOf = (named: string, kind: "config" | "credentials"): AwsFile => {
    const path = pathInHome(named, env);
    if (path !== undefined) return { path, named, kind, profile };
    throw new UsageError(`Cannot find "${named}": the home folder is not known`, {
      hint: "set HOME",
    });
  };
  return {
    config: fileOf(configFile({ arguments: given, env }), "config"),
    credentials: fileOf(credentialsFile({ arguments: given, env }), "credentials"),
  };
}

/** The file that says that the keys of the profile are sealed. */
export function markedFile(
  invocation: Invocation,
  { profiles }: Config,
  profile: string,
): AwsFile {
  const { config, credentials } = awsFiles(invocation, profile);
  const file = profiles.get(profile)?.places.sealedKeys?.file;
  return file === config.named || file === config.path ? config : credentials;
}

/** Changes a file of AWS's, under its lock. */
export function editAwsFile(
  invocation: Invocation,
  { path }: AwsFile,
  edit: (text: string) => string,
): Promise<void> {
  return editSharedFile(invocation.system.files, path, (text) => {
    const after = edit(text ?? "");
    return text === undefined && after === "" ? undefined : after;
  }, lockOf(invocation));
}

/** The words for the setting, where a message names it. */
export const sealedSetting = settingNames.sealedKeys;

function lockOf({ arguments: given, logger, signal, system }: Invocation) {
  const { lockTimeoutMs } = coreSettings(given);
  return (lock: string) =>
    acquireLockIfAny({ ...system, logger }, lock, {
      purpose: "changes keys",
      goal: `change "${lock.replace(/\.lock$/, "")}"`,
      timeoutMs: lockTimeoutMs,
      signal,
      onWait: (holder) => reportWait(system.terminal, holder),
    });
}
