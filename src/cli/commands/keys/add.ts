/**
 * `stsaval keys add`: seals keys that are typed, or given on standard input, and that no file ever held.
 *
 * @module
 */

import {
  addMarker,
  keyLines,
  removeMarker,
  sealedLine,
} from "../../../config/file/sealed_lines.ts";
import { readWhole } from "../../../config/file/edit_shared_file.ts";
import { writtenName } from "../../../config/file/section_header.ts";
import { keyTail } from "../../../credentials.ts";
import { formatPlace, UsageError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import { formatOpener } from "../../../store/openers/opener_lines.ts";
import type { Command, Invocation } from "../../command.ts";
import { typedNames } from "../../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../../help/environment.ts";
import { openKeyChecker } from "../../keys/check_keys.ts";
import { chooseOpener } from "../../keys/choose_opener.ts";
import { awsFiles, editAwsFile, markedFile } from "../../keys/key_files.ts";
import { keyCallOptions, keyFileOptions, openerOption } from "../../keys/key_options.ts";
import { reportSealed, sealKeys } from "../../keys/seal.ts";
import { failIfSealed } from "../../keys/sealed_already.ts";
import { takeKeys } from "../../keys/typed_keys.ts";
import { knownConfig } from "../../known_config.ts";

/** The record. */
export const keysAdd: Command = {
  name: "keys add",
  topic: "setUp",
  summary: "Seal new keys, typed or from standard input",
  description:
    "Asks for the id and, without echo, for the secret; or reads both from standard input: two lines, the CSV\n" +
    "file of the console, or the JSON of 'aws iam create-access-key'. STS is asked whether they work.",
  operands: "PROFILE",
  options: [
    openerOption,
    { name: "replace", summary: "Seal them in place of those that are sealed for the profile" },
    ...keyFileOptions,
    ...keyCallOptions,
  ],
  examples: [
    { line: "stsaval keys add kim", summary: "typed at a prompt" },
    {
      line: "aws iam create-access-key --user-name kim | stsaval keys add kim",
      summary: "never in a file",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [
    ...["read-aws", "sealed-keys", "sealed-store", "opener", "sts", "prompt"] as const,
    ...["write-aws", "write-config"] as const,
  ],
  run: runAdd,
};

async function runAdd(invocation: Invocation): Promise<number> {
  const profile = nameOf(invocation);
  const config = await newOrKnownConfig(invocation);
  await failIfInFile(invocation, profile);
  const checker = await openKeyChecker(invocation, config, profile);
  const keys = await takeKeys(invocation, profile);
  const { accessKeyId, secretAccessKey } = keys;
  await failIfSealed(invocation, profile, accessKeyId);
  const { arn } = await checker.check(keys);
  const chosen = await chooseOpener(invocation);
  const file = markedFile(invocation, config, profile);
  const opener = await sealKeys(invocation, profile, () => ({
    version: 1,
    keys: [{ accessKeyId, secretAccessKey, state: "current" }],
  }), chosen);
  const marker = sealedLine(formatOpener(opener));
  // An older line of its kind goes.
  await editAwsFile(invocation, file, (text) => addMarker(removeMarker(text, file), file, marker));
  reportSealed(invocation, profile, { accessKey: keyTail(accessKeyId), arn, opener });
  return 0;
}

/** Files that are missing are made. */
async function newOrKnownConfig(invocation: Invocation) {
  const { loadConfig } = await import("../../../config/load.ts");
  const { configOptions } = await import("../../../session/plan_settings.ts");
  const { coreSettings } = await import("../../core_settings.ts");
  const { files } = invocation.system;
  const { config, credentials } = awsFiles(invocation, "");
  const texts = await Promise.all([config, credentials].map(({ path }) => files.readText(path)));
  if (texts.every((text) => text !== undefined)) return await knownConfig(invocation);
  const readText = async (path: string) => await files.readText(path) ?? "";
  return await loadConfig(
    { env: invocation.system.env, files: { readText } },
    configOptions(coreSettings(invocation.arguments)),
  );
}

function nameOf({ arguments: given }: Invocation): string {
  const [name, extra] = typedNames(given);
  if (name === undefined || extra !== undefined) {
    throw new UsageError("Cannot add keys: wanted one PROFILE", { hint: "name it" });
  }
  if (writtenName(name) === name) return name;
  throw new UsageError(`Cannot use ${JSON.stringify(name)} as the name of a profile`, {
    hint: "use letters, digits and -_/.%@:+",
  });
}

/** Keys in a file come before sealed ones. */
async function failIfInFile(invocation: Invocation, profile: string): Promise<void> {
  for (const file of Object.values(awsFiles(invocation, profile))) {
    const [line] = keyLines(await readWhole(invocation.system.files, file.path) ?? "", file);
    if (line === undefined) continue;
    const where = formatPlace({ file: file.path, line });
    throw new UsageError(
      `Cannot add keys to profile "${visible(profile)}": it has some at ${where}`,
      { hint: `'stsaval keys import ${profile}' seals those` },
    );
  }
}
