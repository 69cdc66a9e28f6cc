/**
 * Which URLs plans lead to, for whoever closes the way to all others.
 *
 * @module
 */

import type { PlanStep } from "../plan.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";
import type { Network } from "../system.ts";
import type { Outcome } from "./batch.ts";

/** The URLs that the steps call, each once. A step whose endpoint cannot be used calls none. */
export function calledUrls(steps: readonly PlanStep[]): readonly string[] {
  const urls = steps.flatMap((step) => {
    if (step.kind !== "get-session-token" && step.kind !== "assume-role") return [];
    try {
      return [resolveEndpoint(step.endpoint).url];
    } catch {
      // The call itself says what is wrong with it.
      return [];
    }
  });
  return [...new Set(urls)];
}

/**
 * What closes the way to all hosts but those of the steps, at its first call: it takes its time, and an answer that is
 * in the cache needs no host at all. A refusal is the same for all who call it.
 */
export function hostLimit(
  network: Pick<Network, "callOnly">,
  steps: readonly PlanStep[],
): () => void {
  let outcome: Outcome<void> | undefined;
  return () => {
    outcome ??= attempt(() => network.callOnly?.(calledUrls(steps)));
    if (!outcome.ok) throw outcome.error;
  };
}

function attempt(work: () => void): Outcome<void> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
