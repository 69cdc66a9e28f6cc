/**
 * The folder of `emulator --write-home`: what a person keeps there is never replaced.
 *
 * @module
 */

import { StsavalError, UsageError } from "../../errors.ts";
import type { Files } from "../../system.ts";
import type { SampleHome } from "../../testing/mod.ts";
import type { Invocation } from "../command.ts";
import { configFile, credentialsFile } from "../permissions/needs.ts";
import { isSameFile, replaceOutputFile } from "./output_file.ts";

/** The first line of what was written here before, and may be replaced. */
const mark = "# Written by 'stsaval emulator --write-home', which replaces this file as a whole\n";

/**
 * Refuses a folder in which something else than an earlier sample would be lost, or taken for one's own keys.
 *
 * @throws {UsageError} naming the file
 * @throws {StsavalError} when a file that is there cannot be read
 */
export async function checkSampleHome(
  folder: string,
  { arguments: given, system }: Pick<Invocation, "arguments" | "system">,
): Promise<void> {
  const context = { arguments: given, env: system.env };
  for (const path of pathsIn(folder)) {
    for (const used of [configFile(context), credentialsFile(context)]) {
      if (await isSameFile(system.files, path, used)) {
        refuse(path, "it is a file that stsaval reads");
      }
    }
    const text = await readBefore(system.files, path);
    if (text?.startsWith(mark) === false) {
      refuse(path, "it is no sample that was written here before");
    }
  }
}

/**
 * Writes both files, mode 0600, with their folder.
 *
 * @throws {StsavalError} when one of them cannot be written
 */
export async function writeSampleHome(
  folder: string,
  home: SampleHome,
  files: Pick<Files, "replaceText">,
): Promise<void> {
  const [config, credentials] = pathsIn(folder);
  const withFolder = { makeFolders: true };
  await replaceOutputFile(files, config, mark + home.config, withFolder);
  await replaceOutputFile(files, credentials, mark + home.credentials, withFolder);
}

function pathsIn(folder: string): readonly [config: string, credentials: string] {
  return [`${folder}/.aws/config`, `${folder}/.aws/credentials`];
}

function refuse(path: string, why: string): never {
  throw new UsageError(`Cannot write "${path}": ${why}, and would be replaced`, {
    hint: "name an empty folder: DIR of --write-home",
  });
}

async function readBefore(
  files: Pick<Files, "readText">,
  path: string,
): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StsavalError("FAILED", `Cannot write "${path}": ${why}`, { cause: error });
  }
}
