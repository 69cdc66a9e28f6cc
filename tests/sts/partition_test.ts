/**
 * The table of AWS's partitions, beside what AWS's own endpoint rules say (botocore's `partitions.json`, read 2026-11).
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { partitionOf, partitions } from "../../src/sts/partition.ts";

/** Per partition: its suffix, the one for dual stack, the region that stands for none, and the known regions. */
const expected: Readonly<Record<string, readonly [string, string, string, string]>> = {
  aws: [
    "amazonaws.com",
    "api.aws",
    "us-east-1",
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 " +
    "ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 " +
    "eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 " +
    "us-east-2 us-west-1 us-west-2",
  ],
  "aws-cn": [
    "amazonaws.com.cn",
    "api.amazonwebservices.com.cn",
    "cn-northwest-1",
    "cn-north-1 cn-northwest-1",
  ],
  "aws-us-gov": ["amazonaws.com", "api.aws", "us-gov-west-1", "us-gov-east-1 us-gov-west-1"],
  "aws-eusc": ["amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1", "eusc-de-east-1"],
  "aws-iso": ["c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1", "us-iso-east-1 us-iso-west-1"],
  "aws-iso-b": [
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "us-isob-east-1",
    "us-isob-east-1 us-isob-west-1",
  ],
  "aws-iso-e": [
    "cloud.adc-e.uk",
    "api.cloud-aws.adc-e.uk",
    "eu-isoe-west-1",
    "eu-isoe-west-1",
  ],
  "aws-iso-f": [
    "csp.hci.ic.gov",
    "api.aws.hci.ic.gov",
    "us-isof-south-1",
    "us-isof-east-1 us-isof-south-1",
  ],
};

Deno.test({
  name: "the partitions are those of AWS, the commercial one first",
  permissions: "none",
  fn() {
    const found = partitions.map(({ id, suffix, dualstackSuffix, implicitRegion, regions }) => [
      id,
      [suffix, dualstackSuffix, implicitRegion, regions.join(" ")],
    ]);
    assertEquals(found, Object.entries(expected).map(([id, row]) => [id, [...row]]));
  },
});

Deno.test({
  name: "partitionOf() knows listed regions, pseudo regions, names, and new regions by their form",
  permissions: "none",
  fn() {
    for (const { id, regions } of partitions) {
      for (const region of regions) assertEquals(partitionOf(region, undefined).id, id, region);
      assertEquals(partitionOf(`${id}-global`, undefined).id, id);
      assertEquals(partitionOf(undefined, id).id, id);
      // The region counts, whatever the name says.
      assertEquals(partitionOf("cn-north-1", id).id, "aws-cn");
    }
    const rows = [
      ["us-gov-north-12", "aws-us-gov"],
      ["us-isof-west-3", "aws-iso-f"],
      ["eusc-de-west-2", "aws-eusc"],
      ["mx-north-1", "aws"],
      ["moon-base-1", "aws"],
      ["cn-north-1-more", "aws"],
      ["xcn-north-1", "aws"],
    ] as const;
    for (const [region, id] of rows) assertEquals(partitionOf(region, "aws-cn").id, id, region);
    assertEquals(partitionOf(undefined, undefined).id, "aws");
    assertEquals(partitionOf(undefined, "aws-moon").id, "aws");
  },
});
