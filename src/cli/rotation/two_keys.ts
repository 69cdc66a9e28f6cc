/**
 * The question about a user who has two keys already: AWS allows no third, so one has to go before a new one is made.
 *
 * @module
 */

import { StsavalError } from "../../errors.ts";
import { formatTable } from "../../output/table.ts";
import type { OnlineKey } from "../../store/rotation.ts";
import type { IamKeys } from "./iam_keys.ts";

/** Two keys of a user. */
export interface TwoKeys {
  readonly userName: string;
  /** The one in the store. */
  readonly current: OnlineKey;
  /** The one that may go. */
  readonly other: OnlineKey;
}

/** Who decides. */
export interface DecisionPorts {
  readonly iam: Pick<IamKeys, "lastUse">;
  readonly tell: (text: string) => void;
  /** What --delete-key names: the id, or its last characters. */
  readonly named: string | undefined;
  /** Asks a person: true for yes; the hint is for where there is no terminal. */
  readonly confirm: (question: string, hint: string) => Promise<boolean>;
}

/** The last characters of a key's id, which are all that is shown of it. */
export function tail(accessKeyId: string): string {
  return `…${accessKeyId.slice(-4)}`;
}

/**
 * Whether the other key is to be deleted. Both are shown, with their last use.
 *
 * @throws {UsageError} when nothing says it and there is no terminal
 */
export async function decideAboutOther(
  { iam, tell, named, confirm }: DecisionPorts,
  { userName, current, other }: TwoKeys,
): Promise<boolean> {
  const rows = await Promise.all([current, other].map(async (key) => [
    tail(key.accessKeyId),
    day(key.created),
    key.isActive ? "active" : "inactive",
    await usedLast(iam, key),
    key === current ? "in the store, in use" : "not in the store",
  ]));
  tell(`User "${userName}" has two access keys, and AWS allows no third:\n`);
  tell(formatTable(["KEY", "MADE", "STATUS", "LAST USED", "WHERE"], rows));
  if (named !== undefined && other.accessKeyId.endsWith(named)) return true;
  const id = tail(other.accessKeyId);
  return await confirm(
    `Delete ${id} for good?`,
    `make sure that no program uses ${id}, then add --delete-key ${other.accessKeyId.slice(-4)}`,
  );
}

/** IAM may not be allowed to tell: that is said in its place. */
async function usedLast(iam: DecisionPorts["iam"], { accessKeyId }: OnlineKey): Promise<string> {
  try {
    const use = await iam.lastUse(accessKeyId);
    return use === undefined ? "never" : `${day(use.at)}, ${use.service}`;
  } catch (error) {
    if (error instanceof StsavalError && error.code === "SOURCE_REFUSED") return "not known";
    throw error;
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
