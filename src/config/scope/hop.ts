/**
 * The session parameters of one role: those of its own profile and, for the last role of a chain, those of the request.
 *
 * @module
 */

import { definedFields } from "../fields.ts";
import { settingNames } from "../file/setting_names.ts";
import { failProblems, failProfile, settingAt } from "../plan/problem.ts";
import type { NarrowingRequest } from "../plan/request.ts";
import type { Profile, ProfileField } from "../profile.ts";
import type { SessionParameters, SessionPolicies, SessionTag } from "../../plan.ts";
import { checkPolicyArns, checkSourceIdentity, parseArns } from "./parameters.ts";
import { folderOf, type PolicyPorts, type ResolvedPolicy, resolvePolicy } from "./policy_value.ts";
import { namedScope, scopeContent } from "./ready_made.ts";
import { checkTags, checkTransitiveKeys, mergeTags, parseKeys, parseTags } from "./tags.ts";
import { type Owner, toldBy, type WrittenScope } from "./told.ts";
import { sessionFields } from "./wanted.ts";

/** A role that is assumed. */
export interface Hop {
  /** The requested profile. */
  readonly asked: string;
  /** The profile that names the role; undefined where the environment does. */
  readonly profile: Profile | undefined;
  readonly roleArn: string;
  /** True for the role that the plan leads to: the request counts for it. */
  readonly isLast: boolean;
  /** The scope of what the plan leads to; undefined for the roles before the last. */
  readonly scope: WrittenScope | undefined;
}

/** A policy and ARNs, each with whom it comes from. */
interface Written {
  readonly policy?: string | undefined;
  readonly policyOwner: Owner;
  readonly arns: readonly string[];
  readonly arnsOwner: Owner;
  readonly folder?: string | undefined;
}

/** Reads what the sessions of roles are sent. */
export class HopReader {
  readonly #ports: PolicyPorts;
  readonly #given: NarrowingRequest;

  /** `given` is what the request says. */
  constructor(ports: PolicyPorts, given: NarrowingRequest) {
    this.#ports = ports;
    this.#given = given;
  }

  /** What AssumeRole is sent; undefined if nothing is. */
  async parameters(hop: Hop): Promise<SessionParameters | undefined> {
    const tags = await this.#tags(hop);
    const parameters = definedFields<SessionParameters>({
      ...await this.policies(hop),
      tags: nonEmpty(tags),
      transitiveTagKeys: nonEmpty(await transitiveKeys(hop, tags)),
      sourceIdentity: await this.#sourceIdentity(hop),
    });
    return Object.keys(parameters).length === 0 ? undefined : parameters;
  }

  /** What AssumeRoleWithWebIdentity is sent too; undefined if nothing is. */
  async webIdentityPolicies(hop: Hop): Promise<SessionPolicies | undefined> {
    this.#rejectTags(hop);
    return await this.policies(hop);
  }

  /** The policies of the session; undefined if there are none. */
  async policies(hop: Hop): Promise<SessionPolicies | undefined> {
    failProblems(hop.asked, hop.profile === undefined ? [] : [[hop.profile, sessionFields]]);
    const { policy, policyOwner, arns, arnsOwner, folder } = this.#written(hop);
    const { roleArn } = hop;
    const partition = partitionOf(roleArn);
    const resolved: ResolvedPolicy = policy === undefined
      ? {}
      : await toldBy(policyOwner, () => resolvePolicy(this.#ports, policy, { partition, folder }));
    const policyArns = [...arns, ...resolved.policyArns ?? []];
    const scopeArns = await this.#arnsOfScope(hop, partition);
    if (scopeArns !== undefined && (resolved.policy !== undefined || policyArns.length > 0)) {
      failAddingUp(hop);
    }
    const all = [...policyArns, ...scopeArns ?? []];
    await toldBy(arnsOwner, () => checkPolicyArns(all, { roleArn, policy: resolved.policy }));
    const policies = definedFields<SessionPolicies>({
      policy: resolved.policy,
      policyArns: nonEmpty(all),
    });
    return Object.keys(policies).length === 0 ? undefined : policies;
  }

  /** Policies of a session add up, so those of the request replace all of the profile: they must not make it wider. */
  #written({ asked, profile, isLast }: Hop): Written {
    const { policy, policyArns } = this.#given;
    if (isLast && (policy !== undefined || policyArns !== undefined)) {
      return {
        policy,
        policyOwner: { given: "policy" },
        arns: policyArns ?? [],
        arnsOwner: { given: "list of policy ARNs" },
      };
    }
    const owner = (field: ProfileField): Owner =>
      profile === undefined ? { given: field } : { asked, profile, field };
    return {
      policy: profile?.policy,
      policyOwner: owner("policy"),
      arns: parseArns(profile?.policyArns ?? ""),
      arnsOwner: owner("policyArns"),
      folder: folderOfField(profile, "policy"),
    };
  }

  /** A ready-made scope that managed policies make is sent with the role itself: GetScopedCredentials takes no ARNs. */
  async #arnsOfScope({ scope }: Hop, partition: string): Promise<readonly string[] | undefined> {
    const named = scope && namedScope(scope.text.trim());
    if (scope === undefined || named === undefined) return undefined;
    return (await toldBy(scope.owner, () => scopeContent(named, partition))).policyArns;
  }

  async #tags({ asked, profile, isLast }: Hop): Promise<readonly SessionTag[]> {
    const written = profile?.sessionTags;
    const own = written === undefined || profile === undefined
      ? []
      : await toldBy({ asked, profile, field: "sessionTags" }, () => checked(parseTags(written)));
    const given = isLast ? this.#given.tags ?? [] : [];
    await toldBy({ given: "list of tags" }, () => checked(given));
    const all = mergeTags(own, given);
    await toldBy({ given: "list of tags, with those of the profile:" }, () => checked(all));
    return all;
  }

  async #sourceIdentity({ asked, profile, isLast }: Hop): Promise<string | undefined> {
    const given = isLast ? this.#given.sourceIdentity : undefined;
    const identity = given ?? profile?.sourceIdentity;
    if (identity === undefined) return undefined;
    const owner: Owner = given !== undefined || profile === undefined
      ? { given: "source identity" }
      : { asked, profile, field: "sourceIdentity" };
    await toldBy(owner, () => checkSourceIdentity(identity));
    return identity;
  }

  /** Tags and the source identity of a web identity are claims of its token. */
  #rejectTags({ asked, profile, isLast }: Hop): void {
    const fields = ["sessionTags", "transitiveSessionTags", "sourceIdentity"] as const;
    const field = fields.find((one) => profile?.places[one] !== undefined);
    const given = isLast ? this.#given.tags ?? this.#given.sourceIdentity : undefined;
    if (field === undefined && given === undefined) return;
    const what = profile === undefined || field === undefined
      ? `the ${this.#given.tags === undefined ? "source identity" : "tag"} that was given`
      : settingAt(profile, field);
    failProfile(
      asked,
      `${what} is not sent with a web identity token: AWS reads tags and the source identity from the token`,
      "let the identity provider put them into its tokens, or assume another role with these credentials",
    );
  }
}

async function transitiveKeys(
  { asked, profile }: Hop,
  tags: readonly SessionTag[],
): Promise<readonly string[]> {
  const written = profile?.transitiveSessionTags;
  if (profile === undefined || written === undefined) return [];
  const keys = parseKeys(written);
  await toldBy(
    { asked, profile, field: "transitiveSessionTags" },
    () => checkTransitiveKeys(keys, tags),
  );
  return keys;
}

function failAddingUp({ asked }: Hop): never {
  const { policy, policyArns } = settingNames;
  failProfile(
    asked,
    `the scope is sent as the ARN of a managed policy, beside the ${policy} or ${policyArns} of the role, and AWS allows ` +
      "what any of them allows",
    "leave one of them out, or give the scope as JSON: a scoped copy is allowed only what both allow",
  );
}

function folderOfField(profile: Profile | undefined, field: ProfileField): string | undefined {
  const file = profile?.places[field]?.file;
  return file === undefined ? undefined : folderOf(file);
}

function checked(tags: readonly SessionTag[]): readonly SessionTag[] {
  checkTags(tags);
  return tags;
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The partition of the ARN; that of servers other than AWS's is "aws". */
export function partitionOf(arn: string): string {
  return /^arn:(aws[a-z-]*):/.exec(arn)?.[1] ?? "aws";
}
