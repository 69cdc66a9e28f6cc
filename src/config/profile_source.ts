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

/** The sections that count, by name. */
export interface Sources {
  readonly profiles: ReadonlyMap<string, ProfileSource>;
  readonly services: ReadonlyMap<string, IniSection>;
}

/** Merges the sections of all files setting by setting, a later file wins. What does not count goes to `warnings`. */
export function collectSources(files: readonly IniFile[], warnings: ConfigWarning[]): Sources {
  const merged = new Map<string, ProfileSource>();
  const services = new Map<string, IniSection>();
  for (const section of files.flatMap((file) => file.sections)) {
    if (section.kind === "services") services.set(section.name, section);
    if (section.kind !== "profile") continue;
    merged.set(section.name, mergeSection(merged.get(section.name), section, warnings));
  }
  const named = new Map<string, ProfileSource>();
  for (const [name, source] of merged) named.set(name, withNewerNames(source, warnings));
  for (const source of named.values()) {
    for (const warning of unknownKeys(source)) warnings.push(warning);
  }
  const profiles = new Map<string, ProfileSource>();
  for (const [name, source] of named) profiles.set(name, withIncluded(source, named));
  return { profiles, services };
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

/**
 * The profile with what it includes (`include_profile`), as aws-vault reads it: what it does not set itself comes from
 * the profile that it names, from the one which that names, and at last from "default". A profile that includes none
 * inherits nothing, as everywhere else.
 */
function withIncluded(
  source: ProfileSource,
  sources: ReadonlyMap<string, ProfileSource>,
): ProfileSource {
  if (includeOf(source) === undefined) return source;
  const settings = new Map(source.settings);
  const problems = [...source.problems];
  const visited = new Set([source]);
  for (let last = source;;) {
    const include = includeOf(last);
    const next = sources.get(include?.value ?? "default");
    if (next === undefined || visited.has(next)) {
      if (include !== undefined) problems.push(describeInclude(last.name, include, next, sources));
      return { ...source, settings, problems };
    }
    if (visited.size > mostIncludes) {
      problems.push(`profile "${source.name}" includes more than ${mostIncludes} others in a row`);
      return { ...source, settings, problems };
    }
    visited.add(next);
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
  sources: ReadonlyMap<string, ProfileSource>,
): string {
  const what = `${key} of profile "${profile}" at ${formatPlace(place)} is ${quoteValue(value)}`;
  if (found !== undefined) return `${what}, which includes it in turn`;
  const nearest = nearestName(value, sources.keys());
  return `${what}, which does not exist${
    nearest === undefined ? "" : `; did you mean "${nearest}"?`
  }`;
}
