/**
 * The files and the programs of what is sealed: long-term keys, the cache, and the seeds of MFA devices.
 *
 * @module
 */

import { cacheKeyFile, cacheSealLines } from "../../store/cache_key_lines.ts";
import {
  allOpenerLines,
  openerFiles,
  readOpener,
  triedOpeners,
} from "../../store/openers/opener_lines.ts";
import { keptCodePaths } from "../../store/seed/seed_note.ts";
import type { CommandLine } from "../../system.ts";
import type { NeedContext } from "./need.ts";

/** The files of the opener that is named. */
export function openerFilesOf({ arguments: given, env }: NeedContext): readonly string[] {
  const typed = readOpener(given.text("opener") ?? "");
  return typeof typed === "string" ? [] : openerFiles(typed, env);
}

/** The programs of the opener that is named, else of those that are tried. */
export function openerPrograms({ arguments: given, env }: NeedContext): readonly CommandLine[] {
  const typed = readOpener(given.text("opener") ?? "");
  const names = typeof typed === "string" ? triedOpeners : [typed.name];
  return names.flatMap((name) => allOpenerLines(name, env));
}

/** What opens the sealed cache. */
export function cachePrograms({ cacheKeeper, env }: NeedContext): readonly CommandLine[] {
  return cacheKeeper === undefined ? [] : cacheSealLines(cacheKeeper || undefined, env);
}

/** The sealed file that holds the key of the cache, where a passphrase opens it. */
export function cacheKeyFiles({ cacheKeeper, env }: NeedContext): readonly string[] {
  if (cacheKeeper === undefined) return [];
  const isTyped = cacheKeeper === "" || cacheKeeper === "passphrase";
  const path = cacheKeyFile(env);
  return isTyped ? [path, `${path}.lock`] : [];
}

/** What opens kept seeds. */
export function seedPrograms({ keptSeeds = [], env }: NeedContext): readonly CommandLine[] {
  return keptSeeds.flatMap(({ opener = "" }) => {
    const choice = readOpener(opener);
    return typeof choice === "string" ? [] : allOpenerLines(choice.name, env);
  });
}

/** The files of kept seeds, and those that openers read. */
export function seedFiles(
  { keptSeeds = [], env }: NeedContext,
  what: "read" | "replaced",
): readonly string[] {
  return keptSeeds.flatMap(({ profile, opener = "" }) => {
    const choice = readOpener(opener);
    const others = typeof choice === "string" || what !== "read" ? [] : openerFiles(choice, env);
    return [...keptCodePaths(env, profile)[what], ...others];
  });
}
