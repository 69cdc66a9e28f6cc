/**
 * The plan for a user's session token, without roles.
 *
 * @module
 */

import { type BaseStep, type CredentialPlan, holdsKeys, isLongTerm } from "../../plan.ts";
import { failTemporary, keysOfEnvironment } from "./base.ts";
import { type Chain, resolveChain } from "./chain.ts";
import { definedFields } from "../fields.ts";
import { checkMfaSerial } from "../limits.ts";
import type { Config } from "../load.ts";
import {
  firstMfa,
  hasUsableMfa,
  type MfaChoice,
  requestedMfa,
  withCommand,
  withStore,
} from "./mfa_choice.ts";
import { failProfile } from "./problem.ts";
import { type Profile, settingNames } from "../profile.ts";
import type { PlanRequest } from "./request.ts";
import { wantsSealedCache } from "./sealed_cache.ts";
import { createSessionStep } from "./session_step.ts";

/**
 * The plan for a session token of a user. Without a name, the keys in the environment are used, else the profile that
 * the environment names, else "default".
 *
 * @throws {ProfileError} when the profile does not exist or has no keys that a session token can be issued for
 * @throws {UsageError} when STS does not allow the request's MFA serial
 */
export function resolveSessionPlan(
  config: Config,
  profileName: string | undefined,
  request: PlanRequest = {},
): CredentialPlan {
  const requested = request.mfaSerial === undefined
    ? undefined
    : requestedMfa(checkMfaSerial(request.mfaSerial));
  if (profileName === undefined && config.environment.accessKeyId !== undefined) {
    return environmentPlan(config, request, requested);
  }
  const name = profileName ?? config.environment.profile ?? "default";
  const chain = resolveChain(config, name);
  const named = [chain.profile, chain.baseProfile];
  const device = requested ?? firstMfa(name, named) ?? agreedMfa(config, sourceOf(chain));
  const mfa = withStore(withCommand(device, named), named, chain);
  return userPlan(config, request, {
    name,
    base: keysOf(chain),
    mfa,
    profiles: chain.profile === chain.baseProfile
      ? [chain.baseProfile]
      : [chain.baseProfile, chain.profile],
  });
}

interface User {
  readonly name: string;
  readonly base: BaseStep;
  readonly mfa: MfaChoice | undefined;
  readonly profiles: readonly Profile[];
}

function userPlan(config: Config, request: PlanRequest, user: User): CredentialPlan {
  const { name, base, mfa, profiles } = user;
  const reason = "a session token was requested";
  const session = createSessionStep(config, request, { asked: name, mfa, reason, profiles });
  const sealCache = wantsSealedCache(name, profiles, request);
  return definedFields<CredentialPlan>({
    ...{ profile: name, base, session, roles: [], sealCache, notices: [] },
  });
}

function environmentPlan(
  config: Config,
  request: PlanRequest,
  requested: MfaChoice | undefined,
): CredentialPlan {
  const base = keysOfEnvironment(config.environment);
  if (base.keys.sessionToken !== undefined) failTemporary(config.environment);
  const mfa = requested ??
    agreedMfa(config, ({ credentialSource }) => credentialSource === "Environment");
  return userPlan(config, request, { name: base.profile, base, mfa, profiles: [] });
}

function keysOf({ profile, base, baseProfile }: Chain): BaseStep {
  if (!holdsKeys(base)) {
    const { reason } = base;
    return failProfile(
      profile.name,
      `a session token needs long-term keys of a user, but ${reason} (${
        base.kind === "source" ? base.source : base.kind
      })`,
      `add ${settingNames.accessKeyId} and ${settingNames.secretAccessKey} to a profile and name it`,
    );
  }
  if (isLongTerm(base)) return base;
  return failProfile(
    profile.name,
    `the keys of profile "${baseProfile.name}" are temporary, so no session token can be issued (${base.reason})`,
    "use the keys as they are, or name a profile with long-term keys",
  );
}

/** True for the profiles whose roles are assumed with the keys of this chain's base. */
function sourceOf({ base, baseProfile }: Chain): (profile: Profile) => boolean {
  return base.kind === "environment"
    ? ({ credentialSource }) => credentialSource === "Environment"
    : ({ sourceProfile }) => sourceProfile === baseProfile.name;
}

/** The MFA device of the roles of a user, if all of them name the same one. */
export function agreedMfa(
  { profiles }: Config,
  isRoleOfUser: (profile: Profile) => boolean,
): MfaChoice | undefined {
  const serials = new Set<string>();
  for (const profile of profiles.values()) {
    if (profile.roleArn === undefined || profile.mfaSerial === undefined) continue;
    if (isRoleOfUser(profile) && hasUsableMfa(profile)) serials.add(profile.mfaSerial);
  }
  const [serial] = serials;
  if (serial === undefined || serials.size > 1) return undefined;
  return { serial, reason: `all roles of this user name the MFA device ${serial}` };
}
