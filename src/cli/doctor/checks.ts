/**
 * The table of checks: `stsaval doctor` runs each row. Adding a check means adding a row to one of its parts.
 *
 * @module
 */

import { cacheChecks } from "./checks/cache.ts";
import { environmentChecks } from "./checks/environment.ts";
import { keyChecks } from "./checks/keys.ts";
import { fileChecks } from "./checks/files.ts";
import { networkChecks } from "./checks/network.ts";
import { profileChecks } from "./checks/profiles.ts";
import type { Examined } from "./examined.ts";
import { type Check, type NamedFinding, severities } from "./finding.ts";

/** The rows, in the order in which findings are shown. */
export const checks: readonly Check[] = [
  ...fileChecks,
  ...profileChecks,
  ...environmentChecks,
  // Before the network's, which leaves no host but that of STS.
  ...keyChecks,
  ...networkChecks,
  ...cacheChecks,
];

/** What all checks find, the worst first. */
export async function findingsOf(examined: Examined): Promise<readonly NamedFinding[]> {
  const found: NamedFinding[] = [];
  for (const check of checks) {
    examined.invocation.signal.throwIfAborted();
    for (const finding of await check.run(examined)) found.push({ ...finding, check: check.name });
  }
  const rank = ({ severity }: NamedFinding) => severities.indexOf(severity);
  return withoutRepeats(found).toSorted((a, b) => rank(a) - rank(b));
}

/** Where two checks see the same, the first counts. */
function withoutRepeats(found: readonly NamedFinding[]): readonly NamedFinding[] {
  const seen = new Set<string>();
  return found.filter(({ message, place }) => {
    const key = JSON.stringify([message, place?.file, place?.line]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
