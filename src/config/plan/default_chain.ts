/**
 * The default chain: where credentials come from when no profile is named, in the order of AWS's SDKs.
 *
 * @module
 */

import { formatPlace, StsavalError } from "../../errors.ts";
import type { BaseStep } from "../../plan.ts";
import type { EndpointRequest } from "../base_kind.ts";
import type { Config } from "../load.ts";
import { hasDefault, usableProfiles } from "../names/default.ts";
import type { Profile } from "../profile.ts";
import { environmentName, keysOfEnvironment } from "./base.ts";

/** The links, in their order; all but the keys and the profile are kinds of the table of sources. */
const order = [
  ...[environmentName, "web-identity", "profile", "container", "instance-metadata"] as const,
] as const;

/** What a link is. */
export type LinkKind = typeof order[number];

/** A link that has credentials, as far as can be told without asking it. */
export interface ChainLink {
  readonly kind: LinkKind;
  /** Stands for it wherever the name of a profile does. */
  readonly name: string;
  /** Such as "AWS_ACCESS_KEY_ID is set"; where it cannot be used, why. */
  readonly reason: string;
}

/** The links that have credentials: the first of them counts. */
export function chainLinks(config: Config): readonly ChainLink[] {
  return order.flatMap((kind) => linkOf(config, kind) ?? []);
}

/**
 * The link that counts where no profile is named, by a word or by the environment. Whether there is an instance can only
 * be told by asking it, which takes a while where there is none: where there are profiles, one of them is meant.
 */
export function defaultLink(config: Config): ChainLink | undefined {
  if (config.environment.profile !== undefined) return undefined;
  const [first] = chainLinks(config);
  const asks = first?.kind === "instance-metadata";
  return asks && usableProfiles(config, { only: "profile" }).length > 0 ? undefined : first;
}

function linkOf(config: Config, kind: LinkKind): ChainLink | undefined {
  if (kind === "profile") {
    const profile = hasDefault(config) ? config.profiles.get("default") : undefined;
    return profile && { kind, name: profile.name, reason: formatPlace(profile.place) };
  }
  const name = nameOf(config, kind);
  try {
    const base = baseOf(config, kind);
    return base && { kind, name, reason: base.reason };
  } catch (error) {
    // Whoever uses the link gets the error itself.
    if (error instanceof StsavalError) return { kind, name, reason: error.message };
    throw error;
  }
}

/**
 * The link of that name, as a profile without settings, and its base.
 *
 * @throws {StsavalError} when a variable of it is missing or broken
 */
export function linkWithName(
  config: Config,
  name: string,
  request?: EndpointRequest,
): { readonly profile: Profile; readonly base: BaseStep } | undefined {
  const kind = order.find((kind) => kind !== "profile" && nameOf(config, kind) === name);
  const base = kind && baseOf(config, kind, request);
  if (base === undefined) return undefined;
  return { base, profile: { name, place: { file: "environment" }, places: {}, problems: [] } };
}

function baseOf(
  config: Config,
  kind: LinkKind,
  request?: EndpointRequest,
): BaseStep | undefined {
  const { environment, env, kinds, profiles } = config;
  const defaults = profiles.get("default");
  if (kind !== environmentName) {
    return kinds.find(({ source }) => source === kind)?.ofEnvironment?.(env, { request, defaults });
  }
  return environment.accessKeyId === undefined ? undefined : keysOfEnvironment(environment);
}

/** A profile that has the same name keeps it. */
function nameOf({ profiles, groups }: Config, kind: LinkKind): string {
  let name: string = kind;
  while (profiles.has(name) || groups.has(name)) name += "-link";
  return name;
}
