/**
 * Resolves profiles to plans: session token, roles, durations, MFA device, endpoints.
 *
 * @module
 */

import { ProfileError, type ProfileProblem } from "../../errors.ts";
import {
  type AwsCliRole,
  type BaseStep,
  type CredentialPlan,
  holdsKeys,
  isKeysStep,
  isLongTerm,
  type RoleStep,
  type SessionStep,
} from "../../plan.ts";
import { failTemporary } from "./base.ts";
import { type Chain, checkRoles, resolveChain } from "./chain.ts";
import { chooseEndpoint } from "./endpoint_choice.ts";
import { definedFields } from "../fields.ts";
import { chainedRoleSeconds, checkMfaSerial, roleSeconds } from "../limits.ts";
import type { Config } from "../load.ts";
import { chooseMfa, type MfaChoice, mfaNotices } from "./mfa_choice.ts";
import { precedenceNotice } from "./precedence.ts";
import { failProblemsOf, failProfile, settingAt } from "./problem.ts";
import { type Profile, settingNames } from "../profile.ts";
import { checkPartitions, mfaBehindRole } from "./refused_by_aws.ts";
import type { PlanRequest } from "./request.ts";
import { chooseSessionName } from "./session_name.ts";
import { checkNotShared, wantsSealedCache } from "./sealed_cache.ts";
import { createSessionStep } from "./session_step.ts";

export type { PlanRequest } from "./request.ts";
export { resolveSessionPlan } from "./session_plan.ts";

/** Plans, and the problems of the profiles without one. */
export interface PlanResult {
  /** In the order requested. */
  readonly plans: readonly CredentialPlan[];
  readonly problems: readonly ProfileProblem[];
  /** Notices about all plans together. */
  readonly notices: readonly string[];
}

/** Each is a call after the one before, and AWS ends what comes of them after an hour. No known chain has ten. */
const mostRoles = 100;

/** How many names are compared, in all, to suggest the nearest of them. */
const mostComparisons = 1_000_000;

/**
 * The plans of many profiles. Roles that share their base keys, MFA device and custom endpoint share one session step.
 *
 * @throws {UsageError} when STS does not allow the request's MFA serial
 */
export function resolvePlans(
  config: Config,
  profileNames: readonly string[],
  request: PlanRequest = {},
): PlanResult {
  if (request.mfaSerial !== undefined) checkMfaSerial(request.mfaSerial);
  const planner = new Planner(config, request, new Set(profileNames).size === 1);
  const plans: CredentialPlan[] = [];
  const problems: ProfileProblem[] = [];
  for (const name of profileNames) {
    try {
      // To compare every wrong name with every profile would take the product of both.
      const suggest = problems.length * config.profiles.size <= mostComparisons;
      plans.push(planner.plan(resolveChain(config, name, request.sourceProfile, {
        suggest,
        mostRoles,
        request,
      })));
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      for (const problem of error.problems) problems.push(problem);
    }
  }
  return { plans, problems, notices: planner.notices() };
}

/** How the roles of one plan are assumed. */
interface RoleSetting {
  /** The profiles from the base up to the last role. */
  readonly profiles: readonly Profile[];
  /** True if a user's long-term keys sign the first role, for which AWS allows more than one hour. */
  readonly fromLongTermKeys: boolean;
  /** The device whose code is sent with the first role. */
  readonly mfa: MfaChoice | undefined;
}

/** The session token of a plan, which others may share, and why this one needs it. */
interface PlannedSession {
  readonly session?: SessionStep;
  readonly sessionReason?: string;
}

/** Resolves the plans of one request, and tracks what they share. */
class Planner {
  readonly #config: Config;
  readonly #request: PlanRequest;
  readonly #isAlone: boolean;
  readonly #sessions = new Map<string, SessionStep>();
  readonly #capped = new Set<string>();
  readonly #behindRoles = new Set<string>();
  /** By the base profile, which plans share. */
  readonly #precedence = new Map<Profile, string | undefined>();

  constructor(config: Config, request: PlanRequest, isAlone: boolean) {
    this.#config = config;
    this.#request = request;
    this.#isAlone = isAlone;
  }

  plan(chain: Chain): CredentialPlan {
    checkRoles(chain);
    const mfa = isLongTerm(chain.base) ? chooseMfa(chain, this.#request.mfaSerial) : undefined;
    checkPartitions(chain, mfa);
    for (const notice of mfaBehindRole(chain)) this.#behindRoles.add(notice);
    const isDirect = mfa !== undefined && this.#sendsCodeWithRole(chain);
    const { session, sessionReason } = isDirect ? {} : this.#session(chain, mfa);
    const profiles = [chain.baseProfile, ...chain.roles.map(({ profile }) => profile)];
    const roles = this.#roleSteps(chain, {
      profiles,
      fromLongTermKeys: session === undefined && isLongTerm(chain.base),
      mfa: isDirect ? mfa : undefined,
    });
    const plan = definedFields<CredentialPlan>({
      profile: chain.profile.name,
      base: this.#base(chain),
      session,
      sessionReason: sessionReason === session?.reason ? undefined : sessionReason,
      roles,
      sealCache: wantsSealedCache(chain.profile.name, profiles, this.#request),
      notices: [
        ...chain.roles.flatMap(({ profile }) => chooseSessionName(profile).notice ?? []),
        ...(mfa !== undefined && this.#request.mfaSerial !== undefined
          ? []
          : mfaNotices(chain, mfa)),
        ...this.#precedenceNotices(chain),
        ...chain.notices,
        ...(isKeysStep(chain.base) ? [] : chain.base.notices ?? []),
      ],
    });
    checkNotShared(plan, profiles);
    return plan;
  }

  /** One notice for all roles whose duration exceeds what AWS allows, and one for each role that may be denied. */
  notices(): readonly string[] {
    const names = [...this.#capped].map((name) => `"${name}"`).join(", ");
    const capped =
      `${settingNames.durationSeconds} is capped at one hour for ${names}: AWS allows no more for a role ` +
      "that is assumed with a session token or from another role";
    return [...(names === "" ? [] : [capped]), ...this.#behindRoles];
  }

  /**
   * A session token would cap a single long-lived role at one hour, so the code is sent with AssumeRole itself. Not if
   * the requested lifetime exceeds the role's duration: a renewal would take a second code.
   */
  #sendsCodeWithRole({ roles }: Chain): boolean {
    const [role] = roles;
    if (!this.#isAlone || roles.length !== 1 || role === undefined) return false;
    const seconds = this.#wantedSeconds(role.profile);
    return seconds > chainedRoleSeconds && (this.#request.lifetimeSeconds ?? 0) <= seconds;
  }

  /** The session token of the plan; roles that need no MFA are assumed with the keys themselves. */
  #session(chain: Chain, mfa: MfaChoice | undefined): PlannedSession {
    const { base, baseProfile, roles } = chain;
    if (!holdsKeys(base)) return {};
    if (roles.length === 0 && !isLongTerm(base)) {
      if (base.kind === "environment") failTemporary(this.#config.environment);
      failProfile(
        chain.profile.name,
        `${
          settingAt(baseProfile, "sessionToken")
        } makes its keys temporary, so no session token can be issued`,
        "use the keys as they are, or name a profile with a role",
      );
    }
    if (roles.length > 0 && mfa === undefined) return {};
    const step = createSessionStep(this.#config, this.#request, {
      asked: chain.profile.name,
      mfa,
      reason:
        `profile "${baseProfile.name}" names no role, so a session token is issued for its keys`,
      profiles: [baseProfile, ...roles.map(({ profile }) => profile)],
    });
    const user = isKeysStep(base) ? [base.keys.accessKeyId] : [base.source, base.profile];
    const key = JSON.stringify([...user, mfa?.serial, step.endpoint.endpointUrl]);
    const shared = this.#sessions.get(key) ?? step;
    this.#sessions.set(key, shared);
    return { session: shared, sessionReason: step.reason };
  }

  #roleSteps(chain: Chain, setting: RoleSetting): readonly RoleStep[] {
    const { environment } = this.#config;
    return chain.roles.map(({ profile, roleArn, reason }, index) => {
      const isFirst = index === 0;
      const profiles = setting.profiles.slice(0, index + 2).reverse();
      return definedFields<RoleStep>({
        kind: "assume-role",
        profile: profile.name,
        roleArn,
        roleSessionName: chooseSessionName(profile).name,
        externalId: profile.externalId,
        durationSeconds: this.#roleSeconds(profile, isFirst && setting.fromLongTermKeys),
        mfaSerial: isFirst ? setting.mfa?.serial : undefined,
        mfaProcess: isFirst ? setting.mfa?.command : undefined,
        mfaStore: isFirst ? setting.mfa?.store : undefined,
        endpoint: chooseEndpoint({
          ...{ asked: chain.profile.name, request: this.#request, environment, profiles },
          arn: roleArn,
        }),
        awsCli: this.#sharesAwsCache(chain, profile) ? awsCliSettings(profile, roleArn) : undefined,
        reason: isFirst && setting.mfa !== undefined
          ? `${reason}; its ${settingNames.durationSeconds} is more than a session token allows, ` +
            `so the MFA code is sent with the role itself (${setting.mfa.reason})`
          : reason,
      });
    });
  }

  /** The keys of a source profile end the chain in all tools, whatever role it names beside them. */
  #precedenceNotices({ base, baseProfile }: Chain): readonly string[] {
    if (holdsKeys(base) && baseProfile.roleArn !== undefined) return [];
    if (!this.#precedence.has(baseProfile)) {
      const { credentials } = this.#config.files;
      this.#precedence.set(baseProfile, precedenceNotice(baseProfile, credentials));
    }
    const notice = this.#precedence.get(baseProfile);
    return notice === undefined ? [] : [notice];
  }

  /** A base keeps what the AWS CLI names it by only where its cache is shared. */
  #base(chain: Chain): BaseStep {
    const { base, baseProfile } = chain;
    if (isKeysStep(base) || base.awsCli === undefined || this.#sharesAwsCache(chain, baseProfile)) {
      return base;
    }
    const { awsCli: _unshared, ...rest } = base;
    return rest;
  }

  #sharesAwsCache(chain: Chain, profile: Profile): boolean {
    const { shareAwsCache } = this.#request;
    if (shareAwsCache !== undefined) return shareAwsCache;
    failProblemsOf(chain.profile.name, profile, "shareAwsCache");
    return profile.shareAwsCache === true;
  }

  #roleSeconds(profile: Profile, mayBeLong: boolean): number {
    const wanted = this.#wantedSeconds(profile);
    if (wanted <= chainedRoleSeconds || mayBeLong) return wanted;
    this.#capped.add(profile.name);
    return chainedRoleSeconds;
  }

  /** The duration of the profile, capped by the requested lifetime. */
  #wantedSeconds(profile: Profile): number {
    const configured = profile.durationSeconds ?? chainedRoleSeconds;
    const { lifetimeSeconds } = this.#request;
    if (lifetimeSeconds === undefined) return configured;
    return Math.min(configured, Math.max(roleSeconds.min, lifetimeSeconds));
  }
}

/** The settings of the role's own profile: the AWS CLI uses no others. */
function awsCliSettings(profile: Profile, roleArn: string): AwsCliRole {
  const { roleSessionName, externalId, mfaSerial, durationSeconds } = profile;
  return definedFields<AwsCliRole>({
    roleArn,
    roleSessionName,
    externalId,
    mfaSerial,
    durationSeconds,
  });
}
