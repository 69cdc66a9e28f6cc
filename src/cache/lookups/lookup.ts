/**
 * A lookup: the cache entry that holds the credentials of a profile, once its plan was resolved. It is kept under a digest
 * of everything that the plan was made of, so that the next program need not resolve it again. It holds no secret.
 *
 * @module
 */

import { isFresh, isFreshForPrograms } from "../../schedule.ts";
import { parseRecord } from "../entry.ts";
import type { CacheQuery } from "../port.ts";

/** What is looked up for a profile. */
export interface Lookup {
  readonly profile: string;
  /** The key of the entry: 64 hexadecimal digits. */
  readonly key: string;
  /** What the plan ends with. A session token serves for longer than a role's credentials, which SDKs refresh early. */
  readonly last: "role" | "session";
  /** The duration that a role is requested with, in seconds. */
  readonly durationSeconds?: number | undefined;
  /** The profile's region. */
  readonly region?: string | undefined;
}

const version = 1;

/** The folder of the lookups, in the folder of the cache. */
export const lookupFolderName = "lookups";

/** The name of a lookup's file. */
export function lookupFileName(digest: string): string {
  return `${digest}.json`;
}

/** The text of its file. */
export function formatLookup({ profile, key, last, durationSeconds, region }: Lookup): string {
  return `${JSON.stringify({ version, profile, key, last, durationSeconds, region })}\n`;
}

/** The lookup, or undefined if the text is not one of this version. */
export function parseLookup(text: string): Lookup | undefined {
  const found = parseRecord(text);
  if (found?.version !== version) return undefined;
  const { profile, key, last, durationSeconds, region } = found;
  if (typeof profile !== "string") return undefined;
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) return undefined;
  if (last !== "role" && last !== "session") return undefined;
  if (last === "role" && typeof durationSeconds !== "number") return undefined;
  if (region !== undefined && typeof region !== "string") return undefined;
  return {
    ...{ profile, key, last, region },
    durationSeconds: typeof durationSeconds === "number" ? durationSeconds : undefined,
  };
}

/** What the entry must satisfy: the same as for who has the plan. */
export function lookupQuery({ last, durationSeconds }: Lookup): CacheQuery {
  return last === "session" ? { serves: isFresh } : { durationSeconds, serves: isFreshForPrograms };
}
