/**
 * Whether keys work: STS says whose they are.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { chooseEndpoint } from "../../config/plan/endpoint_choice.ts";
import type { AccessKeys } from "../../credentials.ts";
import { planRequest } from "../../session/plan_settings.ts";
import { resolveEndpoint } from "../../sts/endpoint.ts";
import type { CallerIdentity } from "../../sts/sts.ts";
import type { Invocation } from "../command.ts";
import { connectedSystem } from "../connected_system.ts";
import { coreSettings } from "../core_settings.ts";

/** Asks STS about keys. */
export interface KeyChecker {
  /** @throws {StsError} when STS refuses them; {@linkcode StsUnreachableError} when it cannot be asked */
  check(keys: AccessKeys): Promise<CallerIdentity>;
}

/** Narrows the program to STS, and to what was started for its openers: nothing else is called or run from then on. */
export async function openKeyChecker(
  invocation: Invocation,
  { environment, profiles }: Config,
  profile: string,
): Promise<KeyChecker> {
  const { arguments: given, logger, signal } = invocation;
  const own = profiles.get(profile);
  const settings = coreSettings(given);
  const endpoint = chooseEndpoint({
    asked: profile,
    request: planRequest(settings, {}, invocation.system.env),
    environment,
    profiles: own === undefined ? [] : [own],
    arn: own?.mfaSerial?.startsWith("arn:") ? own.mfaSerial : undefined,
  });
  const { url } = resolveEndpoint(endpoint);
  const system = await connectedSystem(invocation, own === undefined ? [] : [profile]);
  system.network.callOnly?.([url], { mayPrompt: true });
  return {
    async check(keys) {
      const { createSts } = await import("../../sts/client.ts");
      return await createSts({ ...system, logger }, settings).getCallerIdentity({
        ...{ keys, endpoint, signal },
      });
    },
  };
}
