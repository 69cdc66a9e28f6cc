/**
 * Resolves a profile to its chain: the roles to assume, and the base credentials.
 *
 * @module
 */

import { formatPlace, ProfileError } from "../../errors.ts";
import { nearestName } from "../../nearest.ts";
import type { BaseStep } from "../../plan.ts";
import { namedBase, roleBase, setsKeys, staticKeys, userBase } from "./base.ts";
import type { Config } from "../load.ts";
import { failProfile, profileAt, reasonOf, settingAt } from "./problem.ts";
import { type Profile, type ProfileField, settingNames } from "../profile.ts";
import { quoteValue } from "../file/quote.ts";

/** A role of a chain. */
export interface RoleHop {
  readonly profile: Profile;
  readonly roleArn: string;
  /** The setting that names it, and where. */
  readonly reason: string;
}

/** How a profile leads to keys. */
export interface Chain {
  /** The requested profile. */
  readonly profile: Profile;
  readonly base: BaseStep;
  /** The profile that defines the base. */
  readonly baseProfile: Profile;
  /** The roles in the order in which they are assumed; empty for a profile without a role. */
  readonly roles: readonly RoleHop[];
}

/**
 * The chain of a profile. A role without a source is assumed with `defaultSource`, if given.
 *
 * @throws {ProfileError} when the profile or one of its sources does not exist, is incomplete, or holds an invalid
 * value
 */
export function resolveChain(
  config: Config,
  profileName: string,
  defaultSource?: string,
): Chain {
  const walk = new Walk(config, profileName, defaultSource);
  const chain = walk.toBase();
  const broken = [...walk.visited].flatMap(({ problems }) => problems);
  if (broken.length === 0) return chain;
  return failProfile(profileName, broken.map(({ message }) => message).join("; "));
}

/** The next link of a chain: the base, or a source profile; with or without a role. */
type Link =
  | { readonly base: BaseStep; readonly role?: RoleHop }
  | { readonly source: string; readonly role: RoleHop };

/** The fields that decide the next link. */
const linkFields: readonly ProfileField[] = [
  ...["roleArn", "sourceProfile", "credentialSource", "webIdentityTokenFile"] as const,
  ...[
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "ssoSession",
    "ssoStartUrl",
    "loginSession",
  ] as const,
];

/** One walk from a profile to its base. */
class Walk {
  readonly visited = new Set<Profile>();
  readonly #config: Config;
  readonly #asked: string;
  readonly #defaultSource: string | undefined;

  constructor(config: Config, asked: string, defaultSource: string | undefined) {
    this.#config = config;
    this.#asked = asked;
    this.#defaultSource = defaultSource;
  }

  toBase(): Chain {
    const start = this.#config.profiles.get(this.#asked) ?? this.#failUnknown();
    const roles: RoleHop[] = [];
    let profile = start;
    while (true) {
      this.#visit(profile);
      const link = this.#linkOf(profile);
      if (link.role !== undefined) roles.push(link.role);
      if ("base" in link) {
        return { profile: start, base: link.base, baseProfile: profile, roles: roles.reverse() };
      }
      profile = this.#follow(profile, link.source);
    }
  }

  #visit(profile: Profile): void {
    this.visited.add(profile);
    const unreadable = profile.problems.find(({ field }) =>
      linkFields.includes(field) && profile[field] === undefined
    );
    if (unreadable !== undefined) failProfile(this.#asked, unreadable.message);
  }

  #linkOf(profile: Profile): Link {
    // In a source profile, keys take precedence over its role; in the requested profile they do not.
    if (this.visited.size > 1 && setsKeys(profile)) {
      return { base: staticKeys(this.#asked, profile) };
    }
    if (profile.roleArn === undefined) {
      return { base: userBase(this.#asked, profile, this.#config) };
    }
    const role = { profile, roleArn: profile.roleArn, reason: reasonOf(profile, "roleArn") };
    return this.#linkOfRole(profile, role);
  }

  #linkOfRole(profile: Profile, role: RoleHop): Link {
    const { sourceProfile, credentialSource } = profile;
    if (sourceProfile !== undefined && credentialSource !== undefined) this.#failBoth(profile);
    if (sourceProfile === profile.name) return { base: this.#ownKeys(profile), role };
    if (sourceProfile !== undefined) return { source: sourceProfile, role };
    if (credentialSource !== undefined) {
      return { base: namedBase(this.#asked, profile, credentialSource, this.#config), role };
    }
    const base = roleBase(this.#asked, profile, this.#config);
    if (base !== undefined) return { base };
    const source = this.#defaultSource;
    if (source === undefined || source === profile.name) return this.#failNeither(profile);
    const reason = `${role.reason}; it names no source, so it is assumed by profile "${source}"`;
    return { source, role: { ...role, reason } };
  }

  #ownKeys(profile: Profile): BaseStep {
    if (setsKeys(profile)) return staticKeys(this.#asked, profile);
    return failProfile(
      this.#asked,
      `${settingAt(profile, "sourceProfile")} is the profile itself, which has no keys`,
      `name the profile that has the keys`,
    );
  }

  #follow(profile: Profile, source: string): Profile {
    const next = this.#config.profiles.get(source);
    if (next === undefined) {
      const where = settingAt(profile, "sourceProfile");
      return failProfile(
        this.#asked,
        `${where} is ${quoteValue(source)}, which does not exist`,
        this.#suggest(source),
      );
    }
    if (this.visited.has(next)) this.#failLoop(profile, next);
    return next;
  }

  #failUnknown(): never {
    const why = this.#whyUnknown();
    const message = `Cannot find profile ${quoteValue(this.#asked)}: ${why}`;
    throw new ProfileError([{ profile: this.#asked, message, hint: this.#suggestTarget() }]);
  }

  /** The most likely reason is a section that was ignored because of its name. */
  #whyUnknown(): string {
    const { files, warnings, profiles } = this.#config;
    const ignored = warnings.find(({ section }) => section === this.#asked);
    if (ignored !== undefined) return `${formatPlace(ignored.place)}: ${ignored.message}`;
    if (profiles.size > 0) {
      return `it is neither in "${files.config}" nor in "${files.credentials}"`;
    }
    const none = `no profiles are defined in "${files.config}" and "${files.credentials}"`;
    return files.config.startsWith("~") ? `${none}, and HOME is not set` : none;
  }

  /** Where a profile is asked for, a group could be meant too. */
  #suggestTarget(): string {
    return this.#suggest(this.#asked, this.#config.groups.keys());
  }

  #suggest(name: string, others: Iterable<string> = []): string {
    const nearest = nearestName(name, [...this.#config.profiles.keys(), ...others]);
    return nearest === undefined
      ? "'stsaval profiles' lists the known profiles"
      : `did you mean "${nearest}"?`;
  }

  #failLoop(last: Profile, next: Profile): never {
    const names = [...this.visited, next].map(({ name }) => `"${name}"`);
    const walked = names.length > 12 ? [...names.slice(0, 6), "…", ...names.slice(-6)] : names;
    const where = settingAt(last, "sourceProfile");
    failProfile(
      this.#asked,
      `its source profiles form a loop: ${walked.join(" -> ")}, closed by ${where}`,
      "make the last of them name a profile that has keys",
    );
  }

  #failBoth(profile: Profile): never {
    const { credentialSource } = settingNames;
    failProfile(
      this.#asked,
      `${
        settingAt(profile, "sourceProfile")
      } is set together with ${credentialSource}, wanted only one`,
      `remove one of them from profile "${profile.name}"`,
    );
  }

  #failNeither(profile: Profile): never {
    const { sourceProfile, credentialSource } = settingNames;
    failProfile(
      this.#asked,
      `${settingAt(profile, "roleArn")} needs ${sourceProfile} or ${credentialSource}`,
      `add ${sourceProfile} to ${profileAt(profile)}`,
    );
  }
}
