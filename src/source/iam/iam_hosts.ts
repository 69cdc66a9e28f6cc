/**
 * Where IAM is: one endpoint for a partition, in a region of its own.
 *
 * @module
 */

import { partitionOf } from "../../sts/partition.ts";

/** An endpoint, and the region that requests to it are signed for. */
export interface IamEndpoint {
  readonly url: string;
  readonly region: string;
}

/** As AWS's endpoint rules have it. */
const endpoints: Readonly<Record<string, readonly [host: string, region: string]>> = {
  aws: ["iam.amazonaws.com", "us-east-1"],
  "aws-cn": ["iam.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  "aws-us-gov": ["iam.us-gov.amazonaws.com", "us-gov-west-1"],
  "aws-eusc": ["iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
  "aws-iso": ["iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
  "aws-iso-b": ["iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
  "aws-iso-e": ["iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"],
  "aws-iso-f": ["iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"],
};

/** The hosts, one for each partition. */
export const iamHosts: readonly string[] = Object.values(endpoints).map(([host]) => host);

/** The endpoint of the partition that a region is in; a custom one is signed for that region. */
export function iamEndpoint(region: string | undefined, endpointUrl?: string): IamEndpoint {
  const [host, signingRegion] = endpoints[partitionOf(region, undefined).id] ??
    ["iam.amazonaws.com", "us-east-1"];
  return { url: endpointUrl ?? `https://${host}`, region: signingRegion };
}
