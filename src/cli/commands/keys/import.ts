/**
 * `stsaval keys import`: seals the keys of a profile, and takes them out of AWS's file.
 *
 * @module
 */

import { readWhole } from "../../../config/file/edit_shared_file.ts";
import { keyLines, sealedLine, takeOutKeys } from "../../../config/file/sealed_lines.ts";
import type { Config } from "../../../config/load.ts";
import { staticKeys } from "../../../config/plan/base.ts";
import { settingNames } from "../../../config/profile.ts";
import { type AccessKeys, keyTail } from "../../../credentials.ts";
import { ConfigError, formatPlace, ProfileError, UsageError } from "../../../errors.ts";
import { formatOpener } from "../../../store/openers/opener_lines.ts";
import type { Command, Invocation } from "../../command.ts";
import { networkEnvironment, profileEnvironment } from "../../help/environment.ts";
import { openKeyChecker } from "../../keys/check_keys.ts";
import { chooseOpener, openerForms } from "../../keys/choose_opener.ts";
import { type AwsFile, awsFiles, editAwsFile } from "../../keys/key_files.ts";
import { keyCallOptions, keyFileOptions, openerOption } from "../../keys/key_options.ts";
import { reportSealed, sealKeys } from "../../keys/seal.ts";
import { failIfSealed } from "../../keys/sealed_already.ts";
import { warnOfCopies } from "../../keys/copies.ts";
import { knownConfig } from "../../known_config.ts";
import { wantedProfile } from "../../profile_names.ts";

/** The record. */
export const keysImport: Command = {
  name: "keys import",
  topic: "setUp",
  summary: "Seal the keys of a profile, and take them out of the credentials file",
  description:
    "STS is asked whether the keys work, they are sealed in ~/.aws/stsaval/sealed, and read back; only then\n" +
    `they leave the file, where a line "${settingNames.sealedKeys} = OPENER" stands for them. All commands work as\n` +
    "before: the keys are opened when a session begins. 'age -d' opens the sealed file too; 'stsaval keys\n" +
    "export' puts them back, and the file is what it was.\n" +
    `OPENER is ${openerForms[0]},\n` +
    `${openerForms[1]}; without it, a keyring that answers, else a passphrase.`,
  operands: "[PROFILE]",
  unnamed: "user",
  options: [
    openerOption,
    { name: "replace", summary: "Seal them in place of those that are sealed for the profile" },
    ...keyFileOptions,
    ...keyCallOptions,
  ],
  examples: [
    {
      line: "stsaval keys import kim",
      summary: "opened by this machine's keyring, or a passphrase",
    },
    { line: "stsaval keys import kim --opener identity:~/key.txt", summary: "by a file of age's" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [
    ...["read-aws", "sealed-keys", "sealed-store", "opener", "sts", "prompt"] as const,
    ...["write-aws", "write-config"] as const,
  ],
  run: runImport,
};

async function runImport(invocation: Invocation): Promise<number> {
  const config = await knownConfig(invocation);
  const profile = await wantedProfile(invocation);
  const keys = keysOf(config, profile);
  const file = await fileOf(invocation, config, profile);
  await failIfSealed(invocation, profile, keys.accessKeyId);
  const checker = await openKeyChecker(invocation, config, profile);
  const { arn } = await checker.check(keys);
  const { accessKeyId, secretAccessKey } = keys;
  const before = await readWhole(invocation.system.files, file.path) ?? "";
  const chosen = await chooseOpener(invocation);
  const opener = await sealKeys(invocation, profile, (opener) => {
    const marker = sealedLine(formatOpener(opener));
    const { lines } = takeOutKeys(before, file, keys, marker);
    return {
      version: 1,
      keys: [{ accessKeyId, secretAccessKey, state: "current" }],
      removed: { file: file.path, marker, lines },
    };
  }, chosen);
  const marker = sealedLine(formatOpener(opener));
  await editAwsFile(invocation, file, (text) => {
    if (text === before) return takeOutKeys(text, file, keys, marker).text;
    throw new ConfigError("Cannot change", { file: file.path }, "another program has changed it", {
      hint: "run 'stsaval keys import' again",
    });
  });
  await warnOfCopies(invocation, keys);
  reportSealed(invocation, profile, { accessKey: keyTail(accessKeyId), arn, opener });
  return 0;
}

/** @throws {ProfileError} when the profile has no long-term keys of its own */
function keysOf({ profiles }: Config, name: string): AccessKeys {
  const profile = profiles.get(name);
  const fail = (why: string, hint: string): never => {
    const message = `Cannot seal the keys of profile "${name}": ${why}`;
    throw new ProfileError([{ profile: name, message, hint }]);
  };
  if (profile === undefined) {
    return fail("there is no such profile", "'stsaval profiles' lists the known profiles");
  }
  const { accessKeyId, secretAccessKey, sealedKeys } = profile;
  if (accessKeyId === undefined && secretAccessKey === undefined) {
    return sealedKeys === undefined
      ? fail("it has none", `'stsaval keys add ${name}' takes new ones`)
      : fail("they are sealed already", "'stsaval keys list' lists what is sealed");
  }
  const { keys } = staticKeys(name, profile);
  if (keys.sessionToken === undefined) return keys;
  return fail("they are temporary, and end by themselves", "name a profile with long-term keys");
}

/** The file that holds both keys. @throws {UsageError} when each of the two files holds some */
async function fileOf(
  invocation: Invocation,
  { profiles }: Config,
  profile: string,
): Promise<AwsFile> {
  const { config, credentials } = awsFiles(invocation, profile);
  const place = profiles.get(profile)?.places.accessKeyId;
  const isConfig = place?.file === config.named || place?.file === config.path;
  const [file, other] = isConfig ? [config, credentials] : [credentials, config];
  const text = await readWhole(invocation.system.files, other.path);
  const [line] = keyLines(text ?? "", other);
  if (line === undefined) return file;
  const where = formatPlace({ file: other.path, line });
  throw new UsageError(
    `Cannot seal the keys of profile "${profile}": both files hold some, and what stays at ${where} would be taken`,
    { hint: "remove what is not needed there" },
  );
}
