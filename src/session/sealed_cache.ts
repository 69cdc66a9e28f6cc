/**
 * Whether the session cache is sealed from now on, for what a request wants.
 *
 * @module
 */

import type { Config } from "../config/load.ts";
import type { CredentialPlan } from "../plan.ts";

/**
 * True if any of the plans wants it sealed. False if one of them says that it should not be, and no profile of the
 * configuration wants it: the cache is one for all of them. Else it is left as it is.
 */
export function sealWish(
  plans: readonly Pick<CredentialPlan, "sealCache">[],
  { profiles }: Pick<Config, "profiles">,
): boolean | undefined {
  const said = plans.map(({ sealCache }) => sealCache);
  if (said.includes(true)) return true;
  if (!said.includes(false)) return undefined;
  const isWanted = [...profiles.values()].some(({ sealCache }) => sealCache === true);
  return isWanted ? undefined : false;
}
