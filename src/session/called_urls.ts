/**
 * The URLs that plans call, so that a sandbox can block all other hosts.
 *
 * @module
 */

import { type CredentialPlan, type EndpointSettings, type PlanStep, planSteps } from "../plan.ts";
import { type ProfileProblem, UsageError } from "../errors.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";
import { sourceOf } from "../source/sources.ts";
import type { Network } from "../system.ts";
import type { Outcome } from "./set/batch.ts";

/**
 * The URLs that the steps call, each once. A step with an invalid endpoint calls none.
 *
 * @throws {UsageError} when that leaves no URL at all
 */
export function calledUrls(steps: readonly PlanStep[]): readonly string[] {
  const outcomes = steps.map((step) => attempt(() => urlsOf(step)));
  const urls = outcomes.flatMap((outcome) => outcome.ok ? outcome.value : []);
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (urls.length === 0 && failed !== undefined) throw failed.error;
  return [...new Set(urls)];
}

function urlsOf(step: PlanStep): readonly string[] {
  if (step.kind === "source") return sourceOf(step).urls?.(step) ?? [];
  return "endpoint" in step ? [resolveEndpoint(step.endpoint).url] : [];
}

const renewed = new WeakMap<CredentialPlan, readonly string[]>();

/** The URLs that a renewal of the plan's credentials calls: those of its roles and its scope, else that of its session token. */
export function renewedUrls(plan: CredentialPlan): readonly string[] {
  const known = renewed.get(plan);
  if (known !== undefined) return known;
  const { roles, scope } = plan;
  const steps = roles.length === 0
    ? planSteps(plan)
    : scope === undefined
    ? roles
    : [...roles, scope];
  const outcome = attempt(() => calledUrls(steps));
  const urls = outcome.ok ? outcome.value : [];
  renewed.set(plan, urls);
  return urls;
}

/**
 * The plans with an endpoint that cannot be used, if others have none: one of them must not cost the others a code. Where
 * all have one, its own error is the clearer one.
 */
export function endpointProblems(plans: readonly CredentialPlan[]): readonly ProfileProblem[] {
  const problems = plans.flatMap((plan): ProfileProblem[] => {
    const outcomes = planSteps(plan).map((step) => attempt(() => urlsOf(step)));
    const failed = outcomes.find((outcome) => !outcome.ok);
    return failed?.error instanceof UsageError ? [describeEndpoint(plan, failed.error)] : [];
  });
  return problems.length < plans.length ? problems : [];
}

function describeEndpoint({ profile }: CredentialPlan, error: UsageError): ProfileProblem {
  const why = error.message.replace(/^Cannot/, "cannot");
  return { profile, message: `Cannot use profile "${profile}": ${why}`, hint: error.hint };
}

/**
 * Returns a function that blocks all hosts but those of the steps. It does so on its first call, since blocking takes
 * time and a cache hit needs no host. Every caller gets the same error. It also rejects an invalid endpoint, before the
 * user is prompted for a code in vain.
 */
export function hostLimit(
  network: Pick<Network, "callOnly">,
  steps: readonly PlanStep[],
): (endpoint?: EndpointSettings) => void {
  let outcome: Outcome<void> | undefined;
  return (endpoint) => {
    if (endpoint !== undefined) resolveEndpoint(endpoint);
    outcome ??= attempt(() => {
      const urls = calledUrls(steps);
      network.callOnly?.(urls, { mayPrompt: steps.some(mayPrompt) });
    });
    if (!outcome.ok) throw outcome.error;
  };
}

/** Whether the user may be prompted for the step: for an MFA code that no program prints, or a passphrase. */
function mayPrompt(step: PlanStep): boolean {
  if (step.kind === "source") return sourceOf(step).mayPrompt?.(step) ?? false;
  return "mfaSerial" in step && step.mfaSerial !== undefined && step.mfaProcess === undefined;
}

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
