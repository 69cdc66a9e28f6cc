/**
 * The pages of the console and its endpoint for sign-ins, in every partition; no page elsewhere.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import {
  destinationUrl,
  federationHosts,
  federationUrl,
} from "../../../src/source/console/console_hosts.ts";
import { partitions } from "../../../src/sts/partition.ts";

const places = [
  ["eu-west-1", "signin.aws.amazon.com", "eu-west-1.console.aws.amazon.com"],
  ["cn-north-1", "signin.amazonaws.cn", "cn-north-1.console.amazonaws.cn"],
  ["us-gov-east-1", "signin.amazonaws-us-gov.com", "us-gov-east-1.console.amazonaws-us-gov.com"],
  ["eusc-de-east-1", "signin.amazonaws-eusc.eu", "eusc-de-east-1.console.amazonaws-eusc.eu"],
] as const;

for (const [region, signIn, pages] of places) {
  Deno.test(`console: the hosts of ${region}`, () => {
    assertEquals(federationUrl({ region }), `https://${signIn}/federation`);
    assertEquals(
      destinationUrl(undefined, { region }),
      `https://${pages}/console/home?region=${region}`,
    );
    assertEquals(destinationUrl("s3", { region }), `https://${pages}/s3/home?region=${region}`);
    assertEquals(destinationUrl("/a/b?c#d", { region }), `https://${pages}/a/b?c#d`);
    assertEquals(destinationUrl(`https://${pages}/ec2`, { region }), `https://${pages}/ec2`);
  });
}

Deno.test("console: each partition has a host of its own, and gives the region where none is set", () => {
  assertEquals(federationHosts.length, partitions.length);
  for (const { id, implicitRegion } of partitions) {
    const page = destinationUrl(undefined, { partition: id });
    assertEquals(new URL(page).searchParams.get("region"), implicitRegion);
  }
});

for (
  const elsewhere of [
    "https://example.com/",
    "//example.com/",
    "http://console.aws.amazon.com/",
    "https://console.aws.amazon.com.example.com/",
    "https://kim@console.aws.amazon.com/",
    "https://console.aws.amazon.com:8443/",
    "https://evilconsole.aws.amazon.com/",
    "javascript:alert(1)",
    "\\\\example.com",
  ]
) {
  Deno.test(`console: no page elsewhere: ${elsewhere}`, () => {
    assertThrows(() => destinationUrl(elsewhere, { region: "us-east-1" }), UsageError, "wanted");
  });
}

Deno.test("console: a region becomes part of a host name, so it is checked", () => {
  assertThrows(() => destinationUrl("s3", { region: "evil.example.com/" }), UsageError, "region");
});
