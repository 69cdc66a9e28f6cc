/**
 * How one profile leads to the next, and the loops that such links can form.
 *
 * @module
 */

import { formatPlace } from "../../errors.ts";
import { quoteValue } from "../file/quote.ts";
import type { Profile, ProfileField } from "../profile.ts";
import { failProfile, settingAt } from "./problem.ts";

/** The setting by which a profile leads to another one: a command line of stsaval, where it has no role. */
export function linkField({ roleArn }: Profile): ProfileField {
  return roleArn === undefined ? "credentialProcess" : "sourceProfile";
}

/** Says that the profile is resolved here, and its command line not run. */
export function notStarted(profile: Profile, source: string): string {
  const where = settingAt(profile, linkField(profile));
  return `${where} asks stsaval for profile ${quoteValue(source)}, so no program is started for it`;
}

/**
 * Fails for profiles of which the last leads to `next`, one of those before.
 *
 * @throws {ProfileError} with the whole loop
 */
export function failLoop(asked: string, visited: readonly Profile[], next: Profile): never {
  const isByProgram = visited.some(({ roleArn }) => roleArn === undefined);
  if (isByProgram) failProgramLoop(asked, visited.slice(visited.indexOf(next)), next);
  const names = [...visited, next].map(({ name }) => `"${name}"`);
  const walked = names.length > 12 ? [...names.slice(0, 6), "…", ...names.slice(-6)] : names;
  const where = settingAt(visited.at(-1) ?? next, "sourceProfile");
  failProfile(
    asked,
    `its source profiles form a loop: ${walked.join(" -> ")}, closed by ${where}`,
    "make the last of them name a profile that has keys",
  );
}

/** Command lines are longer to look up than names: each is told with its place. */
function failProgramLoop(asked: string, hops: readonly Profile[], next: Profile): never {
  const links = hops.map((profile) => {
    const place = profile.places[linkField(profile)] ?? profile.place;
    return `"${profile.name}" (${formatPlace(place)})`;
  });
  failProfile(
    asked,
    `its profiles form a loop: ${[...links, `"${next.name}"`].join(" -> ")}`,
    "let one of these profiles have credentials of its own",
  );
}
