/**
 * The short way into a sealed cache, where the kernel's keyring keeps the key: it needs no prompt, and its program needs a
 * few milliseconds. Loaded only where an entry is sealed; every other keeper is left to the program itself.
 *
 * @module
 */

import type { CacheEntry } from "../../cache/entry.ts";
import { openEntry, readKey, type SealedEntry } from "../../cache/sealing/entry.ts";
import { parseSeal, sealName } from "../../cache/sealing/seal.ts";
import { programOutput, type ProgramPorts } from "../../program_output.ts";
import { cacheKeyLines, unmarkedKey } from "../../store/cache_key_lines.ts";

/** The program ends at once; one that does not is no keyring. */
const limits = { seconds: 10, bytes: 4_096 };

/**
 * The entry of the file `name` in the clear, with what `read` gives of the folder's `seal.json`; undefined where only the program itself can open it, or can say why it cannot.
 *
 * @throws {ProgramFault} when the keyring has no key, or cannot be asked
 */
export async function openShortly(
  ports: ProgramPorts,
  name: string,
  entry: SealedEntry,
  read: (name: string) => string | undefined,
): Promise<CacheEntry | undefined> {
  const state = parseSeal(read(sealName));
  if (state?.keeper !== "keyctl" || state.keyId !== entry.sealed.keyId) return undefined;
  const line = { words: cacheKeyLines.find, env: { LC_ALL: "C" } };
  // What it says of an error, the program says better.
  const options = { input: "", mergesErrors: true };
  const { signal } = new AbortController();
  const printed = await programOutput(ports, line, limits, signal, options);
  const key = await readKey(unmarkedKey(new TextDecoder().decode(printed)) ?? "");
  return key?.id === state.keyId ? await openEntry(name, entry, key) : undefined;
}
