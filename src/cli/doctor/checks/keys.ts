/**
 * Checks of long-term keys that only IAM can answer: made with --ask-iam alone.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import type { Profile } from "../../../config/profile.ts";
import { SourceError } from "../../../errors.ts";
import { type IamEndpoint, iamEndpoint } from "../../../source/iam/iam_hosts.ts";
import { connectedSystem } from "../../connected_system.ts";
import { coreSettings } from "../../core_settings.ts";
import type { Invocation } from "../../command.ts";
import type { System } from "../../../system.ts";
import type { Check, Finding } from "../finding.ts";
import { clockUrl } from "./network.ts";

const dayMs = 86_400_000;

/** From this age on a key is old; AWS Security Hub (IAM.3) and the CIS benchmark say 90 days. */
const oldDays = 90;

/** The rows. */
export const keyChecks: readonly Check[] = [
  {
    name: "old-keys",
    summary: `no long-term key is older than ${oldDays} days (with --ask-iam)`,
    run: ({ invocation, config }) => {
      const { arguments: given } = invocation;
      const isAsked = given.flag("ask-iam") && !given.flag("offline");
      return config === undefined || !isAsked ? [] : keysFindings(invocation, config);
    },
  },
];

async function keysFindings(invocation: Invocation, config: Config): Promise<readonly Finding[]> {
  const keyed = withKeys(config).map((profile) => ({
    profile,
    endpoint: endpointOf(invocation, config, profile),
  }));
  if (keyed.length === 0) return [];
  const system = await connectedSystem(invocation, []);
  // The clock is compared afterwards.
  const urls = [...keyed.map(({ endpoint }) => endpoint.url), clockUrl(invocation, config)];
  system.network.callOnly?.([...new Set(urls)]);
  const found: (readonly Finding[])[] = [];
  for (const { profile, endpoint } of keyed) {
    found.push(await keyFindings({ ...invocation, system }, profile, endpoint));
  }
  return found.flat();
}

function endpointOf(
  { arguments: given }: Invocation,
  { environment }: Config,
  profile: Profile,
): IamEndpoint {
  return iamEndpoint(
    given.text("region") ?? environment.region ?? profile.region,
    given.text("endpoint-url") ?? environment.endpointUrl ?? profile.endpointUrl,
  );
}

/** The first profile of each long-term key: temporary keys end by themselves. */
function withKeys({ profiles }: Config): readonly Profile[] {
  const byId = new Map<string, Profile>();
  for (const profile of profiles.values()) {
    const { accessKeyId, secretAccessKey, sessionToken } = profile;
    if (accessKeyId === undefined || secretAccessKey === undefined) continue;
    if (sessionToken === undefined && !byId.has(accessKeyId)) byId.set(accessKeyId, profile);
  }
  return [...byId.values()];
}

async function keyFindings(
  { arguments: given, signal, system }: Pick<Invocation, "arguments" | "signal"> & {
    readonly system: System;
  },
  profile: Profile,
  endpoint: IamEndpoint,
): Promise<readonly Finding[]> {
  const { accessKeyId = "", secretAccessKey = "", name, places } = profile;
  const place = places.accessKeyId;
  try {
    const { listAccessKeys } = await import("../../../source/iam/access_keys.ts");
    const ports = { system, signal, timeoutMs: coreSettings(given).timeoutMs };
    const listed = await listAccessKeys(ports, { accessKeyId, secretAccessKey }, endpoint);
    const own = listed.find((key) => key.accessKeyId === accessKeyId);
    if (own === undefined) return [];
    const days = Math.floor((system.clock.now() - own.created) / dayMs);
    if (days < oldDays) return [];
    return [{
      severity: "warning",
      message: `The access key of profile "${name}" (…${
        accessKeyId.slice(-4)
      }) is ${days} days old`,
      place,
      cure: "make a new key in IAM, put it in its place, and delete the old one",
    }];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError)) throw error;
    return [{
      severity: "note",
      message: `The age of the access key of profile "${name}" is not known: ${error.message}`,
      place,
      cure: error.hint ?? "connect to the network and try again, or leave out --ask-iam",
    }];
  }
}
