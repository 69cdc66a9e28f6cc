/**
 * Resolves the STS endpoint: region, partition, FIPS, dualstack and custom endpoint in, URL and signing region out. The
 * rules are those of the endpoint rule set that AWS publishes for STS with its SDKs.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { type EndpointSettings, regionPattern } from "../plan.ts";
import { type Partition, partitionOf, partitions } from "./partition.ts";

/** The URL of a call, and its signing region. */
export interface Endpoint {
  /** Such as "https://sts.eu-west-1.amazonaws.com", without a trailing slash. */
  readonly url: string;
  /** Such as "eu-west-1". */
  readonly signingRegion: string;
  /** Such as "aws" or "aws-us-gov". */
  readonly partition: string;
}

/** By the settings, which every step of every plan holds for its own and asks for several times. */
const resolved = new WeakMap<EndpointSettings, Endpoint>();

const globalHost = "sts.amazonaws.com";

/** The regions that use the global endpoint in legacy mode, the pseudo region "aws-global" included. */
const legacyRegions: ReadonlySet<string> = new Set([
  ...["ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global"],
  ...["ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
]);

/**
 * The endpoint for these settings. The region defaults to that of the partition, and to us-east-1 if that is unknown
 * too.
 *
 * @throws {UsageError} when the region or the custom endpoint is invalid, or conflicts with the other settings
 */
export function resolveEndpoint(settings: EndpointSettings): Endpoint {
  const known = resolved.get(settings);
  if (known !== undefined) return known;
  const endpoint = endpointOf(settings);
  resolved.set(settings, endpoint);
  return endpoint;
}

function endpointOf(settings: EndpointSettings): Endpoint {
  const partition = partitionOf(settings.region, settings.partition);
  const region = settings.region ?? partition.implicitRegion;
  checkRegion(region);
  const isPseudo = region === `${partition.id}-global`;
  const signingRegion = isPseudo ? partition.implicitRegion : region;
  if (settings.endpointUrl !== undefined) {
    const url = customUrl(settings.endpointUrl, settings);
    return { url, signingRegion, partition: partition.id };
  }
  if (usesGlobalHost(region, settings)) {
    return { url: `https://${globalHost}`, signingRegion: "us-east-1", partition: partition.id };
  }
  const host = regionalHost(partition, signingRegion, settings);
  return { url: `https://${host}`, signingRegion, partition: partition.id };
}

/** True where these settings lead to the global endpoint; false too where they cannot be used. */
export function isGlobalEndpoint(settings: EndpointSettings): boolean {
  try {
    return new URL(resolveEndpoint(settings).url).hostname === globalHost;
  } catch (error) {
    // Whoever calls it says what is wrong.
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Every STS host name of the known regions: plain, FIPS, dualstack, both, and the global one. */
export function stsHosts(): readonly string[] {
  const hosts = new Set([globalHost]);
  for (const partition of partitions) {
    for (const region of partition.regions) {
      for (const useFips of [false, true]) {
        for (const useDualstack of [false, true]) {
          hosts.add(regionalHost(partition, region, { useFips, useDualstack }));
        }
      }
    }
  }
  return [...hosts].sort();
}

/**
 * The URL of another of AWS's services, by the rules that AWS publishes for it: "portal.sso", "oidc". The region must be
 * given.
 *
 * @throws {UsageError} when the region or the custom endpoint is invalid, or conflicts with the other settings
 */
export function resolveServiceUrl(
  service: string,
  settings: EndpointSettings & { readonly region: string },
): string {
  const { region, endpointUrl } = settings;
  checkRegion(region);
  if (endpointUrl !== undefined) return customUrl(endpointUrl, settings);
  return `https://${regionalHost(partitionOf(region, undefined), region, settings, service)}`;
}

function usesGlobalHost(region: string, settings: EndpointSettings): boolean {
  if (settings.useFips || settings.useDualstack) return false;
  return region === "aws-global" || (settings.legacyGlobal === true && legacyRegions.has(region));
}

function regionalHost(
  partition: Partition,
  region: string,
  settings: EndpointSettings,
  service = "sts",
): string {
  const suffix = settings.useDualstack ? partition.dualstackSuffix : partition.suffix;
  // The standard GovCloud endpoints are FIPS endpoints.
  const hasOwnFipsHost = partition.id !== "aws-us-gov" || settings.useDualstack;
  return `${service}${settings.useFips && hasOwnFipsHost ? "-fips" : ""}.${region}.${suffix}`;
}

function checkRegion(region: string): void {
  if (regionPattern.test(region)) return;
  throw new UsageError(
    `Cannot use region "${region}": wanted letters, digits and hyphens, such as "eu-west-1"`,
    { hint: "set the region with --region or AWS_REGION" },
  );
}

function customUrl(text: string, settings: EndpointSettings): string {
  const url = parseHttpUrl(text);
  const failed = () => `Cannot use endpoint "${shownUrl(text)}": Invalid Configuration`;
  if (settings.useFips) {
    throw new UsageError(`${failed()}: FIPS and custom endpoint are not supported`, {
      hint: "turn FIPS off, or remove the custom endpoint",
    });
  }
  if (settings.useDualstack) {
    throw new UsageError(`${failed()}: Dualstack and custom endpoint are not supported`, {
      hint: "turn dualstack off, or remove the custom endpoint",
    });
  }
  checkScheme(url, settings.allowHttp);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * Refuses plain http to another machine, on whatever port: it would carry the MFA code and the signed request in clear.
 *
 * @throws {UsageError} unless it is https, this machine, or allowed by hand
 */
export function checkScheme(url: URL, allowHttp = false): void {
  if (url.protocol === "https:" || allowHttp || isLoopback(url.hostname)) return;
  throw new UsageError(
    `Cannot use endpoint "${url.origin}": plain http is for this machine only, wanted https`,
    { hint: "use https; --allow-http sends the MFA code and the request in clear" },
  );
}

/** True for this machine's own addresses and its name, as `URL` writes them: `2130706433` is 127.0.0.1 there. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname) ||
    /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(hostname);
}

function parseHttpUrl(text: string): URL {
  const hint = "set AWS_ENDPOINT_URL_STS to a URL such as http://127.0.0.1:5000";
  const url = URL.parse(text);
  // URL.parse joins lines; an indented line that was meant as a setting of its own would become part of the path.
  if (url === null || !/^https?:$/.test(url.protocol) || /\s/.test(text.trim())) {
    throw new UsageError(
      `Cannot use endpoint "${shownUrl(text)}": wanted an http or https URL`,
      { hint },
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `Cannot use endpoint "${url.origin}": wanted a URL without user, password, query and fragment`,
      { hint },
    );
  }
  // The same name, but a resolver may ask the network for it.
  if (url.hostname === "localhost.") url.hostname = "localhost";
  return url;
}

/**
 * The part of the text that a message may show: nothing before an `@`, since that may be a password whatever the rest
 * looks like, no query, and one line.
 */
function shownUrl(text: string): string {
  const [scheme = ""] = /^[a-z]+:\/\//i.exec(text) ?? [];
  const rest = text.slice(scheme.length);
  const [user = ""] = /^.*(?:@|%40)/is.exec(rest) ?? [];
  const [place = ""] = rest.slice(user.length).split(/[\r\n?#]/, 1);
  return `${scheme}${user === "" ? "" : "***@"}${place}`;
}
