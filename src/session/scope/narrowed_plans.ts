/**
 * The plans of a request, with what narrows and labels their sessions.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { type PlanResult, resolvePlans } from "../../config/plan/plan.ts";
import type { PlanRequest } from "../../config/plan/request.ts";
import { settingNames } from "../../config/profile.ts";
import { wantsNarrowing } from "../../config/scope/wanted.ts";
import type { CredentialPlan, EndpointSettings } from "../../plan.ts";
import type { ProfileProblem } from "../../errors.ts";
import { isGlobalEndpoint } from "../../sts/endpoint.ts";
import { partitionOf } from "../../sts/partition.ts";
import type { Environment, Files } from "../../system.ts";

/** The ports of planning. */
export interface PlanPorts {
  readonly env: Environment;
  /** For policies in files. */
  readonly files: Pick<Files, "readText">;
}

/**
 * The plans of the profiles. Policies are read, and all rules of STS checked, before any call.
 *
 * @throws {UsageError} when the request breaks a rule
 */
export async function narrowedPlans(
  ports: PlanPorts,
  config: Config,
  names: readonly string[],
  request: PlanRequest,
): Promise<PlanResult> {
  const result = resolvePlans(config, names, request);
  if (!wantsNarrowing(config, result.plans, request)) return result;
  const { narrowPlans } = await import("../../config/scope/narrow_plans.ts");
  const { env, files } = ports;
  const scopePorts = { env, files, partitionOf: partitionOfEndpoint };
  const narrowed = await narrowPlans(scopePorts, config, result, request);
  const unknown = new Map(narrowed.plans.flatMap((plan) => globalProblem(plan)));
  return {
    ...narrowed,
    plans: narrowed.plans.filter(({ profile }) => !unknown.has(profile)),
    problems: [...narrowed.problems, ...unknown.values()],
  };
}

function partitionOfEndpoint({ region, partition }: EndpointSettings): string {
  return partitionOf(region, partition).id;
}

/** The global endpoint does not know GetScopedCredentials. */
function globalProblem(
  { profile, scope, roles }: CredentialPlan,
): readonly (readonly [string, ProfileProblem])[] {
  if (scope === undefined || !isGlobalEndpoint(scope.endpoint)) return [];
  const role = roles.length > 0
    ? "; or narrow its role with --policy, which every endpoint takes"
    : "";
  return [[profile, {
    profile,
    message:
      `Cannot use profile "${profile}": the global endpoint of STS does not know GetScopedCredentials, which makes scoped ` +
      "copies",
    hint:
      `use a regional endpoint: name a region with --region, and remove ${settingNames.stsRegionalEndpoints} = legacy${role}`,
  }]];
}
