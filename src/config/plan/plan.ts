/**
 * From profiles to plans: which session token, which roles, for how long, with which MFA device, at which endpoint.
 *
 * @module
 */

import { ProfileError, type ProfileProblem } from "../../errors.ts";
import {
  type AwsCliRole,
  type CredentialPlan,
  isKeysStep,
  type RoleStep,
  type SessionStep,
} from "../../plan.ts";
import { type Chain, resolveChain } from "./chain.ts";
import { chooseEndpoint } from "./endpoint_choice.ts";
import { definedFields } from "../fields.ts";
import { chainedRoleSeconds, checkMfaSerial, roleSeconds } from "../limits.ts";
import type { Config } from "../load.ts";
import { chooseMfa, isLongTerm, type MfaChoice, mfaNotices } from "./mfa_choice.ts";
import { failProfile, settingAt } from "./problem.ts";
import { type Profile, settingNames } from "../profile.ts";
import type { PlanRequest } from "./request.ts";
import { chooseSessionName } from "./session_name.ts";
import { createSessionStep } from "./session_step.ts";

export type { PlanRequest } from "./request.ts";
export { resolveSessionPlan } from "./session_plan.ts";

/** Plans, and the profiles that there are none for. */
export interface PlanResult {
  /** In the order asked for. */
  readonly plans: readonly CredentialPlan[];
  readonly problems: readonly ProfileProblem[];
  /** What the user should know of all plans together. */
  readonly notices: readonly string[];
}

/**
 * The plans of many profiles. Roles that share their base keys, MFA device and custom endpoint share one session step.
 *
 * @throws {UsageError} when the request's MFA serial breaks the rule of STS
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
      plans.push(planner.plan(resolveChain(config, name, request.sourceProfile)));
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { plans, problems, notices: planner.notices() };
}

/** How the roles of one plan are assumed. */
interface RoleSetting {
  /** The profiles from the base up to the last role. */
  readonly profiles: readonly Profile[];
  /** The first role is signed with a user's own keys, which AWS lets have more than an hour. */
  readonly fromLongTermKeys: boolean;
  /** The device whose code goes with the first role. */
  readonly mfa: MfaChoice | undefined;
}

/** Makes the plans of one request, and remembers what they share. */
class Planner {
  readonly #config: Config;
  readonly #request: PlanRequest;
  readonly #isAlone: boolean;
  readonly #sessions = new Map<string, SessionStep>();
  readonly #capped = new Set<string>();

  constructor(config: Config, request: PlanRequest, isAlone: boolean) {
    this.#config = config;
    this.#request = request;
    this.#isAlone = isAlone;
  }

  plan(chain: Chain): CredentialPlan {
    const mfa = isLongTerm(chain.base) ? chooseMfa(chain, this.#request.mfaSerial) : undefined;
    const isDirect = mfa !== undefined && this.#takesCodeItself(chain);
    const session = isDirect ? undefined : this.#session(chain, mfa);
    const roles = this.#roleSteps(chain, {
      profiles: [chain.baseProfile, ...chain.roles.map(({ profile }) => profile)],
      fromLongTermKeys: session === undefined && isLongTerm(chain.base),
      mfa: isDirect ? mfa : undefined,
    });
    return definedFields<CredentialPlan>({
      profile: chain.profile.name,
      base: chain.base,
      session,
      roles,
      notices: [
        ...chain.roles.flatMap(({ profile }) => chooseSessionName(profile).notice ?? []),
        ...(mfa !== undefined && this.#request.mfaSerial !== undefined
          ? []
          : mfaNotices(chain, mfa)),
      ],
    });
  }

  /** One notice for all the roles that asked for more than AWS gives. */
  notices(): readonly string[] {
    if (this.#capped.size === 0) return [];
    const names = [...this.#capped].map((name) => `"${name}"`).join(", ");
    return [
      `${settingNames.durationSeconds} is cut to one hour for ${names}: AWS gives no more to a role ` +
      "that is assumed with a session token or from another role",
    ];
  }

  /**
   * A session token would cap a single long-lived role at one hour, so the code goes with AssumeRole itself. Not where
   * the credentials are wanted for longer than the role lives: renewing them would take a second code.
   */
  #takesCodeItself({ roles }: Chain): boolean {
    const [role] = roles;
    if (!this.#isAlone || roles.length !== 1 || role === undefined) return false;
    const seconds = this.#wantedSeconds(role.profile);
    return seconds > chainedRoleSeconds && (this.#request.lifetimeSeconds ?? 0) <= seconds;
  }

  /** The session token that the plan rests on; roles that need no MFA rest on the keys themselves. */
  #session(chain: Chain, mfa: MfaChoice | undefined): SessionStep | undefined {
    const { base, baseProfile, roles } = chain;
    if (!isKeysStep(base)) return undefined;
    if (roles.length === 0 && base.keys.sessionToken !== undefined) {
      failProfile(
        chain.profile.name,
        `${
          settingAt(baseProfile, "sessionToken")
        } makes its keys temporary, there is nothing to issue`,
        "use the keys as they are, or name a profile with a role",
      );
    }
    if (roles.length > 0 && mfa === undefined) return undefined;
    const step = createSessionStep(this.#config, this.#request, {
      mfa,
      reason: `profile "${baseProfile.name}" names no role, so a session token stands for its keys`,
      profiles: [baseProfile, ...roles.map(({ profile }) => profile)],
    });
    const key = JSON.stringify([base.keys.accessKeyId, mfa?.serial, step.endpoint.endpointUrl]);
    const shared = this.#sessions.get(key) ?? step;
    this.#sessions.set(key, shared);
    return shared;
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
        endpoint: chooseEndpoint({ request: this.#request, environment, profiles, arn: roleArn }),
        awsCli: this.#request.shareAwsCache ?? profile.shareAwsCache
          ? awsCliSettings(profile, roleArn)
          : undefined,
        reason: isFirst && setting.mfa !== undefined
          ? `${reason}; its ${settingNames.durationSeconds} is more than a session token allows, ` +
            `so the MFA code goes with the role itself (${setting.mfa.reason})`
          : reason,
      });
    });
  }

  #roleSeconds(profile: Profile, mayBeLong: boolean): number {
    const wanted = this.#wantedSeconds(profile);
    if (wanted <= chainedRoleSeconds || mayBeLong) return wanted;
    this.#capped.add(profile.name);
    return chainedRoleSeconds;
  }

  /** As long as the profile says, but no longer than somebody asked for. */
  #wantedSeconds(profile: Profile): number {
    const configured = profile.durationSeconds ?? chainedRoleSeconds;
    const { lifetimeSeconds } = this.#request;
    if (lifetimeSeconds === undefined) return configured;
    return Math.min(configured, Math.max(roleSeconds.min, lifetimeSeconds));
  }
}

/** As they stand in the role's own profile: the AWS CLI looks at nothing else. */
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
