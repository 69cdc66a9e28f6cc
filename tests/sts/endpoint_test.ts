import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import type { EndpointSettings } from "../../src/plan.ts";
import { resolveEndpoint, resolveServiceUrl, stsHosts } from "../../src/sts/endpoint.ts";

function endpointTest(name: string, fn: () => void): void {
  Deno.test({ name: `resolveEndpoint() ${name}`, permissions: "none", fn });
}

function assertUrls(table: readonly (readonly [EndpointSettings, string, string])[]): void {
  for (const [settings, url, signingRegion] of table) {
    const found = resolveEndpoint(settings);
    assertEquals([found.url, found.signingRegion], [url, signingRegion], JSON.stringify(settings));
  }
}

endpointTest("names the region's host, in every partition", () => {
  assertUrls([
    [{ region: "eu-west-1" }, "https://sts.eu-west-1.amazonaws.com", "eu-west-1"],
    [{ region: "cn-north-1" }, "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    [{ region: "us-gov-east-1" }, "https://sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"],
    [{ region: "eusc-de-east-1" }, "https://sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
    [{ region: "us-iso-east-1" }, "https://sts.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
    [{ region: "us-isob-east-1" }, "https://sts.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
    [{ region: "eu-isoe-west-1" }, "https://sts.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"],
    [{ region: "us-isof-east-1" }, "https://sts.us-isof-east-1.csp.hci.ic.gov", "us-isof-east-1"],
  ]);
});

endpointTest("resolves the settings of a step once, and others that are the same anew", () => {
  const settings = { region: "eu-west-1" };
  assertStrictEquals(resolveEndpoint(settings), resolveEndpoint(settings));
  assertNotStrictEquals(resolveEndpoint(settings), resolveEndpoint({ ...settings }));
});

endpointTest("knows a region of the future by its form", () => {
  assertEquals(resolveEndpoint({ region: "cn-west-9" }), {
    url: "https://sts.cn-west-9.amazonaws.com.cn",
    signingRegion: "cn-west-9",
    partition: "aws-cn",
  });
  assertEquals(resolveEndpoint({ region: "moon-base-1" }).partition, "aws");
});

endpointTest("does FIPS and dualstack, GovCloud being its own FIPS host", () => {
  const [useFips, useDualstack] = [true, true];
  assertUrls([
    [{ region: "us-east-1", useFips }, "https://sts-fips.us-east-1.amazonaws.com", "us-east-1"],
    [{ region: "us-east-1", useDualstack }, "https://sts.us-east-1.api.aws", "us-east-1"],
    [
      { region: "us-east-1", useFips, useDualstack },
      "https://sts-fips.us-east-1.api.aws",
      "us-east-1",
    ],
    [
      { region: "us-gov-west-1", useFips },
      "https://sts.us-gov-west-1.amazonaws.com",
      "us-gov-west-1",
    ],
    [
      { region: "us-gov-west-1", useFips, useDualstack },
      "https://sts-fips.us-gov-west-1.api.aws",
      "us-gov-west-1",
    ],
  ]);
});

endpointTest("uses the partition's own region where none is set", () => {
  assertUrls([
    [{}, "https://sts.us-east-1.amazonaws.com", "us-east-1"],
    [{ partition: "aws-us-gov" }, "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    [{ partition: "aws-cn" }, "https://sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"],
    [{ partition: "aws-moon" }, "https://sts.us-east-1.amazonaws.com", "us-east-1"],
  ]);
});

endpointTest("uses the global host for aws-global, and in old regions where legacy is set", () => {
  const legacyGlobal = true;
  const global = "https://sts.amazonaws.com";
  assertUrls([
    [{ region: "aws-global" }, global, "us-east-1"],
    [
      { region: "aws-global", useFips: true },
      "https://sts-fips.us-east-1.amazonaws.com",
      "us-east-1",
    ],
    [{ region: "aws-cn-global" }, "https://sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"],
    [{ region: "eu-west-3", legacyGlobal }, global, "us-east-1"],
    [{ legacyGlobal }, global, "us-east-1"],
    [{ region: "eu-south-1", legacyGlobal }, "https://sts.eu-south-1.amazonaws.com", "eu-south-1"],
    [
      { region: "eu-west-3", legacyGlobal, useDualstack: true },
      "https://sts.eu-west-3.api.aws",
      "eu-west-3",
    ],
  ]);
});

endpointTest("takes a custom endpoint as it is and signs for the region", () => {
  assertUrls([
    [{ endpointUrl: "http://127.0.0.1:5000" }, "http://127.0.0.1:5000", "us-east-1"],
    [{ endpointUrl: "http://[::1]:5000/", region: "eu-west-1" }, "http://[::1]:5000", "eu-west-1"],
    [
      { endpointUrl: "https://proxy.example/sts/", region: "aws-global", legacyGlobal: true },
      "https://proxy.example/sts",
      "us-east-1",
    ],
  ]);
});

endpointTest("refuses what does not go together with a custom endpoint", () => {
  const endpointUrl = "http://127.0.0.1:5000";
  const fips = assertThrows(() => resolveEndpoint({ endpointUrl, useFips: true }), UsageError);
  assertEquals(
    fips.message,
    'Cannot use endpoint "http://127.0.0.1:5000": ' +
      "Invalid Configuration: FIPS and custom endpoint are not supported",
  );
  assertEquals(fips.hint, "turn FIPS off, or remove the custom endpoint");
  const dual = assertThrows(() => resolveEndpoint({ endpointUrl, useDualstack: true }), UsageError);
  assertStringIncludes(dual.message, "Dualstack and custom endpoint are not supported");
});

endpointTest(
  "refuses endpoints and regions that are none, or that hold more than they should",
  () => {
    for (
      const endpointUrl of [
        "127.0.0.1:5000",
        "ftp://x",
        "nonsense",
        "https://x/?a=b",
        "https://x/#f",
      ]
    ) {
      const error = assertThrows(() => resolveEndpoint({ endpointUrl }), UsageError);
      assertStringIncludes(error.message, "wanted a");
    }
    const error = assertThrows(
      () => resolveEndpoint({ endpointUrl: "https://kim:secret@sts.example" }),
      UsageError,
    );
    assert(!error.message.includes("secret"));
    for (
      const region of ["", "eu west 1", "x.evil.example/", "-a", "a-", "12", "a".repeat(64), "a@b"]
    ) {
      assertThrows(() => resolveEndpoint({ region }), UsageError, `Cannot use region "${region}"`);
    }
  },
);

const plainHttpElsewhere = [
  "http://sts.us-east-1.amazonaws.com:443",
  "http://sts.amazonaws.com",
  "HTTP://STS.AMAZONAWS.COM:443/",
  "http:sts.amazonaws.com",
  "http:\\\\sts.amazonaws.com",
  "http://169.254.169.254",
  "http://0.0.0.0:5000",
  "http://[::]:5000",
  "http://[::2]:5000",
  "http://[fe80::1]:5000",
  "http://[::ffff:10.0.0.1]:5000",
  "http://126.255.255.255",
  "http://128.0.0.1",
  "http://1.127.0.0.1.example.com",
  "http://127.0.0.1.example.com",
  "http://127.0.0.1.nip.io",
  "http://localhost.example.com",
  "http://sts.localhost",
  "http://localhost%2eexample.com",
  "http://notlocalhost",
  "http://3232235777:5000",
];

endpointTest(
  "refuses plain http to another machine, whatever the port, unless it is allowed",
  () => {
    for (const endpointUrl of plainHttpElsewhere) {
      const error = assertThrows(() => resolveEndpoint({ endpointUrl }), UsageError);
      assertStringIncludes(error.message, "plain http is for this machine only, wanted https");
      assertStringIncludes(error.hint ?? "", "--allow-http");
      const { url } = resolveEndpoint({ endpointUrl, allowHttp: true });
      assert(url.startsWith("http://"), url);
      assertThrows(() => resolveEndpoint({ endpointUrl, allowHttp: false }), UsageError);
    }
  },
);

endpointTest("takes this machine by any of its names, and calls it by the usual one", () => {
  const table = [
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["http://127.0.0.1:443", "http://127.0.0.1:443"],
    ["http://127.0.0.2", "http://127.0.0.2"],
    ["http://127.1:5000", "http://127.0.0.1:5000"],
    ["http://2130706433:5000", "http://127.0.0.1:5000"],
    ["http://0x7f000001", "http://127.0.0.1"],
    ["http://[::1]:5000", "http://[::1]:5000"],
    ["http://[0:0:0:0:0:0:0:1]", "http://[::1]"],
    ["http://[::ffff:127.0.0.1]:5000", "http://[::ffff:7f00:1]:5000"],
    ["HTTP://LocalHost:5000", "http://localhost:5000"],
    ["http://localhost.:5000/", "http://localhost:5000"],
  ] as const;
  for (const [endpointUrl, url] of table) assertEquals(resolveEndpoint({ endpointUrl }).url, url);
});

endpointTest("tells of an endpoint nothing that may be a password, whatever it looks like", () => {
  const table = [
    ["http://user:S3cretPW@x:99999/", "http://***@x:99999/"],
    ["ftp://user:S3cretPW@x", "ftp://***@x"],
    ["user:S3cretPW@x", "***@x"],
    ["S3cretPW@", "***@"],
    ["http://user:S3cret@PW@x:99999/", "http://***@x:99999/"],
    ["http://user:S3cret?PW#S3cretPW@x:99999", "http://***@x:99999"],
    ["http://user:S3cretPW%40x", "http://***@x"],
    ["http://x:99999/?token=S3cretPW", "http://x:99999/"],
    ["http://x\naws_secret_access_key = S3cretPW", "http://x"],
    ["http:/user:S3cretPW@x", "http://x"],
  ] as const;
  for (const [endpointUrl, shown] of table) {
    const error = assertThrows(() => resolveEndpoint({ endpointUrl }), UsageError);
    assertStringIncludes(error.message, `Cannot use endpoint "${shown}": wanted a`);
    assert(!error.message.includes("S3cret"), endpointUrl);
    assertEquals(error.cause, undefined);
  }
  for (const conflict of [{ useFips: true }, { useDualstack: true }]) {
    const endpointUrl = "http://x/user:S3cretPW@y";
    const error = assertThrows(() => resolveEndpoint({ endpointUrl, ...conflict }), UsageError);
    assertStringIncludes(error.message, 'Cannot use endpoint "http://***@y": Invalid');
  }
});

Deno.test({
  name: "stsHosts() lists every host that resolveEndpoint() makes for known regions",
  permissions: "none",
  fn() {
    const hosts = stsHosts();
    assertEquals(new Set(hosts).size, hosts.length);
    assert(hosts.includes("sts.amazonaws.com"));
    for (const region of ["eu-west-1", "us-gov-west-1", "us-isof-south-1", "eusc-de-east-1"]) {
      for (const useFips of [true, false]) {
        for (const useDualstack of [true, false]) {
          const { url } = resolveEndpoint({ region, useFips, useDualstack });
          assert(hosts.includes(new URL(url).host), url);
        }
      }
    }
  },
});

endpointTest("refuses each part of a URL that is not its own, and says how to set it right", () => {
  const message = (endpointUrl: string) =>
    assertThrows(() => resolveEndpoint({ endpointUrl }), UsageError);
  const parts = [
    "https://kim@x.example",
    "https://:word@x.example",
    "https://x.example?q",
    "https://x.example#f",
  ];
  for (const text of parts) {
    const error = message(text);
    assertEquals(
      error.message,
      'Cannot use endpoint "https://x.example": wanted a URL without user, password, query and fragment',
    );
    assertEquals(
      error.hint,
      "set AWS_ENDPOINT_URL_STS to a URL such as http://127.0.0.1:5000",
    );
  }
  for (
    const text of ["ftp://x.example", "nothing", "https://x.example/a b", "https://x.example\n/b"]
  ) {
    assertStringIncludes(message(text).message, "wanted an http or https URL");
  }
  assertEquals(message("ftp://kim:S3cret@x.example/?token").message.includes("S3cret"), false);
  assertEquals(resolveEndpoint({ endpointUrl: " https://x.example " }).url, "https://x.example");
  const plain = message("http://x.example");
  assertEquals(
    plain.message,
    'Cannot use endpoint "http://x.example": plain http is for this machine only, wanted https',
  );
  assertEquals(
    resolveEndpoint({ endpointUrl: "http://x.example", allowHttp: true }).url,
    "http://x.example",
  );
  for (
    const host of [
      "localhost",
      "localhost.",
      "127.0.0.1",
      "127.255.255.254",
      "[::1]",
      "[::ffff:127.0.0.1]",
    ]
  ) {
    assertEquals(resolveEndpoint({ endpointUrl: `http://${host}:1` }).signingRegion, "us-east-1");
  }
  for (const host of ["128.0.0.1", "localhost.example", "[::2]", "127.0.0.1.example"]) {
    assertStringIncludes(message(`http://${host}`).message, "plain http is for this machine only");
  }
  const region = assertThrows(() => resolveEndpoint({ region: "a/b" }), UsageError);
  assertEquals(region.hint, "set the region with --region or AWS_REGION");
});

endpointTest("names other services as it names STS, and takes their own endpoint", () => {
  assertEquals(
    resolveServiceUrl("oidc", { region: "eu-west-1" }),
    "https://oidc.eu-west-1.amazonaws.com",
  );
  assertEquals(
    resolveServiceUrl("oidc", { region: "eu-west-1", useFips: true, useDualstack: true }),
    "https://oidc-fips.eu-west-1.api.aws",
  );
  const endpointUrl = "https://x.example/";
  assertEquals(
    resolveServiceUrl("oidc", { region: "eu-west-1", endpointUrl }),
    "https://x.example",
  );
  assertThrows(() => resolveServiceUrl("oidc", { region: "a/b" }), UsageError, "Cannot use region");
});
