/**
 * AWS's partitions, their domains and known regions: one table.
 *
 * @module
 */

/** One partition of AWS: regions that share accounts and a domain. */
export interface Partition {
  /** As in ARNs: "aws", "aws-cn". */
  readonly id: string;
  /** Recognizes regions that are newer than the list below. */
  readonly regionPattern: RegExp;
  /** The DNS suffix of its services. */
  readonly suffix: string;
  /** The DNS suffix of dual-stack (IPv4 and IPv6) endpoints. */
  readonly dualstackSuffix: string;
  /** The region to use if none is set. */
  readonly implicitRegion: string;
  /** The known regions. */
  readonly regions: readonly string[];
}

const aws: Partition = {
  id: "aws",
  regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  suffix: "amazonaws.com",
  dualstackSuffix: "api.aws",
  implicitRegion: "us-east-1",
  // deno-fmt-ignore
  regions: [
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
    "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
    "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
    "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ],
};

/** Every partition, the commercial one first. */
export const partitions: readonly Partition[] = [
  aws,
  {
    id: "aws-cn",
    regionPattern: /^cn-\w+-\d+$/,
    suffix: "amazonaws.com.cn",
    dualstackSuffix: "api.amazonwebservices.com.cn",
    implicitRegion: "cn-northwest-1",
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    id: "aws-us-gov",
    regionPattern: /^us-gov-\w+-\d+$/,
    suffix: "amazonaws.com",
    dualstackSuffix: "api.aws",
    implicitRegion: "us-gov-west-1",
    regions: ["us-gov-east-1", "us-gov-west-1"],
  },
  {
    id: "aws-eusc",
    regionPattern: /^eusc-(de)-\w+-\d+$/,
    suffix: "amazonaws.eu",
    dualstackSuffix: "api.amazonwebservices.eu",
    implicitRegion: "eusc-de-east-1",
    regions: ["eusc-de-east-1"],
  },
  {
    id: "aws-iso",
    regionPattern: /^us-iso-\w+-\d+$/,
    suffix: "c2s.ic.gov",
    dualstackSuffix: "api.aws.ic.gov",
    implicitRegion: "us-iso-east-1",
    regions: ["us-iso-east-1", "us-iso-west-1"],
  },
  {
    id: "aws-iso-b",
    regionPattern: /^us-isob-\w+-\d+$/,
    suffix: "sc2s.sgov.gov",
    dualstackSuffix: "api.aws.scloud",
    implicitRegion: "us-isob-east-1",
    regions: ["us-isob-east-1", "us-isob-west-1"],
  },
  {
    id: "aws-iso-e",
    regionPattern: /^eu-isoe-\w+-\d+$/,
    suffix: "cloud.adc-e.uk",
    dualstackSuffix: "api.cloud-aws.adc-e.uk",
    implicitRegion: "eu-isoe-west-1",
    regions: ["eu-isoe-west-1"],
  },
  {
    id: "aws-iso-f",
    regionPattern: /^us-isof-\w+-\d+$/,
    suffix: "csp.hci.ic.gov",
    dualstackSuffix: "api.aws.hci.ic.gov",
    implicitRegion: "us-isof-south-1",
    regions: ["us-isof-east-1", "us-isof-south-1"],
  },
];

/** The partition of a region, listed or not; without a region, the partition by name; else the commercial one. */
export function partitionOf(region: string | undefined, name: string | undefined): Partition {
  if (region === undefined) return partitions.find(({ id }) => id === name) ?? aws;
  const found = partitions.find((candidate) =>
    region === `${candidate.id}-global` || candidate.regionPattern.test(region)
  );
  return found ?? aws;
}
