/**
 * Which URLs plans lead to, for whoever closes the way to all others.
 *
 * @module
 */

import type { PlanStep } from "../plan.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";

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
