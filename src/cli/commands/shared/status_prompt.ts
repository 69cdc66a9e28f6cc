/**
 * The credentials of a shell in a few characters, for its prompt.
 *
 * @module
 */

import { type CacheListing, expiryOf } from "../../../cache/port.ts";
import { painterFor } from "../../../output/style.ts";
import { visible } from "../../../output/table.ts";
import { formatRoughly, roleOfLeft } from "../../../output/time_left.ts";
import type { System } from "../../../system.ts";

/**
 * `dev 43m`, or `dev expired`, as a line; empty where there is nothing to say. A shell that was given credentials knows
 * when these end; else the profile of the environment counts, else whatever is cached: `3 profiles 43m`.
 */
export function formatPrompt(
  entries: readonly CacheListing[],
  system: Pick<System, "clock" | "env" | "terminal">,
): string {
  const { clock, env } = system;
  const named = env.get("AWS_PROFILE") ?? env.get("AWS_DEFAULT_PROFILE");
  const own = Date.parse(env.get("AWS_CREDENTIAL_EXPIRATION") ?? "");
  const [name, end] = Number.isNaN(own)
    ? fromCache(entries, named)
    : [env.get("STSAVAL_PROFILE") ?? named ?? "aws", own];
  if (end === undefined) return "";
  const left = end - clock.now();
  const time = left > 0 ? formatRoughly(left) : "expired";
  const paint = painterFor(system, "out");
  return `${visible(name)} ${paint(roleOfLeft(left), time)}\n`;
}

function fromCache(
  entries: readonly CacheListing[],
  named: string | undefined,
): readonly [name: string, end: number | undefined] {
  if (named !== undefined) {
    // What lives longest: a profile may have several, such as one for each policy.
    const ends = entries.filter(({ profile }) => profile === named).map(expiryOf);
    return [named, ends.sort((a, b) => a - b).at(-1)];
  }
  const names = [...new Set(entries.map(({ profile }) => profile))];
  const [first = ""] = names;
  const name = names.length === 1 ? first : `${names.length} profiles`;
  return [name, entries.map(expiryOf).sort((a, b) => a - b).at(0)];
}
