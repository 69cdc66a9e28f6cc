import { assertEquals } from "@std/assert";
import { formatSampleHome, sampleWorld } from "../../../src/testing/mod.ts";
import { kim, role } from "../fixtures.ts";

Deno.test({
  name: "formatSampleHome() writes a profile for the user and for each of its roles",
  permissions: "none",
  fn() {
    const { config, credentials } = formatSampleHome(sampleWorld(1), {
      url: new URL("http://127.0.0.1:4566"),
    });
    assertEquals(
      config,
      `[profile IAM_USER1]
mfa_serial = arn:aws:iam::123456789012:mfa/IAM_USER1
region = us-east-1
endpoint_url = http://127.0.0.1:4566

[profile DynamoDBRole-dev]
role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev
source_profile = IAM_USER1
mfa_serial = arn:aws:iam::123456789012:mfa/IAM_USER1
region = us-east-1
endpoint_url = http://127.0.0.1:4566
`,
    );
    assertEquals(
      credentials,
      `[IAM_USER1]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    );
  },
});

Deno.test({
  name:
    "formatSampleHome() names the region and the external id, and MFA only where it is required",
  permissions: "none",
  fn() {
    const world = { users: [kim], roles: [role("Deploy", { externalId: "x/42" })] };
    const { config } = formatSampleHome(world, { url: "http://127.0.0.1:1", region: "eu-west-1" });
    assertEquals(
      config.slice(config.indexOf("[profile Deploy]")),
      `[profile Deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = kim
external_id = x/42
region = eu-west-1
endpoint_url = http://127.0.0.1:1
`,
    );
  },
});

Deno.test({
  name: "sampleWorld() has the three roles of the documentation, and as many more as asked for",
  permissions: "none",
  fn() {
    const names = (count?: number) => sampleWorld(count).roles.map(({ arn }) => arn.split("/")[1]);
    assertEquals(names(), ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"]);
    assertEquals(names(5).slice(3), ["Role0004", "Role0005"]);
  },
});
