/**
 * `stsaval process` from the cache. The AWS CLI and the SDKs start it again and again and wait for it, so an answer that
 * is there is given before the rest of stsaval is loaded.
 *
 * @module
 */

import { clock } from "../deno/clock.ts";
import { env } from "../deno/environment.ts";
import { files } from "../deno/files.ts";
import { permissions } from "../deno/permissions.ts";
import { terminal } from "../deno/terminal.ts";
import { errorTable } from "../errors.ts";
import { formatProcessAnswer } from "../output/process.ts";
import { cachedCredentials } from "../session/cached_credentials.ts";
import type { Environment, Files, ProgramSystem } from "../system.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import type { CommandOption } from "./command.ts";
import { coreSettings, namedProfile } from "./core_settings.ts";
import {
  canBeReadTwice,
  configFile,
  credentialsFile,
  mfaCodeVariable,
} from "./permissions/needs.ts";
import { globalOptions } from "./options.ts";
import { fastParse } from "./parse/fast_parse.ts";
import { processRecord } from "./commands/shared/process_record.ts";
import { narrowAllButHosts } from "./permissions/sandbox.ts";

/** What of the outside world it needs. */
type CacheSystem = Pick<ProgramSystem, "clock" | "env" | "files" | "permissions" | "terminal">;

/**
 * Prints the answer that is in the cache, if the words after `process` want nothing else, and gives the exit status.
 * Undefined where the command itself has to run, for whatever reason: it is that which tells of errors.
 */
export async function processFromCache(
  words: readonly string[],
  system: CacheSystem = { clock, env, files, permissions, terminal },
): Promise<number | undefined> {
  const answer = await findAnswer(words, system).catch(() => undefined);
  if (answer === undefined) return undefined;
  try {
    system.terminal.out(answer);
    return 0;
  } catch (error) {
    // Part of it may be written: nobody may write it again.
    system.terminal.err(`stsaval: ${error instanceof Error ? error.message : String(error)}\n`);
    return errorTable.FAILED.exit;
  }
}

async function findAnswer(
  words: readonly string[],
  system: CacheSystem,
): Promise<string | undefined> {
  const given = fastParse(understood(), words);
  if (given === undefined || !isAnswerable(given, system.env)) return undefined;
  const ports = { ...system, files: rememberTexts(system.files) };
  await narrowAllButHosts(processRecord, given, ports);
  const profile = namedProfile({ arguments: given, system });
  if (profile === undefined) return undefined;
  const found = await cachedCredentials(ports, profile, coreSettings(given), {
    lifetime: given.text("lifetime"),
  });
  return found && formatProcessAnswer(found);
}

/** The options that decide what is looked for in the cache, or what is done only where it is not there. */
function understood(): readonly CommandOption[] {
  const names: readonly string[] = [
    ...["profile", "lifetime", "region", "endpoint-url", "mfa-serial", "share-aws-cache", "cache"],
    ...["config-file", "credentials-file", "mfa-command", "lock-timeout", "timeout"],
    ...["max-attempts", "quiet"],
  ];
  return [...processRecord.options, ...globalOptions].filter(({ name }) => names.includes(name));
}

/** Whether no code is given that must be sent, and the command can read the files again if the cache has no answer. */
function isAnswerable(given: ParsedArguments, env: Environment): boolean {
  const context = { arguments: given, env };
  return env.get(mfaCodeVariable) === undefined &&
    [configFile(context), credentialsFile(context)].every(canBeReadTwice);
}

/** The sandbox and the plan look at the same files; they are read once. */
function rememberTexts(files: Files): Files {
  const texts = new Map<string, Promise<string | undefined>>();
  const readText = (path: string) => {
    const text = texts.get(path) ?? files.readText(path);
    texts.set(path, text);
    return text;
  };
  return {
    readText,
    replaceText: (...words) => files.replaceText(...words),
    remove: (path) => files.remove(path),
    facts: (path) => files.facts(path),
    target: (path) => files.target(path),
    list: (folder) => files.list(folder),
    lock: (...words) => files.lock(...words),
  };
}
