/**
 * Adds to plans what narrows and labels their sessions: policies, tags and the source identity of each role, and the scoped
 * copy that is handed out. Policies are read and checked here, before any call.
 *
 * @module
 */

import { ProfileError, type ProfileProblem } from "../../errors.ts";
import {
  type BaseStep,
  type CredentialPlan,
  holdsKeys,
  isKeysStep,
  type RoleStep,
  sourceName,
} from "../../plan.ts";
import type { Config } from "../load.ts";
import type { PlanResult } from "../plan/plan.ts";
import { failProblems, failProfile, settingAt } from "../plan/problem.ts";
import type { NarrowingRequest, PlanRequest } from "../plan/request.ts";
import { type Profile, settingNames } from "../profile.ts";
import { HopReader } from "./hop.ts";
import { Inherited } from "./inherited.ts";
import { type ScopePorts, ScopeReader } from "./scope_step.ts";
import type { WrittenScope } from "./told.ts";
import { sessionFields, setsAny } from "./wanted.ts";

/**
 * The plans with their session parameters and scopes. A plan whose own settings break a rule becomes a problem.
 *
 * @throws {UsageError} when the request breaks a rule
 */
export async function narrowPlans(
  ports: ScopePorts,
  config: Config,
  result: PlanResult,
  request: PlanRequest,
): Promise<PlanResult> {
  const narrower = new Narrower(ports, config, request);
  const plans: CredentialPlan[] = [];
  const problems: ProfileProblem[] = [...result.problems];
  for (const plan of result.plans) {
    try {
      plans.push(await narrower.plan(plan));
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      for (const problem of error.problems) problems.push(problem);
    }
  }
  return { ...result, plans, problems };
}

class Narrower {
  readonly #config: Config;
  readonly #given: NarrowingRequest;
  readonly #hops: HopReader;
  readonly #scopes: ScopeReader;

  constructor(ports: ScopePorts, config: Config, request: PlanRequest) {
    this.#config = config;
    this.#given = request.narrowing ?? {};
    this.#hops = new HopReader(ports, this.#given);
    this.#scopes = new ScopeReader(ports, config, request);
  }

  async plan(plan: CredentialPlan): Promise<CredentialPlan> {
    this.#rejectStray(plan);
    const scope = this.#scopes.written(plan);
    const roles: RoleStep[] = [];
    const inherited = new Inherited(plan.profile);
    for (const [index, role] of plan.roles.entries()) {
      const isLast = index === plan.roles.length - 1;
      const parameters = await this.#hops.parameters({
        ...{ asked: plan.profile, roleArn: role.roleArn, isLast },
        profile: this.#profile(role.profile),
        scope: isLast ? scope : undefined,
      });
      inherited.pass(role.profile, parameters ?? {});
      // The AWS CLI's cache knows nothing of parameters: it would give these to whoever asks for the role alone.
      const { awsCli: _unshared, ...alone } = role;
      roles.push(parameters === undefined ? role : { ...alone, parameters });
    }
    const base = await this.#base(plan, plan.roles.length === 0 ? scope : undefined);
    return await this.#scopes.scoped({ ...plan, base, roles }, scope);
  }

  /** The base, with policies where it assumes a role by itself. */
  async #base(
    { profile: asked, base, roles }: CredentialPlan,
    scope: WrittenScope | undefined,
  ): Promise<BaseStep> {
    const kind = isKeysStep(base)
      ? undefined
      : this.#config.kinds.find(({ source }) => source === base.source);
    if (isKeysStep(base) || kind?.withPolicies === undefined) return base;
    const policies = await this.#hops.webIdentityPolicies({
      ...{ asked, roleArn: base.settings.roleArn ?? "", isLast: roles.length === 0, scope },
      profile: this.#profile(base.profile),
    });
    return policies === undefined ? base : kind.withPolicies(base, policies);
  }

  /** What narrows must never be left out without a word. */
  #rejectStray({ profile: asked, base, roles }: CredentialPlan): void {
    const takesPolicies = !isKeysStep(base) &&
      this.#config.kinds.some(({ source, withPolicies }) =>
        source === base.source && withPolicies !== undefined
      );
    const hops = new Set([
      ...roles.map((role) => role.profile),
      ...(takesPolicies ? [base.profile] : []),
    ]);
    const where = isKeysStep(base) || base.isLongTerm === true
      ? "no role is assumed for it"
      : `its credentials come from ${sourceName(base)}`;
    for (const name of new Set([asked, base.profile])) {
      const profile = this.#profile(name);
      const field = sessionFields.find((one) => setsAny(profile, [one]));
      if (profile === undefined || field === undefined || hops.has(name)) continue;
      // The keys of a source profile win over its role, and over what belongs to its role.
      if (name !== asked && holdsKeys(base) && profile.roleArn !== undefined) continue;
      failProblems(asked, [[profile, sessionFields]]);
      failProfile(
        asked,
        `${settingAt(profile, field)} is sent when a role is assumed, but ${where}`,
        scopeHint(profile),
      );
    }
    const option = givenFor(this.#given);
    if (hops.size === 0 && option !== undefined) {
      failProfile(
        asked,
        `${option} is sent when a role is assumed, but ${where}`,
        "narrow its credentials with --scope, or assume a role on top of them with --role-arn",
      );
    }
  }

  #profile(name: string): Profile | undefined {
    return this.#config.profiles.get(name);
  }
}

/** The first option about the session of a role, in words. */
function givenFor({ policy, policyArns, tags, sourceIdentity }: NarrowingRequest) {
  if (policy !== undefined) return "the policy (--policy)";
  if (policyArns !== undefined) return "the ARN of a policy (--policy-arn)";
  if (tags !== undefined) return "the tag (--tag)";
  return sourceIdentity === undefined ? undefined : "the source identity (--source-identity)";
}

function scopeHint(profile: Profile): string {
  const { scopePolicy, roleArn } = settingNames;
  return `use ${scopePolicy} for a scoped copy of any temporary credentials, or give profile "${profile.name}" a ${roleArn}`;
}
