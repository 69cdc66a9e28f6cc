/**
 * `stsaval process` from the cache. The AWS CLI and the SDKs start it again and again and wait for it, so an answer that
 * is there is given before the rest of stsaval is loaded.
 *
 * @module
 */

import { denoSystem } from "../deno_system.ts";
import { formatProcessAnswer } from "../output/process.ts";
import { cachedCredentials } from "../session/cached_credentials.ts";
import type { Environment, Files, ProgramSystem } from "../system.ts";
import type { ParsedArguments } from "./arguments.ts";
import { coreSettings, namedProfile } from "./core_settings.ts";
import { canBeReadTwice, configFile, credentialsFile, mfaCodeVariable } from "./needs.ts";
import { globalOptions } from "./options.ts";
import { parseArguments } from "./parse.ts";
import { processRecord } from "./process_record.ts";
import { narrow } from "./sandbox.ts";

/**
 * Prints the answer that is in the cache, if the words after `process` want nothing else. False where the command
 * itself has to run, for whatever reason: it is that which tells of errors.
 */
export async function processFromCache(
  words: readonly string[],
  system: ProgramSystem = denoSystem,
): Promise<boolean> {
  try {
    const given = parseArguments(processRecord, words);
    if (!isPlain(given, system.env)) return false;
    const remembering = { ...system, files: rememberTexts(system.files) };
    const narrowed = await narrow(processRecord, given, remembering);
    const profile = namedProfile({ arguments: given, system: narrowed });
    if (profile === undefined) return false;
    const found = await cachedCredentials(narrowed, profile, coreSettings(given), {
      lifetime: given.text("lifetime"),
    });
    if (found === undefined) return false;
    narrowed.terminal.out(formatProcessAnswer(found));
    return true;
  } catch {
    // Where the output cannot be written, the command will say so.
    return false;
  }
}

/** Decide what is looked for in the cache, or what is done only where it is not there. */
const understood: readonly string[] = [
  ...["profile", "lifetime", "region", "endpoint-url", "mfa-serial", "share-aws-cache", "cache"],
  ...["config-file", "credentials-file", "mfa-command", "lock-timeout", "timeout", "max-attempts"],
  ...["quiet", "json"],
];

/** Whether nothing else is wanted, and the files can be read again by the command if the cache has no answer. */
function isPlain(given: ParsedArguments, env: Environment): boolean {
  const options = [...processRecord.options, ...globalOptions];
  const others = options.filter(({ name }) => !understood.includes(name) && given.has(name));
  const context = { arguments: given, env };
  return others.length === 0 && given.flag("cache") && env.get(mfaCodeVariable) === undefined &&
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
    list: (folder) => files.list(folder),
    lock: (...words) => files.lock(...words),
  };
}
