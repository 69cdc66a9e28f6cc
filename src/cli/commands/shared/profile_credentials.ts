/**
 * The credentials of one profile, for commands that hand them to a shell or to another program.
 *
 * @module
 */

import { type CredentialsFields, setKey } from "../../../credentials.ts";
import { StsavalError } from "../../../errors.ts";
import type { StsCore } from "../../../session/core.ts";
import type { Invocation } from "../../command.ts";
import { mfaCodeOption, openCore } from "../../context.ts";
import { wantedProfile } from "../../profile_names.ts";

/** A profile with its credentials. */
export interface ProfileCredentials {
  readonly name: string;
  /** The region of `--region`, else the profile's own. */
  readonly region: string | undefined;
  readonly credentials: CredentialsFields;
}

/** The region of `--region`, else that of the profile. */
export async function regionOf(
  { arguments: given }: Invocation,
  core: StsCore,
  name: string,
): Promise<string | undefined> {
  const region = given.text("region");
  if (region !== undefined) return region;
  return (await core.profiles()).find((profile) => profile.name === name)?.region;
}

/**
 * The profile with its credentials and its region. Nothing is refreshed in the background afterwards.
 *
 * @throws {UsageError} when no profile is named
 */
export async function openProfileCredentials(invocation: Invocation): Promise<ProfileCredentials> {
  const name = await wantedProfile(invocation);
  const core = await openCore(invocation, {});
  await using _core = core;
  const credentials = await credentialsOfOne(invocation, core, name);
  return { name, credentials, region: await regionOf(invocation, core, name) };
}

/** The credentials of the profile, which {@linkcode wantedProfile} has found. */
export async function credentialsOfOne(
  invocation: Invocation,
  core: StsCore,
  name: string,
): Promise<CredentialsFields> {
  const set = await core.generateCredentials([name], {
    lifetime: invocation.arguments.text("lifetime"),
    keepFresh: false,
    mfaCode: mfaCodeOption(invocation),
    signal: invocation.signal,
  });
  const credentials = set.toJSON()[setKey(name)];
  if (credentials === undefined) {
    throw new StsavalError("FAILED", `Cannot find the credentials of profile "${name}"`);
  }
  return credentials;
}

/** Keeps how credentials from the cache are found there, for the next time. */
export async function remember(
  invocation: Invocation,
  found: Pick<ProfileCredentials, "name" | "credentials">,
): Promise<void> {
  const { rememberLookup } = await import("../../shortcut/remember.ts");
  await rememberLookup(invocation, invocation.command.options, found);
}
