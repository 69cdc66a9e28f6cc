/**
 * Loops of profiles whose programs ask for each other's credentials. What a program asks for is read from its command
 * line, so that nothing has to be started to find them; what cannot be read there is found by the variable that each
 * program is given.
 *
 * @module
 */

import type { Recognition } from "../../config/base_kind.ts";
import { failProfile } from "../../config/plan/problem.ts";
import type { Profile } from "../../config/profile.ts";
import { askingLine } from "./asking_line.ts";
import { formatLoop, type WaitingProfile, waitingProfiles } from "./process_chain.ts";

/** A program that waits for a profile must not be started for that profile. */
export function rejectLoop(recognition: Recognition): void {
  const loop = runningLoop(recognition) ?? writtenLoop(recognition);
  if (loop === undefined) return;
  failProfile(
    recognition.asked,
    `${
      loop.length === 1 ? "its program asks" : "programs ask"
    } for the credentials of a profile that ` +
      `waits for them: ${formatLoop(loop)}`,
    "let one of these profiles have credentials of its own",
  );
}

/** The profile's program runs already, and this process was started by it. */
function runningLoop(
  { profile, environment }: Recognition,
): readonly WaitingProfile[] | undefined {
  const waiting = waitingProfiles(environment.processChain);
  const own = placeOf(profile);
  const start = waiting.findIndex(({ profile: name, place }) =>
    name === profile.name && place.file === own.file
  );
  return start < 0 ? undefined : waiting.slice(start);
}

/** The programs would ask for one another, as far as their command lines tell. */
function writtenLoop(
  { profile, profiles, environment }: Recognition,
): readonly WaitingProfile[] | undefined {
  const path: Profile[] = [];
  for (let at: Profile | undefined = profile; at !== undefined;) {
    const start = path.indexOf(at);
    if (start >= 0) {
      return path.slice(start).map((one) => ({ profile: one.name, place: placeOf(one) }));
    }
    path.push(at);
    const next = nextOf(at, environment.profile);
    at = next === undefined ? undefined : profiles.get(next);
  }
  return undefined;
}

/** The profile whose credentials are needed first. */
function nextOf(
  { roleArn, sourceProfile, accessKeyId, credentialProcess }: Profile,
  unnamed = "default",
): string | undefined {
  if (roleArn !== undefined && sourceProfile !== undefined) return sourceProfile;
  if (accessKeyId !== undefined || credentialProcess === undefined) return undefined;
  const line = askingLine(credentialProcess);
  return line && (line.profile ?? unnamed);
}

function placeOf({ places, place, roleArn }: Profile): WaitingProfile["place"] {
  return (roleArn === undefined ? places.credentialProcess : places.sourceProfile) ?? place;
}
