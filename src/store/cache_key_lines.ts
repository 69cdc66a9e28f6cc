/**
 * What runs for the key of the sealed session cache: plain data, since every command tells its broker.
 *
 * @module
 */

import type { CommandLine, Environment } from "../system.ts";
import { allOpenerLines, type OpenerName } from "./openers/opener_lines.ts";
import type { SealedName } from "./port.ts";
import { sealedFileName, sealedFolder } from "./sealed_folder.ts";

/** What is tried for a new key, in this order; where none works, a passphrase is asked for. */
export const cacheKeyOpeners: readonly OpenerName[] = ["secret-service", "keychain", "keyctl"];

/** Whether the key of a cache is kept so. What another program wrote into the cache names no other opener. */
export function isCacheKeeper(name: string): name is OpenerName {
  return name === "passphrase" || cacheKeyOpeners.some((known) => known === name);
}

/** The sealed file that holds the key, where a passphrase opens it. */
export const cacheKeyName: SealedName = { kind: "cache", profile: "" };

const item = "stsaval-cache";

/** The kernel's keyring keeps the key itself, beside the passphrase of sealed keys. */
export const cacheKeyLines = {
  find: ["keyctl", "pipe", `%user:${item}`],
  keep: ["keyctl", "padd", "user", item, "@u"],
  remove: ["keyctl", "purge", "user", item],
  try: ["keyctl", "describe", "@u"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const mark = "stsaval-cache1:";

/** The key as the kernel's keyring keeps it. */
export function markedKey(key: string): string {
  return mark + key;
}

/** The key of what the kernel's keyring keeps; undefined where that is something else. */
export function unmarkedKey(text: string): string | undefined {
  const kept = text.trim();
  return kept.startsWith(mark) ? kept.slice(mark.length) : undefined;
}

/** The path of the sealed file. */
export function cacheKeyFile(env: Environment): string {
  return `${sealedFolder(env) ?? "~"}/${sealedFileName(cacheKeyName)}`;
}

/** What runs to open a cache that is sealed so, or, without a name, to seal one. */
export function cacheSealLines(
  keeper: string | undefined,
  env: Environment,
): readonly CommandLine[] {
  const names = isCacheKeeper(keeper ?? "") ? [keeper as OpenerName] : cacheKeyOpeners; // as it was checked
  return names.flatMap((name) => {
    if (name === "keyctl") {
      return Object.values(cacheKeyLines).map((words) => ({ words, env: { LC_ALL: "C" } }));
    }
    return allOpenerLines(name, env);
  });
}
