/**
 * The base of a chain: the keys of a profile, or the source that it names for them.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { ProfileError } from "../../errors.ts";
import type { BaseStep, KeysStep } from "../../plan.ts";
import type { ConfigEnvironment } from "../environment.ts";
import { definedFields } from "../fields.ts";
import type { Config } from "../load.ts";
import { type KeyFault, keyFault } from "./key_shape.ts";
import { failProfile, profileAt, reasonOf, settingAt } from "./problem.ts";
import {
  type CredentialSource,
  type Profile,
  type ProfileField,
  settingNames,
} from "../profile.ts";

const keyFields = ["accessKeyId", "secretAccessKey", "sessionToken"] as const;

/** True if the profile sets any of its own keys, complete or not. */
export function setsKeys(profile: Profile): boolean {
  return keyFields.some((field) => profile[field] !== undefined);
}

/**
 * The profile's own keys, in the file or sealed; undefined where it has none.
 *
 * @throws {ProfileError} when half of the pair is missing
 */
export function ownKeys(asked: string, profile: Profile, config: Config): BaseStep | undefined {
  if (setsKeys(profile)) return staticKeys(asked, profile);
  const kind = config.kinds.find(({ isOwnKeys }) => isOwnKeys);
  return kind?.ofProfile?.({ ...config, asked, profile });
}

/** The profile's own keys; fails if half of the pair is missing. */
export function staticKeys(asked: string, profile: Profile): KeysStep {
  const { accessKeyId, secretAccessKey, sessionToken } = profile;
  if (accessKeyId === undefined) return failHalfPair(asked, profile, "accessKeyId");
  if (secretAccessKey === undefined) return failHalfPair(asked, profile, "secretAccessKey");
  const keys = definedFields<AccessKeys>({ accessKeyId, secretAccessKey, sessionToken });
  const fault = keyFault(keys);
  if (fault !== undefined) {
    failProfile(asked, `${settingAt(profile, fault.field)} ${fault.why}`, fault.hint);
  }
  const reason = reasonOf(profile, "accessKeyId");
  return { kind: "static-keys", profile: profile.name, keys, reason };
}

function failHalfPair(asked: string, profile: Profile, missing: ProfileField): never {
  const present = keyFields.filter((field) => profile[field] !== undefined);
  const where = present.map((field) => settingAt(profile, field)).join(" and ");
  const key = settingNames[missing];
  failProfile(
    asked,
    `${where} ${present.length > 1 ? "are" : "is"} set, but ${key} is missing`,
    `add ${key} to profile "${profile.name}"`,
  );
}

/** The base credentials of a profile without a role, or the profile whose credentials it takes over. */
export function userBase(
  asked: string,
  profile: Profile,
  config: Config,
): { readonly base: BaseStep } | { readonly source: string } {
  const own = ownKeys(asked, profile, config);
  if (own !== undefined) return { base: own };
  for (const kind of config.kinds) {
    const source = kind.behind?.({ ...config, asked, profile });
    if (source !== undefined) return { source };
    const base = kind.ofProfile?.({ ...config, asked, profile });
    if (base !== undefined) return { base };
  }
  const { accessKeyId, secretAccessKey, roleArn } = settingNames;
  return failProfile(
    asked,
    `${profileAt(profile)} has neither keys nor a role`,
    `add ${accessKeyId} and ${secretAccessKey}, or ${roleArn}, to profile "${profile.name}"`,
  );
}

/** The source that assumes the role of a profile by itself, where the profile names one. */
export function roleBase(
  asked: string,
  profile: Profile,
  config: Config,
): BaseStep | undefined {
  for (const kind of config.kinds) {
    const step = kind.ofRole?.({ ...config, asked, profile });
    if (step !== undefined) return step;
  }
  return undefined;
}

/** The base that `credential_source` names. */
export function namedBase(
  asked: string,
  profile: Profile,
  source: CredentialSource,
  config: Config,
): BaseStep {
  if (source === "Environment") return environmentBase(asked, profile, config.environment);
  const kind = config.kinds.find(({ credentialSource }) => credentialSource === source);
  const step = kind?.ofProfile?.({ ...config, asked, profile });
  if (step !== undefined) return step;
  return failProfile(asked, `${settingAt(profile, "credentialSource")} is of no known kind`);
}

function environmentBase(
  asked: string,
  profile: Profile,
  environment: ConfigEnvironment,
): BaseStep {
  const where = `${settingAt(profile, "credentialSource")} is Environment`;
  const missing = missingVariable(environment);
  if (missing !== undefined) {
    failProfile(asked, `${where}, but ${missing} is not set`, `set ${missing}`);
  }
  const fault = environmentFault(environment);
  if (fault !== undefined) {
    failProfile(asked, `${where}, but ${fault.variable} ${fault.why}`, fault.hint);
  }
  return environmentKeys(profile.name, environment, reasonOf(profile, "credentialSource"));
}

/** The name that stands for the keys of the environment, where a profile's would. */
export const environmentName = "environment";

/**
 * The keys of the environment, where no profile asks for them.
 *
 * @throws {ProfileError} when one of the variables is missing or broken
 */
export function keysOfEnvironment(environment: ConfigEnvironment): KeysStep {
  const missing = missingVariable(environment);
  if (missing !== undefined) {
    failEnvironment(`AWS_ACCESS_KEY_ID is set, but ${missing} is not`, unsetHint);
  }
  const fault = environmentFault(environment);
  if (fault !== undefined) failEnvironment(`${fault.variable} ${fault.why}`, fault.hint);
  return environmentKeys(environmentName, environment, "AWS_ACCESS_KEY_ID is set");
}

/** Fails where a session token is wanted for the temporary keys of the environment. */
export function failTemporary({ sessionVariable }: ConfigEnvironment): never {
  failEnvironment(
    `${sessionVariable} makes them temporary, so no session token can be issued`,
    unsetHint,
  );
}

const unsetHint = "unset the AWS_ variables, or name a profile";

function failEnvironment(why: string, hint: string): never {
  const message = `Cannot use the keys of the environment: ${why}`;
  throw new ProfileError([{ profile: environmentName, message, hint }]);
}

/** What is wrong with the keys in the environment, and with which variable. */
function environmentFault(
  { accessKeyId = "", secretAccessKey = "", sessionToken, sessionVariable }: ConfigEnvironment,
): KeyFault & { readonly variable: string } | undefined {
  const keys = definedFields<AccessKeys>({ accessKeyId, secretAccessKey, sessionToken });
  const fault = keyFault(keys);
  const variables = {
    accessKeyId: "AWS_ACCESS_KEY_ID",
    secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    sessionToken: String(sessionVariable),
  };
  return fault && { ...fault, variable: variables[fault.field] };
}

/** The first missing variable of the key pair in the environment. */
function missingVariable(environment: ConfigEnvironment): string | undefined {
  if (environment.accessKeyId === undefined) return "AWS_ACCESS_KEY_ID";
  return environment.secretAccessKey === undefined ? "AWS_SECRET_ACCESS_KEY" : undefined;
}

/** The keys of the environment; call it when {@linkcode missingVariable} finds none. */
function environmentKeys(
  profile: string,
  { accessKeyId = "", secretAccessKey = "", sessionToken }: ConfigEnvironment,
  reason: string,
): KeysStep {
  const keys = definedFields<AccessKeys>({ accessKeyId, secretAccessKey, sessionToken });
  return { kind: "environment", profile, keys, reason };
}
