/**
 * The settings of each profile, put together from the sections of all files and from the profiles that it includes.
 *
 * @module
 */

import { type FilePlace, formatPlace } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { ConfigWarning, IniFile, IniSection, IniSetting } from "./file/ini.ts";
import { unknownKey } from "./file/known_settings.ts";
import { quoteKey, quoteValue } from "./file/quote.ts";
import { olderNames, type ProfileField, settingNames } from "./file/setting_names.ts";

/** The settings of one profile. */
export interface ProfileSource {
  readonly name: string;
  readonly place: FilePlace;
  readonly settings: ReadonlyMap<string, IniSetting>;
  /** What cannot be read, with its place: whoever uses the profile may be missing what it says. */
  readonly problems: readonly string[];
}

/**
 * Yields the profiles one by one, so that the settings of a large file are never in memory at once: merged setting by
 * setting from the sections of all files, where a later file wins. What does not count goes to `warnings`.
 */
export function* profileSources(
  files: readonly IniFile[],
  warnings: ConfigWarning[],
): Generator<ProfileSource> {
  const sections = profileSections(files);
  const included = new Map<string, ProfileSource | undefined>();
  const others: OtherProfiles = {
    names: () => sections.keys(),
    get(name) {
      if (!included.has(name)) included.set(name, ownSource(sections.get(name), []));
      return included.get(name);
    },
  };
  for (const parts of sections.values()) {
    const source = ownSource(parts, warnings);
    if (source === undefined) continue;
    for (const warning of unknownKeys(source)) warnings.push(warning);
    yield withIncluded(source, others);
  }
}

/** The sections of each profile, in the order of the files. */
function profileSections(files: readonly IniFile[]): ReadonlyMap<string, readonly IniSection[]> {
  const sections = new Map<string, IniSection[]>();
  for (const section of files.flatMap((file) => file.sections)) {
    if (section.kind !== "profile") continue;
    const found = sections.get(section.name);
    if (found === undefined) sections.set(section.name, [section]);
    else found.push(section);
  }
  return sections;
}

/** What a profile sets itself. */
function ownSource(
  sections: readonly IniSection[] = [],
  warnings: ConfigWarning[],
): ProfileSource | undefined {
  let source: ProfileSource | undefined;
  for (const section of sections) source = mergeSection(source, section, warnings);
  return source && withNewerNames(source, warnings);
}

function mergeSection(
  older: ProfileSource | undefined,
  { name, place, settings, problems = [] }: IniSection,
  warnings: ConfigWarning[],
): ProfileSource {
  if (older === undefined) return { name, place, settings, problems };
  for (const setting of settings.values()) {
    const replaced = older.settings.get(setting.key);
    if (replaced !== undefined) warnings.push(replacedWarning(replaced, setting.place));
  }
  return {
    ...older,
    settings: new Map([...older.settings, ...settings]),
    problems: [...older.problems, ...problems],
  };
}

function replacedWarning({ key, place }: IniSetting, by: FilePlace): ConfigWarning {
  return { place, message: `setting ignored: "${key}" is set in "${by.file}" too`, byRule: true };
}

function withNewerNames(source: ProfileSource, warnings: ConfigWarning[]): ProfileSource {
  if (Object.keys(olderNames).every((older) => !source.settings.has(older))) return source;
  const settings = new Map(source.settings);
  for (const [older, newer] of Object.entries(olderNames)) {
    const setting = settings.get(older);
    if (setting === undefined || setting.value === "") continue;
    settings.delete(older);
    const counts = (settings.get(newer)?.value ?? "") === "";
    if (counts) settings.set(newer, { ...setting, key: newer });
    const message = counts
      ? `"${older}" is read as "${newer}", its newer name`
      : `setting ignored: "${newer}" stands beside "${older}", its older name`;
    warnings.push({ place: setting.place, message, profile: source.name });
  }
  return { ...source, settings };
}

function* unknownKeys({ name, settings }: ProfileSource): Generator<ConfigWarning> {
  for (const { key, place, nested } of settings.values()) {
    const unknown = nested === undefined ? unknownKey(key) : undefined;
    if (unknown === undefined) continue;
    const { nearest, matters } = unknown;
    const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    const message = `setting ignored: ${quoteKey(key)} is not known to stsaval${hint}`;
    yield { place, message, ...(matters ? { profile: name } : {}) };
  }
}

/** What aws-vault takes from an included profile, as far as stsaval knows it: everything but keys. */
const included: readonly ProfileField[] = [
  ...["roleArn", "mfaSerial", "sourceProfile", "externalId", "durationSeconds"] as const,
  ...["roleSessionName", "region", "endpointUrl", "stsRegionalEndpoints", "caBundle"] as const,
  ...["webIdentityTokenFile", "webIdentityTokenProcess"] as const,
  ...["credentialProcess", "mfaProcess", "mfaStore", "sealCache", "ssoSession"] as const,
  ...["policy", "policyArns", "sessionTags", "transitiveSessionTags", "sourceIdentity"] as const,
  "scopePolicy",
  ...["ssoStartUrl", "ssoRegion", "ssoAccountId", "ssoRoleName"] as const,
];

/** Each profile of a row walks all of it, so a long row would take the square of its length. */
const mostIncludes = 100;

/** The profiles that one may include. */
interface OtherProfiles {
  names(): Iterable<string>;
  /** What the profile sets itself. */
  get(name: string): ProfileSource | undefined;
}

/**
 * The profile with what it includes (`include_profile`), as aws-vault reads it: what it does not set itself comes from
 * the profile that it names, from the one which that names, and at last from "default". A profile that includes none
 * inherits nothing, as everywhere else.
 */
function withIncluded(source: ProfileSource, others: OtherProfiles): ProfileSource {
  if (includeOf(source) === undefined) return source;
  const settings = new Map(source.settings);
  const problems = [...source.problems];
  const visited = new Set([source.name]);
  for (let last = source;;) {
    const include = includeOf(last);
    const next = others.get(include?.value ?? "default");
    if (next === undefined || visited.has(next.name)) {
      if (include !== undefined) problems.push(describeInclude(last.name, include, next, others));
      return { ...source, settings, problems };
    }
    if (visited.size > mostIncludes) {
      problems.push(`profile "${source.name}" includes more than ${mostIncludes} others in a row`);
      return { ...source, settings, problems };
    }
    visited.add(next.name);
    for (const problem of next.problems) problems.push(problem);
    inherit(settings, next);
    last = next;
  }
}

function inherit(settings: Map<string, IniSetting>, from: ProfileSource): void {
  for (const key of included.map((field) => settingNames[field])) {
    const inherited = from.settings.get(key);
    if (inherited === undefined || (settings.get(key)?.value ?? "") !== "") continue;
    // Keys from elsewhere leave no place for another source.
    const isSource = key === settingNames.sourceProfile;
    if (isSource && settings.has(settingNames.credentialSource)) continue;
    settings.set(key, inherited);
  }
}

function includeOf({ settings }: ProfileSource): IniSetting | undefined {
  const setting = settings.get(settingNames.includeProfile);
  return setting === undefined || setting.value === "" ? undefined : setting;
}

function describeInclude(
  profile: string,
  { value, place, key }: IniSetting,
  found: ProfileSource | undefined,
  others: OtherProfiles,
): string {
  const what = `${key} of profile "${profile}" at ${formatPlace(place)} is ${quoteValue(value)}`;
  if (found !== undefined) return `${what}, which includes it in turn`;
  const nearest = nearestName(value, others.names());
  return `${what}, which does not exist${
    nearest === undefined ? "" : `; did you mean "${nearest}"?`
  }`;
}
