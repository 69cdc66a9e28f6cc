/**
 * The folder of `emulator --write-home`: the user's own files are never replaced.
 *
 * @module
 */

import { StsavalError, UsageError } from "../../errors.ts";
import { fileHint } from "../../file_error.ts";
import type { Files } from "../../system.ts";
import type { SampleHome, SampleToken } from "../../testing/mod.ts";
import type { Invocation } from "../command.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";
import { sampleTokenPaths } from "../permissions/needs.ts";
import { isSameFile, replaceOutputFile } from "./output_file.ts";

/** The first line of a file that was written by an earlier run, and may be replaced. */
const mark = "# Written by 'stsaval emulator --write-home', which replaces this file as a whole\n";

/**
 * Rejects a folder where a file other than an earlier sample would be lost, or the sample would be taken for real keys.
 *
 * @throws {UsageError} naming the file
 * @throws {StsavalError} when an existing file cannot be read
 */
export async function checkSampleHome(
  folder: string,
  { arguments: given, system }: Pick<Invocation, "arguments" | "system">,
): Promise<void> {
  const context = { arguments: given, env: system.env };
  for (const path of pathsIn(folder)) {
    for (const used of [configFile(context), credentialsFile(context)]) {
      if (await isSameFile(system.files, path, used)) {
        reject(path, "it is a file that stsaval reads");
      }
    }
    const text = await readExisting(system.files, path);
    if (text?.startsWith(mark) === false) {
      reject(path, "it was not written by --write-home");
    }
  }
  for (const path of sampleTokenPaths(folder, given)) {
    await checkToken(folder, path, system.files);
  }
}

/** JSON has no place for a mark: a token beside a config file that bears it is an earlier sample's. */
async function checkToken(
  folder: string,
  path: string,
  files: Pick<Files, "readText">,
): Promise<void> {
  const [config] = pathsIn(folder);
  const isOurs = await readExisting(files, config) !== undefined;
  if (!isOurs && await readExisting(files, path) !== undefined) {
    reject(path, "it was not written by --write-home");
  }
}

/** The sign-ins of the sample's person. */
export interface SampleTokens {
  readonly sso?: SampleToken | undefined;
  readonly login?: SampleToken | undefined;
}

/**
 * Writes both files, and the sign-ins that there are, mode 0600, with their folders.
 *
 * @throws {StsavalError} when one of them cannot be written
 */
export async function writeSampleHome(
  folder: string,
  { home, tokens: { sso, login } }: { readonly home: SampleHome; readonly tokens: SampleTokens },
  files: Pick<Files, "replaceText">,
): Promise<void> {
  const [config, credentials] = pathsIn(folder);
  const withFolder = { makeFolders: true };
  await replaceOutputFile(files, config, mark + home.config, withFolder);
  await replaceOutputFile(files, credentials, mark + home.credentials, withFolder);
  for (const [place, token] of [["sso", sso], ["login", login]] as const) {
    if (token === undefined) continue;
    const path = `${folder}/.aws/${place}/cache/${token.name}`;
    await replaceOutputFile(files, path, token.text, withFolder);
  }
}

function pathsIn(folder: string): readonly [config: string, credentials: string] {
  return [`${folder}/.aws/config`, `${folder}/.aws/credentials`];
}

function reject(path: string, why: string): never {
  throw new UsageError(`Cannot write "${path}": ${why}, and would be replaced`, {
    hint: "use an empty folder for --write-home",
  });
}

async function readExisting(
  files: Pick<Files, "readText">,
  path: string,
): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StsavalError("FAILED", `Cannot write "${path}": ${why}`, {
      hint: fileHint(error),
      cause: error,
    });
  }
}
