/**
 * Which host names belong to the AWS services that stsaval speaks to. The released program may call these, and no other host of AWS: anybody can rent a name
 * below `amazonaws.com`.
 *
 * @module
 */

import { stsHosts } from "./endpoint.ts";
import { isSignInHost, signInSuffixes } from "./sign_in_endpoint.ts";
import { partitions } from "./partition.ts";

/** The DNS suffixes below which AWS's services have their names, each once. */
export function awsSuffixes(): readonly string[] {
  const suffixes = partitions.flatMap(({ suffix, dualstackSuffix }) => [suffix, dualstackSuffix]);
  return [...new Set(suffixes)].sort();
}

/** The DNS suffixes below which the hosts of all the services have their names, each once. */
export function serviceSuffixes(): readonly string[] {
  return [...awsSuffixes(), ...signInSuffixes];
}

/** The services, as their host names begin. */
const services: readonly string[] = [
  "sts",
  "sts-fips",
  "oidc",
  "portal.sso",
  "signin",
  "signin-fips",
];

/**
 * True for the hosts of these services in every region, those newer than our table included, and for private endpoints
 * for them (AWS PrivateLink): `vpce-….sts.eu-west-1.vpce.amazonaws.com`.
 */
export function isServiceHost(host: string): boolean {
  if (stsHosts().includes(host) || isSignInHost(host)) return true;
  const suffix = awsSuffixes().find((suffix) => host.endsWith(`.${suffix}`));
  if (suffix === undefined) return false;
  const labels = host.slice(0, -suffix.length - 1).replace(/^vpce-[a-z0-9-]+\.(.+)\.vpce$/, "$1");
  const [, service = "", region = ""] = /^([a-z.-]+)\.([a-z0-9-]+)$/.exec(labels) ?? [];
  return services.includes(service) &&
    partitions.some((partition) =>
      partition.regionPattern.test(region) &&
      [partition.suffix, partition.dualstackSuffix].includes(suffix)
    );
}
