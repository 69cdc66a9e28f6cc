/**
 * The table of sources. A profile that names several kinds takes the first of them, after its own keys.
 *
 * @module
 */

import type { ChainLink } from "../config/plan/default_chain.ts";
import type { Profile } from "../config/profile.ts";
import { type BaseStep, isKeysStep, type SourceStep } from "../plan.ts";
import type { System } from "../system.ts";
import { container } from "./metadata/container.ts";
import { credentialProcess } from "./process/credential_process.ts";
import { instanceMetadata } from "./metadata/instance_metadata.ts";
import { login } from "./login/login.ts";
import { nextName } from "./profile_behind.ts";
import { sealedKeys } from "./sealed/sealed_keys.ts";
import type { Source } from "./source.ts";
import { sso } from "./sso/sso.ts";
import { githubOidc } from "./web_identity/github.ts";
import { webIdentity } from "./web_identity/token_file.ts";
import { webIdentityProcess } from "./web_identity/token_process.ts";

/** The kinds, in the order of precedence of the AWS SDKs' test vectors. */
export const sources: readonly Source[] = [
  sealedKeys,
  webIdentity,
  webIdentityProcess,
  githubOidc,
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

/** The kinds that a profile names, or a profile that it rests on, or the link of the default chain at its end. */
export function sourcesBehind(
  name: string,
  { profiles, links }: {
    readonly profiles: ReadonlyMap<string, Profile>;
    readonly links: readonly ChainLink[];
  },
): ReadonlySet<Source> {
  const found = new Set<Source>();
  const visited = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !visited.has(next);) {
    visited.add(next);
    const profile = profiles.get(next);
    const kind = profile === undefined ? links.find((link) => link.name === next)?.kind : undefined;
    for (const source of sources) {
      if (source.source === kind || profile && source.isNamedBy(profile)) found.add(source);
    }
    next = profile && nextName(profile);
  }
  return found;
}

/** The base with what identifies the one whose credentials it gives, where its settings alone do not. */
export function identified(
  base: BaseStep,
  context: { readonly system: Pick<System, "env" | "files"> },
): BaseStep | Promise<BaseStep> {
  const identity = isKeysStep(base) ? undefined : sourceOf(base).identify?.(base, context);
  return identity === undefined || isKeysStep(base) ? base : withIdentity(base, identity);
}

async function withIdentity(
  base: SourceStep,
  identity: Promise<string | undefined>,
): Promise<SourceStep> {
  const found = await identity;
  return found === undefined ? base : { ...base, settings: { ...base.settings, identity: found } };
}
