/**
 * Where the AWS console is, in each partition: its pages, and the endpoint that signs a browser in.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { regionPattern } from "../../plan.ts";
import { partitionOf } from "../../sts/partition.ts";

/** The domains of the console by partition: pages are below the first, sign-ins at the second. */
const domains: Readonly<Record<string, { readonly pages: string; readonly signIn: string }>> = {
  aws: { pages: "console.aws.amazon.com", signIn: "signin.aws.amazon.com" },
  "aws-cn": { pages: "console.amazonaws.cn", signIn: "signin.amazonaws.cn" },
  "aws-us-gov": {
    pages: "console.amazonaws-us-gov.com",
    signIn: "signin.amazonaws-us-gov.com",
  },
  "aws-eusc": { pages: "console.amazonaws-eusc.eu", signIn: "signin.amazonaws-eusc.eu" },
  "aws-iso": { pages: "console.c2shome.ic.gov", signIn: "signin.c2shome.ic.gov" },
  "aws-iso-b": { pages: "console.sc2shome.sgov.gov", signIn: "signin.sc2shome.sgov.gov" },
  "aws-iso-e": { pages: "console.csphome.adc-e.uk", signIn: "signin.csphome.adc-e.uk" },
  "aws-iso-f": { pages: "console.csphome.hci.ic.gov", signIn: "signin.csphome.hci.ic.gov" },
};

/** The hosts that sign browsers in, one for each partition. */
export const federationHosts: readonly string[] = Object.values(domains).map(({ signIn }) =>
  signIn
);

/** Where the credentials are from: their region, or the partition of their role. */
export interface ConsolePlace {
  readonly region?: string | undefined;
  readonly partition?: string | undefined;
}

/** The region of the pages: that of the credentials, else the usual one of the partition. */
export function consoleRegion({ region, partition }: ConsolePlace): string {
  const found = region ?? partitionOf(undefined, partition).implicitRegion;
  if (regionPattern.test(found)) return found;
  throw new UsageError(
    `Cannot use region "${found}": wanted letters, digits and hyphens, such as "eu-west-1"`,
  );
}

/** The endpoint, without a query. */
export function federationUrl(place: ConsolePlace): string {
  return `https://${domainsOf(place).signIn}/federation`;
}

/**
 * The address of a page: that of a service by its name, a path of the console, or an address of the console itself.
 *
 * @throws {UsageError} for an address elsewhere: a signed-in browser would be led there
 */
export function destinationUrl(destination: string | undefined, place: ConsolePlace): string {
  const region = consoleRegion(place);
  const { pages } = domainsOf(place);
  const base = `https://${region}.${pages}`;
  const name = destination ?? "console";
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return `${base}/${name}/home?region=${region}`;
  const url = URL.parse(name, base);
  const isPage = url?.protocol === "https:" && url.port === "" && url.username === "" &&
    (url.hostname === pages || url.hostname.endsWith(`.${pages}`));
  if (url !== null && isPage) return url.href;
  throw new UsageError(
    `Cannot use "${name}" for --destination: wanted a service such as s3, or a page of ${pages}`,
  );
}

function domainsOf({ region, partition }: ConsolePlace) {
  const { id } = partitionOf(region, partition);
  const found = domains[id];
  if (found === undefined) throw new UsageError(`Cannot find the console of partition "${id}"`);
  return found;
}
