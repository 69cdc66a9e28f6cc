/**
 * Resolves a profile to its chain: the roles to assume, and the base credentials.
 *
 * @module
 */

import { formatPlace, ProfileError } from "../../errors.ts";
import { nearestName } from "../../nearest.ts";
import type { BaseStep } from "../../plan.ts";
import type { SourceRequest } from "../base_kind.ts";
import { namedBase, ownKeys, roleBase, setsKeys, userBase } from "./base.ts";
import { failLoop, linkField, notStarted } from "./chain_link.ts";
import type { ConfigWarning } from "../file/ini.ts";
import type { Config } from "../load.ts";
import { linkWithName } from "./default_chain.ts";
import {
  failProblems,
  failProblemsOf,
  failProfile,
  profileAt,
  reasonOf,
  settingAt,
} from "./problem.ts";
import { type Profile, type ProfileField, settingNames } from "../profile.ts";
import { quoteValue } from "../file/quote.ts";
import { unquotedName } from "../file/section_header.ts";

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
  /** Where a program of a profile is not started, since it is stsaval itself. */
  readonly notices: readonly string[];
}

/** How far a chain is followed, and how its faults are told. */
export interface ChainOptions {
  /** False suggests no name that is like one that does not exist. */
  readonly suggest?: boolean;
  /** The most roles that it may have. */
  readonly mostRoles?: number;
  /** What was asked for, for sources that call STS by themselves. */
  readonly request?: SourceRequest;
}

/**
 * The chain of a profile. A role without a source is assumed with `defaultSource`, if given. What AssumeRole is sent is
 * checked by {@linkcode checkRoles}.
 *
 * @throws {ProfileError} when the profile or one of its sources does not exist or is incomplete
 */
export function resolveChain(
  config: Config,
  profileName: string,
  defaultSource?: string,
  options: ChainOptions = {},
): Chain {
  return new Walk(config, profileName, defaultSource, options).toBase();
}

/** Fields that matter only to a role when it is assumed. */
const roleFields: readonly ProfileField[] = [
  ...["roleArn", "externalId", "durationSeconds", "roleSessionName"] as const,
];

/** @throws {ProfileError} when a role of the chain has a value that breaks a rule of AssumeRole */
export function checkRoles({ profile, roles }: Chain): void {
  failProblems(profile.name, roles.map((role) => [role.profile, roleFields]));
}

/** The next link of a chain: the base, or a source profile; with or without a role. */
type Link =
  | { readonly base: BaseStep; readonly role?: RoleHop }
  | { readonly source: string; readonly role?: RoleHop };

const keyFields = ["accessKeyId", "secretAccessKey", "sessionToken", "sealedKeys"] as const;
/** The fields that decide the next link. */
const linkFields = [
  ...["roleArn", "sourceProfile", "credentialSource", "webIdentityTokenFile"] as const,
  ...["webIdentityTokenProcess", "credentialProcess"] as const,
  ...["ssoSession", "ssoStartUrl", "loginSession"] as const,
] as const;

/** The fields that a sign-in to IAM Identity Center is read from. */
const ssoFields = ["ssoRegion", "ssoAccountId", "ssoRoleName"] as const;

/** The profile of that name; if there is none and the name is quoted, the profile of the name in the quotes. */
function findProfile({ profiles }: Config, name: string): Profile | undefined {
  return profiles.get(name) ?? profiles.get(unquotedName(name, "credentials") ?? name);
}

const ignored = new WeakMap<readonly ConfigWarning[], ReadonlyMap<string, ConfigWarning>>();

/** The first warning about each section that was ignored, by its name. */
function ignoredSections(
  warnings: readonly ConfigWarning[],
): ReadonlyMap<string, ConfigWarning> {
  const known = ignored.get(warnings);
  if (known !== undefined) return known;
  const sections = new Map<string, ConfigWarning>();
  for (const warning of warnings) {
    const { section } = warning;
    if (section !== undefined && !sections.has(section)) sections.set(section, warning);
  }
  ignored.set(warnings, sections);
  return sections;
}

/** One walk from a profile to its base. */
class Walk {
  readonly visited = new Set<Profile>();
  /** The bases of the profiles that stand for links of the default chain. */
  readonly #links = new Map<Profile, BaseStep>();
  /** True for the requested profile, and for one that a command line of stsaval asks for. */
  #isRequested = true;
  readonly #config: Config & { readonly request: SourceRequest | undefined };
  readonly #asked: string;
  readonly #defaultSource: string | undefined;
  readonly #options: ChainOptions;

  constructor(
    config: Config,
    asked: string,
    defaultSource: string | undefined,
    options: ChainOptions,
  ) {
    this.#options = options;
    this.#config = { ...config, request: options.request };
    this.#asked = asked;
    this.#defaultSource = defaultSource;
  }

  toBase(): Chain {
    const start = this.#find(this.#asked) ?? this.#failUnknown();
    const roles: RoleHop[] = [];
    const notices: string[] = [];
    let profile = start;
    while (true) {
      this.visited.add(profile);
      const link = this.#linkOf(profile);
      if (link.role !== undefined) roles.push(link.role);
      if (roles.length > (this.#options.mostRoles ?? Infinity)) this.#failLong();
      if ("base" in link) {
        const { base } = link;
        return { profile: start, base, baseProfile: profile, roles: roles.reverse(), notices };
      }
      this.#isRequested = link.role === undefined;
      if (this.#isRequested) notices.push(notStarted(profile, link.source));
      profile = this.#follow(profile, link.source);
    }
  }

  #find(name: string): Profile | undefined {
    const found = findProfile(this.#config, name);
    const link = found === undefined
      ? linkWithName(this.#config, name, this.#options.request)
      : undefined;
    if (link === undefined) return found;
    this.#links.set(link.profile, link.base);
    return link.profile;
  }

  #linkOf(profile: Profile): Link {
    const base = this.#links.get(profile);
    if (base !== undefined) return { base };
    failProblemsOf(this.#asked, profile, "line", ...keyFields);
    // In a source profile, keys take precedence over its role; in the requested profile they do not.
    const own = this.#isRequested ? undefined : ownKeys(this.#asked, profile, this.#config);
    if (own !== undefined) return { base: own };
    if (profile.problems.length > 0) {
      const unreadable = linkFields.filter((field) => profile[field] === undefined);
      failProblems(this.#asked, [[profile, unreadable]]);
    }
    if (profile.roleArn === undefined) {
      if (!setsKeys(profile)) failProblemsOf(this.#asked, profile, ...ssoFields);
      return userBase(this.#asked, profile, this.#config);
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
    return ownKeys(this.#asked, profile, this.#config) ?? failProfile(
      this.#asked,
      `${settingAt(profile, "sourceProfile")} is the profile itself, which has no keys`,
      `name the profile that has the keys`,
    );
  }

  #follow(profile: Profile, source: string): Profile {
    const next = this.#find(source);
    if (next === undefined) {
      const where = settingAt(profile, linkField(profile));
      return failProfile(
        this.#asked,
        `${where} ${profile.roleArn === undefined ? "asks for" : "is"} ${
          quoteValue(source)
        }, which does not exist`,
        this.#suggest(source),
      );
    }
    if (this.visited.has(next)) failLoop(this.#asked, [...this.visited], next);
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
    const ignored = ignoredSections(warnings).get(this.#asked);
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
    const nearest = this.#options.suggest === false
      ? undefined
      : nearestName(name, [...this.#config.profiles.keys(), ...others]);
    return nearest === undefined
      ? "'stsaval profiles' lists the known profiles"
      : `did you mean "${nearest}"?`;
  }

  #failLong(): never {
    failProfile(
      this.#asked,
      `more than ${this.#options.mostRoles} roles would be assumed one after another, and AWS ends the last after one hour`,
      "let its role name a source profile that is nearer to the keys",
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
