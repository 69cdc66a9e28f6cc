/**
 * The endpoint of AWS Sign-In, which refreshes an `aws login`. The rules are those of the endpoint rule set that AWS
 * publishes for it with its SDKs.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { EndpointSettings } from "../plan.ts";
import { resolveServiceUrl } from "./endpoint.ts";
import { partitionOf, partitions } from "./partition.ts";

/** Where a sign-in may be refreshed. */
export interface SignInEndpoint extends
  Pick<
    EndpointSettings,
    "region" | "partition" | "endpointUrl" | "useFips" | "useDualstack"
  > {}

/** The domain of the plain endpoints of each partition: `<region>.signin.…`. */
const ownDomains: Readonly<Record<string, string>> = {
  aws: "aws.amazon.com",
  "aws-cn": "amazonaws.cn",
  "aws-us-gov": "amazonaws-us-gov.com",
  "aws-eusc": "amazonaws-eusc.eu",
  "aws-iso": "c2shome.ic.gov",
  "aws-iso-b": "sc2shome.sgov.gov",
  "aws-iso-e": "csphome.adc-e.uk",
  "aws-iso-f": "csphome.hci.ic.gov",
};

const govFipsHost = "signin-fips.amazonaws-us-gov.com";

/** The DNS suffixes below which plain endpoints have their names; in GovCloud also those for FIPS. */
export const signInSuffixes: readonly string[] = Object.entries(ownDomains).map(([id, domain]) =>
  id === "aws-us-gov" ? domain : `signin.${domain}`
);

/** True for the hosts below {@linkcode signInSuffixes} that are sign-in endpoints, in every region. */
export function isSignInHost(host: string): boolean {
  if (host === govFipsHost) return true;
  const [, region = "", service, domain] =
    /^([a-z0-9-]+)\.(signin|signin-fips)\.(.+)$/.exec(host) ??
      [];
  return partitions.some(({ id, regionPattern }) =>
    regionPattern.test(region) && domain === ownDomains[id] &&
    (service === "signin" || id === "aws-us-gov")
  );
}

/**
 * The base URL. The region where the sign-in was made beats the one of the settings: it can be refreshed there alone.
 *
 * @throws {UsageError} when there is no region, or it or the custom endpoint cannot be used
 */
export function signInUrl(settings: SignInEndpoint, signInRegion?: string): string {
  const region = signInRegion ?? settings.region;
  const { endpointUrl, useFips, useDualstack } = settings;
  if (region === undefined && endpointUrl === undefined) {
    throw new UsageError("Cannot refresh the sign-in: its region is not known", {
      hint: "set region in the profile to the region where the sign-in was made",
    });
  }
  // Checks the region, which becomes part of the host name.
  const url = resolveServiceUrl("signin", { ...settings, region: region ?? anyRegion });
  const { id } = partitionOf(region, settings.partition);
  const domain = ownDomains[id];
  if (endpointUrl !== undefined || domain === undefined || useDualstack) return url;
  if (!useFips) return `https://${region}.signin.${domain}`;
  if (id !== "aws-us-gov") return url;
  return region === "us-gov-west-1"
    ? `https://${govFipsHost}`
    : `https://${region}.signin-fips.${domain}`;
}

/** A custom endpoint needs none. */
const anyRegion = "us-east-1";

/**
 * The URLs that a refresh may call. Only the file of the sign-in tells its region, so that they are those of all regions
 * of the partition.
 */
export function signInUrls(settings: SignInEndpoint): readonly string[] {
  if (settings.endpointUrl !== undefined) return [signInUrl(settings)];
  const { regions } = partitionOf(settings.region, settings.partition);
  const own = settings.region === undefined ? [] : [settings.region];
  return [...new Set([...own, ...regions])].map((region) => signInUrl(settings, region));
}
