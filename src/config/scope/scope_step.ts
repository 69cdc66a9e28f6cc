/**
 * The scoped copy of what a plan leads to: `sts:GetScopedCredentials` after its last step.
 *
 * @module
 */

import { formatDuration } from "../../duration.ts";
import {
  type CredentialPlan,
  type EndpointSettings,
  isKeysStep,
  type ScopeStep,
  sourceName,
} from "../../plan.ts";
import { definedFields } from "../fields.ts";
import { quoteValue } from "../file/quote.ts";
import { isWithin, type NumberLimit } from "../limits.ts";
import type { Config } from "../load.ts";
import { chooseEndpoint } from "../plan/endpoint_choice.ts";
import { failProblems, failProfile, reasonOf } from "../plan/problem.ts";
import type { PlanRequest } from "../plan/request.ts";
import { fault } from "./fault.ts";
import { partitionOf } from "./hop.ts";
import { folderOf, type PolicyPorts, resolvePolicy } from "./policy_value.ts";
import { namedScope } from "./ready_made.ts";
import { toldBy, type WrittenScope } from "./told.ts";

/** `DurationSeconds` of GetScopedCredentials. */
const scopeSecondsLimit: NumberLimit = { min: 1, max: 129_600 };

/** What reading scopes needs. */
export interface ScopePorts extends PolicyPorts {
  /** The partition in which an endpoint lies, such as "aws-us-gov": its region tells where no ARN does. */
  partitionOf(endpoint: EndpointSettings): string;
}

/** Reads the scopes of plans. */
export class ScopeReader {
  readonly #ports: ScopePorts;
  readonly #config: Config;
  readonly #request: PlanRequest;

  /** Reads nothing yet. */
  constructor(ports: ScopePorts, config: Config, request: PlanRequest) {
    this.#ports = ports;
    this.#config = config;
    this.#request = request;
  }

  /** The scope of the request, else that of the requested profile. */
  written({ profile: asked }: CredentialPlan): WrittenScope | undefined {
    const given = this.#request.narrowing?.scope;
    if (given !== undefined) return { text: given, owner: { given: "scope" } };
    const profile = this.#config.profiles.get(asked);
    if (profile === undefined) return undefined;
    failProblems(asked, [[profile, ["scopePolicy"]]]);
    if (profile.scopePolicy === undefined) return undefined;
    const file = profile.places.scopePolicy?.file;
    return {
      text: profile.scopePolicy,
      owner: { asked, profile, field: "scopePolicy" },
      folder: file === undefined ? undefined : folderOf(file),
    };
  }

  /** The plan with its scope, if it has one that is a copy. */
  async scoped(plan: CredentialPlan, written: WrittenScope | undefined): Promise<CredentialPlan> {
    const { scopeSeconds, scopeDescription } = this.#request.narrowing ?? {};
    await toldBy({ given: "life of a scoped copy" }, () => checkSeconds(scopeSeconds));
    await toldBy(
      { given: "description of a scoped copy" },
      () => checkDescription(scopeDescription),
    );
    const { endpoint, roleArn } = this.#subject(plan);
    const partition = roleArn === undefined
      ? this.#ports.partitionOf(endpoint)
      : partitionOf(roleArn);
    const resolved = written === undefined ? {} : await toldBy(
      written.owner,
      () => resolvePolicy(this.#ports, written.text, { partition, folder: written.folder }),
    );
    if (resolved.policyArns !== undefined && roleArn === undefined) {
      this.#failNoRole(plan, String(written?.text));
    }
    if (resolved.policy === undefined && scopeSeconds === undefined) {
      if (scopeDescription !== undefined) await failUselessDescription();
      return plan;
    }
    this.#checkLife(plan, scopeSeconds);
    const scope = definedFields<ScopeStep>({
      kind: "get-scoped-credentials",
      profile: plan.profile,
      policy: resolved.policy,
      durationSeconds: scopeSeconds,
      description: scopeDescription,
      endpoint,
      reason: reasonFor(written, scopeSeconds),
    });
    return { ...plan, scope };
  }

  /** What is narrowed: where its calls go, and the role, if it is one's. */
  #subject(
    { profile: asked, base, session, roles }: CredentialPlan,
  ): { readonly endpoint: EndpointSettings; readonly roleArn: string | undefined } {
    const role = roles.at(-1);
    if (role !== undefined) return role;
    if (session !== undefined) return { endpoint: session.endpoint, roleArn: undefined };
    const { environment, profiles } = this.#config;
    const roleArn = isKeysStep(base) ? undefined : this.#roleOfSource(base.source, base.settings);
    const endpoint = chooseEndpoint({
      ...{ asked, request: this.#request, environment, arn: roleArn },
      profiles: [asked, base.profile].flatMap((name) => profiles.get(name) ?? []),
    });
    return { endpoint, roleArn };
  }

  /** The role of a source whose call takes policies. */
  #roleOfSource(
    source: string,
    { roleArn }: Readonly<Record<string, string>>,
  ): string | undefined {
    const kind = this.#config.kinds.find((one) => one.source === source);
    return kind?.withPolicies === undefined ? undefined : roleArn;
  }

  #failNoRole({ profile, base, session }: CredentialPlan, text: string): never {
    const from = session !== undefined || isKeysStep(base)
      ? "are a session token's"
      : `come from ${sourceName(base)}`;
    failProfile(
      profile,
      `scope ${
        quoteValue(text.trim())
      } is the ARN of a managed policy, which AWS takes with a role alone, and its ` +
        `credentials ${from}`,
      "give the scope as JSON, or by a name that 'stsaval scopes' lists as a policy; or assume a role on top with --role-arn",
    );
  }

  /** A copy lives no longer than what it is a copy of, as far as that is known before any call. */
  #checkLife({ profile, roles }: CredentialPlan, seconds: number | undefined): void {
    const role = roles.at(-1);
    if (seconds === undefined || role === undefined || seconds <= role.durationSeconds) return;
    failProfile(
      profile,
      `a scoped copy for ${formatDuration(seconds)} would outlive the role ${
        quoteValue(role.roleArn)
      }, which is ` +
        `assumed for ${formatDuration(role.durationSeconds)}`,
      `ask for ${formatDuration(role.durationSeconds)} at most, or leave the life of the copy out`,
    );
  }
}

function checkSeconds(seconds: number | undefined): void {
  if (seconds === undefined || isWithin(seconds, scopeSecondsLimit)) return;
  fault(`is ${formatDuration(seconds, Infinity)}, wanted 1 second to 36 hours`);
}

function checkDescription(description: string | undefined): void {
  if (description === undefined || /^[\t\n\r -~\u00a1-\u00ff]{2,256}$/.test(description)) return;
  const { length } = description;
  fault(
    length < 2 || length > 256
      ? `has ${length} characters, wanted 2 to 256`
      : "has characters that AWS does not log, wanted those up to U+00FF",
  );
}

async function failUselessDescription(): Promise<void> {
  await toldBy(
    { given: "description of a scoped copy" },
    () =>
      fault("describes none: nothing else narrows the credentials", "add --scope or --scope-for"),
  );
}

function reasonFor(written: WrittenScope | undefined, seconds: number | undefined): string {
  if (written !== undefined && !("given" in written.owner)) {
    return reasonOf(written.owner.profile, written.owner.field);
  }
  return written === undefined || (seconds !== undefined && namedScope(written.text) === undefined)
    ? "a shorter life was asked for"
    : "a scope was asked for";
}
