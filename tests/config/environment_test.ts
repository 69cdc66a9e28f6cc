/**
 * Which variables are read, which of two comes first, and what is refused.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { readEnvironment } from "../../src/config/environment.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const read = (values: Readonly<Record<string, string>>) =>
  readEnvironment({ get: (name) => values[name] });

pure("each variable is read into its field, and nothing else is set", () => {
  assertEquals(read({}), {});
  const rows: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ["AWS_PROFILE", "dev", { profile: "dev" }],
    ["AWS_DEFAULT_PROFILE", "dev", { profile: "dev" }],
    ["AWS_REGION", "eu-west-1", { region: "eu-west-1" }],
    ["AWS_DEFAULT_REGION", "eu-west-1", { region: "eu-west-1" }],
    ["AWS_ACCESS_KEY_ID", "AKIA", { accessKeyId: "AKIA" }],
    ["AWS_SECRET_ACCESS_KEY", "secret", { secretAccessKey: "secret" }],
    ["AWS_SESSION_TOKEN", "t", { sessionToken: "t", sessionVariable: "AWS_SESSION_TOKEN" }],
    ["AWS_SECURITY_TOKEN", "t", { sessionToken: "t", sessionVariable: "AWS_SECURITY_TOKEN" }],
    ["AWS_ENDPOINT_URL_STS", "https://a", { stsEndpointUrl: "https://a" }],
    ["AWS_ENDPOINT_URL_SSO", "https://a", { serviceUrls: { sso: "https://a" } }],
    ["AWS_ENDPOINT_URL_SSO_OIDC", "https://a", { serviceUrls: { sso_oidc: "https://a" } }],
    ["AWS_ENDPOINT_URL_SIGNIN", "https://a", { serviceUrls: { signin: "https://a" } }],
    ["AWS_ENDPOINT_URL", "https://a", { endpointUrl: "https://a" }],
    ["STSAVAL_PROCESS_CHAIN", "a", { processChain: "a" }],
    ["AWS_STS_REGIONAL_ENDPOINTS", "legacy", { stsRegionalEndpoints: "legacy" }],
    ["AWS_STS_REGIONAL_ENDPOINTS", "regional", { stsRegionalEndpoints: "regional" }],
  ];
  for (const [name, value, fields] of rows) {
    assertEquals({ ...read({ [name]: value }) }, fields as never, name);
  }
});

pure("AWS's first names count where the newer ones are not set", () => {
  const both = read({
    ...{ AWS_PROFILE: "new", AWS_DEFAULT_PROFILE: "old", AWS_REGION: "n", AWS_DEFAULT_REGION: "o" },
    ...{ AWS_SESSION_TOKEN: "new", AWS_SECURITY_TOKEN: "old" },
  });
  assertEquals([both.profile, both.region, both.sessionToken, both.sessionVariable], [
    ...["new", "n", "new", "AWS_SESSION_TOKEN"],
  ]);
});

pure("flags are true or false in any case, and anything else is refused", () => {
  const flags = [
    ["AWS_USE_FIPS_ENDPOINT", "useFips"],
    ["AWS_USE_DUALSTACK_ENDPOINT", "useDualstack"],
    ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignoreConfiguredEndpointUrls"],
  ] as const;
  for (const [name, field] of flags) {
    for (const [text, value] of [["true", true], ["false", false], ["TRUE", true]] as const) {
      assertEquals(read({ [name]: text })[field], value, `${name}=${text}`);
    }
    const error = assertThrows(() => read({ [name]: "yes" }), UsageError);
    assertEquals(error.message.includes(name) && error.message.includes('"yes"'), true);
  }
  assertThrows(() => read({ AWS_STS_REGIONAL_ENDPOINTS: "global" }), UsageError);
});
