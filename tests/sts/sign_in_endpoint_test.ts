import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { isServiceHost } from "../../src/sts/hosts.ts";
import { partitions } from "../../src/sts/partition.ts";
import {
  isSignInHost,
  signInSuffixes,
  signInUrl,
  signInUrls,
} from "../../src/sts/sign_in_endpoint.ts";

/** The rule set of the service's model. */
const vectors: readonly (readonly [region: string, fips: boolean, dual: boolean, host: string])[] =
  [
    ["us-east-1", false, false, "us-east-1.signin.aws.amazon.com"],
    ["eu-west-77", false, false, "eu-west-77.signin.aws.amazon.com"],
    ["cn-north-1", false, false, "cn-north-1.signin.amazonaws.cn"],
    ["us-gov-west-1", false, false, "us-gov-west-1.signin.amazonaws-us-gov.com"],
    ["eusc-de-east-1", false, false, "eusc-de-east-1.signin.amazonaws-eusc.eu"],
    ["us-iso-east-1", false, false, "us-iso-east-1.signin.c2shome.ic.gov"],
    ["us-isob-east-1", false, false, "us-isob-east-1.signin.sc2shome.sgov.gov"],
    ["eu-isoe-west-1", false, false, "eu-isoe-west-1.signin.csphome.adc-e.uk"],
    ["us-isof-south-1", false, false, "us-isof-south-1.signin.csphome.hci.ic.gov"],
    ["us-east-1", true, false, "signin-fips.us-east-1.amazonaws.com"],
    ["us-gov-west-1", true, false, "signin-fips.amazonaws-us-gov.com"],
    ["us-gov-east-1", true, false, "us-gov-east-1.signin-fips.amazonaws-us-gov.com"],
    ["us-east-1", false, true, "signin.us-east-1.api.aws"],
    ["us-gov-west-1", true, true, "signin-fips.us-gov-west-1.api.aws"],
    ["cn-north-1", true, true, "signin-fips.cn-north-1.api.amazonwebservices.com.cn"],
  ];

for (const [region, useFips, useDualstack, host] of vectors) {
  Deno.test({
    name: `signInUrl() in ${region}${useFips ? ", FIPS" : ""}${useDualstack ? ", dualstack" : ""}`,
    permissions: "none",
    fn() {
      assertEquals(signInUrl({ region, useFips, useDualstack }), `https://${host}`);
      assert(isServiceHost(host), host);
    },
  });
}

Deno.test({
  name:
    "signInUrl() takes the region of the sign-in, a custom endpoint, and nothing that names another host",
  permissions: "none",
  fn() {
    assertEquals(
      signInUrl({ region: "eu-west-1" }, "us-west-2"),
      "https://us-west-2.signin.aws.amazon.com",
    );
    const endpointUrl = "http://127.0.0.1:4566/";
    assertEquals(
      signInUrl({ region: "eu-west-1", endpointUrl }, "us-west-2"),
      "http://127.0.0.1:4566",
    );
    assertThrows(() => signInUrl({}), UsageError, "its region is not known");
    for (const region of ["example.com/", "a.b", "eu-west-1@example.com", ""]) {
      assertThrows(
        () => signInUrl({ region: "eu-west-1" }, region),
        UsageError,
        "Cannot use region",
      );
    }
  },
});

Deno.test({
  name: "signInUrls() are those of the partition, all of them of the service",
  permissions: "none",
  fn() {
    for (const { id, regions } of partitions) {
      const urls = signInUrls({ partition: id });
      assertEquals(urls.length, regions.length);
      for (const url of urls) assert(isServiceHost(new URL(url).hostname), url);
    }
    assertEquals(
      signInUrls({ region: "eu-west-77" })[0],
      "https://eu-west-77.signin.aws.amazon.com",
    );
  },
});

Deno.test({
  name: "the hosts of sign-ins are those of each partition's own domain, and no others",
  permissions: "none",
  fn() {
    assertEquals(signInSuffixes, [
      ...["signin.aws.amazon.com", "signin.amazonaws.cn", "amazonaws-us-gov.com"],
      ...["signin.amazonaws-eusc.eu", "signin.c2shome.ic.gov", "signin.sc2shome.sgov.gov"],
      ...["signin.csphome.adc-e.uk", "signin.csphome.hci.ic.gov"],
    ]);
    const known = [
      ...["us-east-1.signin.aws.amazon.com", "signin-fips.amazonaws-us-gov.com"],
      ...["us-gov-east-1.signin-fips.amazonaws-us-gov.com", "cn-north-1.signin.amazonaws.cn"],
    ];
    const others = [
      ...["us-east-1.signin.amazonaws.cn", "cn-north-1.signin.aws.amazon.com"],
      ...["us-east-1.signin-fips.aws.amazon.com", "signin.aws.amazon.com", "aws.amazon.com"],
      ...["us-east-1.console.aws.amazon.com", "moon-1.signin.aws.amazon.com", ""],
      ...["us-east-1.signin.aws.amazon.com.example.com", "x.us-east-1.signin.aws.amazon.com"],
    ];
    assertEquals(known.map(isSignInHost), known.map(() => true));
    assertEquals(others.filter(isSignInHost), []);
    const error = assertThrows(() => signInUrl({}), UsageError, "its region is not known");
    assertEquals(
      error.hint,
      "set region in the profile to the region where the sign-in was made",
    );
    assertEquals(signInUrl({ endpointUrl: "https://x.example" }), "https://x.example");
    assertEquals(signInUrls({ endpointUrl: "https://x.example", region: "eu-west-1" }), [
      "https://x.example",
    ]);
  },
});
