/**
 * Which hosts are those of AWS's services, and which only look like them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { awsSuffixes, isServiceHost, serviceSuffixes } from "../../src/sts/hosts.ts";
import { signInSuffixes } from "../../src/sts/sign_in_endpoint.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("isServiceHost() knows the services in every partition, private links included", () => {
  const known = [
    ...["sts.amazonaws.com", "sts.eu-west-1.amazonaws.com", "sts-fips.us-east-1.api.aws"],
    ...["sts.eu-west-77.amazonaws.com", "oidc.eu-west-1.amazonaws.com", "signin.us-east-1.api.aws"],
    ...["portal.sso.us-gov-west-1.amazonaws.com", "oidc.cn-north-1.amazonaws.com.cn"],
    ...["vpce-0123-abcd.sts.us-east-1.vpce.amazonaws.com", "us-east-1.signin.aws.amazon.com"],
  ];
  assertEquals(known.filter((host) => !isServiceHost(host)), []);
});

pure("isServiceHost() knows no other service, region, partition or domain", () => {
  const others = [
    ...["", "amazonaws.com", "s3.eu-west-1.amazonaws.com", "ec2.us-east-1.api.aws"],
    ...[
      "sts.cn-north-1.amazonaws.com",
      "sts.eu-west-1.amazonaws.com.cn",
      "sts.moon-1.amazonaws.com",
    ],
    ...["sts.eu-west-1.amazonaws.com.example.com", "xsts.eu-west-1.amazonaws.com"],
    ...["evil.sts.eu-west-1.amazonaws.com", "sts.eu-west-1.example.com", "sts.amazonaws.com.cn"],
    ...["vpce-0123.s3.us-east-1.vpce.amazonaws.com", "0123.sts.us-east-1.vpce.amazonaws.com"],
    ...["vpce-0123.sts.us-east-1.amazonaws.com", "sts.us-iso-east-1.sc2s.sgov.gov"],
  ];
  assertEquals(others.filter(isServiceHost), []);
});

pure("each suffix is listed once, in order, those of sign-ins last", () => {
  assertEquals(awsSuffixes(), [...new Set(awsSuffixes())].toSorted());
  assertEquals(awsSuffixes().length, 14);
  for (const suffix of ["amazonaws.com", "api.aws", "amazonaws.com.cn", "csp.hci.ic.gov"]) {
    assertEquals(awsSuffixes().includes(suffix), true, suffix);
  }
  assertEquals(serviceSuffixes(), [...awsSuffixes(), ...signInSuffixes]);
});
