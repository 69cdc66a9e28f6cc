/**
 * Messages about problems of a profile, and their location.
 *
 * @module
 */

import { formatPlace, ProfileError } from "../../errors.ts";
import { type Profile, type ProfileField, settingNames } from "../profile.ts";

/** `role_arn of profile "a" at "/home/kim/.aws/config", line 12`. */
export function settingAt(profile: Profile, field: ProfileField): string {
  const place = formatPlace(profile.places[field] ?? profile.place);
  return `${settingNames[field]} of profile "${profile.name}" at ${place}`;
}

/** `profile "a" at "/home/kim/.aws/config", line 11`. */
export function profileAt(profile: Profile): string {
  return `profile "${profile.name}" at ${formatPlace(profile.place)}`;
}

/** The reason of a step: `profile "a" sets role_arn at "/home/kim/.aws/config", line 12`. */
export function reasonOf(profile: Profile, field: ProfileField): string {
  const place = formatPlace(profile.places[field] ?? profile.place);
  return `profile "${profile.name}" sets ${settingNames[field]} at ${place}`;
}

/** Throws the error for a requested profile that cannot be used. */
export function failProfile(asked: string, why: string, hint?: string): never {
  throw new ProfileError([{
    profile: asked,
    message: `Cannot use profile "${asked}": ${why}`,
    hint,
  }]);
}

/**
 * Fails where the profile has a problem with one of the fields. It is asked for each setting of each profile, and next to
 * none has a problem.
 *
 * @throws {ProfileError} with all of them
 */
export function failProblemsOf(
  asked: string,
  profile: Profile,
  ...fields: readonly (ProfileField | "line")[]
): void {
  if (profile.problems.length > 0) failProblems(asked, [[profile, fields]]);
}

/**
 * Fails where one of the profiles has a problem with one of the fields; "line" stands for lines that cannot be read.
 *
 * @throws {ProfileError} with all of them
 */
export function failProblems(
  asked: string,
  uses: readonly (readonly [profile: Profile, fields: readonly (ProfileField | "line")[]])[],
): void {
  if (uses.every((use) => use[0].problems.length === 0)) return;
  const messages = uses.flatMap(([{ problems }, fields]) =>
    problems.filter((problem) => fields.includes(problem.field ?? "line"))
      .map(({ message }) => message)
  );
  if (messages.length > 0) failProfile(asked, [...new Set(messages)].join("; "));
}
