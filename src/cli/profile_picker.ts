/**
 * Lets a person pick profiles where none is named.
 *
 * @module
 */

import { createSessionCache } from "../cache/cache.ts";
import { expiryOf } from "../cache/port.ts";
import { readUsage, type Usage } from "../cache/usage.ts";
import type { Profile } from "../config/profile.ts";
import { hasColor } from "../output/style.ts";
import { visible } from "../output/table.ts";
import { formatRoughly } from "../output/time_left.ts";
import type { Invocation } from "./command.ts";
import { pick } from "./prompt/pick.ts";
import type { PickerItem } from "./prompt/picker.ts";

/**
 * The names of the profiles that a person picks, at least one; what was picked is said, and counted for the next time.
 *
 * @throws {InterruptedError} when none is picked
 */
export async function pickProfiles(
  invocation: Invocation,
  profiles: readonly Profile[],
  { several }: { readonly several: boolean },
): Promise<readonly string[]> {
  const { signal, system } = invocation;
  const known = await knownOf(invocation);
  const names = await pick(system, sortedItems(profiles, known), {
    several,
    signal,
    styled: hasColor(system, "err"),
  });
  const label = names.length === 1 ? "Profile" : "Profiles";
  system.terminal.err(`${label}: ${names.map(visible).join(", ")}\n`);
  await known.usage?.count(names);
  return names;
}

interface Known {
  readonly usage: Usage | undefined;
  /** Milliseconds that are left of cached credentials, by profile. */
  readonly left: ReadonlyMap<string, number>;
}

/** What the cache knows, for the commands that may read it. */
async function knownOf({ arguments: given, command, logger, system }: Invocation): Promise<Known> {
  const { clock, env, files } = system;
  if (given.isNegated("cache") || !command.needs.includes("cache")) {
    return { usage: undefined, left: new Map() };
  }
  const ports = { clock, env, files, logger };
  const entries = await createSessionCache(ports)?.list() ?? [];
  // The last one to expire counts.
  const left = new Map(entries.map((entry) => [entry.profile, expiryOf(entry) - clock.now()]));
  return { usage: await readUsage(ports), left };
}

/** Those that are picked most come first, then those that have credentials, then the order of the files. */
function sortedItems(
  profiles: readonly Profile[],
  { usage, left }: Known,
): readonly PickerItem[] {
  const score = ({ name }: Profile) => usage?.scores.get(name) ?? 0;
  const has = ({ name }: Profile) => Number(left.has(name));
  const sorted = profiles.toSorted((a, b) => score(b) - score(a) || has(b) - has(a));
  return sorted.map((profile) => itemOf(profile, left.get(profile.name) ?? 0));
}

function itemOf(profile: Profile, left: number): PickerItem {
  const { name, roleArn = "", region = "", ssoAccountId = "", ssoRoleName = "" } = profile;
  const [, account = ssoAccountId, role = ssoRoleName] =
    /^arn:[^:]*:iam::([^:]*):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  return { name, account, role, region, left: left > 0 ? formatRoughly(left) : "" };
}
