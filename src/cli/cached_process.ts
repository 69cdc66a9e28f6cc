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
import { parseArguments } from "./parse.ts";
import { processGrammar } from "./process_grammar.ts";
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
    const given = parseArguments(processGrammar, words);
    if (!isPlain(given, system.env)) return false;
    const remembering = { ...system, files: rememberTexts(system.files) };
    const narrowed = await narrow(processGrammar, given, remembering);
    const profile = namedProfile({ arguments: given, system: narrowed });
    if (profile === undefined) return false;
    const found = await cachedCredentials(narrowed, profile, coreSettings(given), {
      lifetime: given.text("lifetime"),
    });
    if (found === undefined) return false;
    narrowed.terminal.out(formatProcessAnswer(found));
    return true;
  } catch {
    return false;
  }
}

/** Whether nothing is wanted but credentials from the cache, made of files that can be read again if they are not there. */
function isPlain(given: ParsedArguments, env: Environment): boolean {
  const others = [
    ...["help", "verbose"].filter((name) => given.flag(name)),
    ...["mfa-code", "log-format"].filter((name) => given.text(name) !== undefined),
    ...given.list("role-file"),
  ];
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
  return Object.assign(Object.create(files) as Files, { readText });
}
