/**
 * Logging out: removes from the cache's folder what the logout concerns, with all that was made of it.
 *
 * @module
 */

import { AnswerFolder } from "../answers.ts";
import type { CacheParts } from "./parts.ts";
import { fileNames } from "./file_names.ts";
import { isInScopes, type LogoutScopes } from "../logouts.ts";
import { LookupFolder } from "../lookups/lookup_folder.ts";
import type { OwnerOnlyFolder } from "../owner_only_folder.ts";
import type { Removal } from "../port.ts";
import { parseRefusal } from "../refusal.ts";
import { listEntries, namesIn } from "./sweep.ts";

/** Keeps out what was begun before, in every process, and removes what is there. */
export async function logOut(parts: CacheParts, scopes: LogoutScopes): Promise<Removal> {
  const { folder, logouts, ports } = parts;
  const lock = await logouts.lock("logout");
  using _lock = lock;
  // First: who writes without the lock looks for it afterwards.
  await logouts.add(scopes);
  await new LookupFolder(folder.path, ports).clear();
  const { removed, left } = scopes === "all" ? await clear(parts) : await removeIn(parts, scopes);
  return { removed, left: left + await removeAnswers(parts, scopes) };
}

/** The answers that were made of what is gone; returns how many could not be removed. */
async function removeAnswers(parts: CacheParts, scopes: LogoutScopes): Promise<number> {
  const { folder, ports } = parts;
  if (!await folder.exists()) return 0;
  const entries = scopes === "all" ? [] : await listEntries(parts);
  const keys = new Set(entries.flatMap(({ credentials }) => credentials.AccessKeyId ?? []));
  return (await new AnswerFolder(folder.path, ports).logOut(scopes, keys)).left;
}

async function removeIn(parts: CacheParts, scopes: LogoutScopes): Promise<Removal> {
  const { folder } = parts;
  for (const name of await folder.names() ?? []) {
    if (fileNames.refusal.test(name) && await isRefusalIn(folder, name, scopes)) {
      await folder.remove(name);
    }
  }
  const found = (await listEntries(parts)).filter((entry) => isInScopes(entry, scopes));
  return await removeAll(folder, found.map(({ key }) => `${key}.json`));
}

async function isRefusalIn(
  folder: OwnerOnlyFolder,
  name: string,
  scopes: LogoutScopes,
): Promise<boolean> {
  const owner = parseRefusal(await folder.read(name))?.owner;
  return owner !== undefined && isInScopes(owner, scopes);
}

async function clear(parts: CacheParts): Promise<Removal> {
  const { folder } = parts;
  const names = await namesIn(parts);
  const others = [fileNames.refusal, fileNames.temporary];
  for (const name of names) {
    if (others.some((pattern) => pattern.test(name))) await folder.remove(name);
  }
  return await removeAll(folder, names.filter((name) => fileNames.entry.test(name)));
}

async function removeAll(folder: OwnerOnlyFolder, names: readonly string[]): Promise<Removal> {
  let removed = 0;
  for (const name of names) {
    if (await folder.remove(name)) removed++;
  }
  return { removed, left: names.length - removed };
}
