/**
 * How long a large configuration takes: read both files, then plan one profile. Ten times the profiles may take at
 * most twelve times the time.
 *
 * @module
 */

import { loadConfig } from "../../src/config/load.ts";
import { resolvePlans } from "../../src/config/plan/plan.ts";
import type { Measured, Row } from "../row.ts";
import { ratioOfPairs } from "../statistics.ts";

function portsFor(profiles: number) {
  const roles = Array.from({ length: profiles }, (_, index) =>
    `[profile role-${index}]
role_arn = arn:aws:iam::123456789012:role/Role${index}
source_profile = user
mfa_serial = arn:aws:iam::123456789012:mfa/kim
region = eu-west-1
`);
  const files = new Map([
    ["config", roles.join("")],
    ["credentials", "[user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n"],
  ]);
  return {
    files: { readText: (path: string) => Promise.resolve(files.get(path)) },
    env: { get: () => undefined },
  };
}

const options = { configFile: "config", credentialsFile: "credentials" };

async function planOne(ports: ReturnType<typeof portsFor>): Promise<void> {
  const { plans } = resolvePlans(await loadConfig(ports, options), ["role-7"]);
  if (plans.length !== 1) throw new Error("the profile was not planned");
}

/** Milliseconds for this many runs. */
async function measure(ports: ReturnType<typeof portsFor>, runs: number): Promise<number> {
  const start = performance.now();
  for (let run = 0; run < runs; run++) await planOne(ports);
  return performance.now() - start;
}

/** Both sides of a pair do the same total work, so garbage collection affects both alike. */
async function compare(): Promise<Measured> {
  const small = portsFor(1_000);
  const large = portsFor(10_000);
  return await ratioOfPairs(async () => await measure(small, 10) / 10, () => measure(large, 1), 20);
}

/** The row. */
export const configRows: readonly Row[] = [
  {
    what: "planning one of 10,000 profiles, of one of 1,000",
    limit: { atMost: 12 },
    measure: compare,
  },
];
