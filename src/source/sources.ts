/**
 * The table of sources. A profile that names several kinds takes the first of them, after its own keys.
 *
 * @module
 */

import type { Profile } from "../config/profile.ts";
import type { SourceStep } from "../plan.ts";
import { container } from "./container.ts";
import { credentialProcess } from "./process/credential_process.ts";
import { instanceMetadata } from "./instance_metadata.ts";
import { login } from "./login/login.ts";
import type { Source } from "./source.ts";
import { sso } from "./sso/sso.ts";
import { webIdentity } from "./web_identity.ts";

/** The kinds, in the order of precedence of the AWS SDKs' test vectors. */
export const sources: readonly Source[] = [
  webIdentity,
  credentialProcess,
  sso,
  login,
  container,
  instanceMetadata,
];

/** The record of the step's kind. */
export function sourceOf({ source }: SourceStep): Source {
  const found = sources.find((record) => record.source === source);
  if (found === undefined) throw new RangeError(`there is no source "${source}"`);
  return found;
}

/** The kinds that a profile names, or a profile that it rests on. */
export function sourcesBehind(
  name: string,
  profiles: ReadonlyMap<string, Profile>,
): ReadonlySet<Source> {
  const found = new Set<Source>();
  const visited = new Set<string>();
  for (
    let profile = profiles.get(name);
    profile !== undefined && !visited.has(profile.name);
    profile = profiles.get(profile.sourceProfile ?? "")
  ) {
    visited.add(profile.name);
    for (const source of sources) if (source.isNamedBy(profile)) found.add(source);
  }
  return found;
}
