import { assertEquals } from "@std/assert";
import { childVariables } from "../../../../src/cli/commands/shared/child.ts";

const credentials = {
  AccessKeyId: "ASIAEXAMPLE",
  SecretAccessKey: "secret",
  SessionToken: "token",
  StartTime: new Date(0),
  Expiration: new Date(3_600_000),
};

Deno.test({
  name: "childVariables() sets the credentials, and takes away all else that leads to some",
  permissions: "none",
  fn() {
    assertEquals(childVariables({ name: "p\n'", credentials, region: undefined }), {
      AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_CREDENTIAL_EXPIRATION: "1970-01-01T01:00:00.000Z",
      STSAVAL_PROFILE: "p\n'",
      AWS_PROFILE: undefined,
      AWS_ACCOUNT_ID: undefined,
      AWS_CREDENTIAL_SCOPE: undefined,
      AWS_X_SECURITY_TOKEN_EXPIRES: undefined,
      AWS_CREDENTIALS_EXPIRATION: undefined,
      AWS_VAULT: undefined,
      AWSUME_PROFILE: undefined,
      AWSUME_EXPIRATION: undefined,
      AWS_OKTA_PROFILE: undefined,
      AWS_DEFAULT_PROFILE: undefined,
      AWS_ACCESS_KEY: undefined,
      AWS_SECRET_KEY: undefined,
      AWS_SECURITY_TOKEN: undefined,
      AWS_CREDENTIAL_FILE: undefined,
      AWS_BEARER_TOKEN_BEDROCK: undefined,
      AWS_SESSION_EXPIRATION: undefined,
      AWS_ROLE_ARN: undefined,
      AWS_ROLE_SESSION_NAME: undefined,
      AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: undefined,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: undefined,
      STSAVAL_MFA_CODE: undefined,
    });
  },
});

Deno.test({
  name: "childVariables() sets the region for the AWS CLI and for the SDKs",
  permissions: "none",
  fn() {
    const variables = childVariables({ name: "p", credentials, region: "eu-west-1" });
    assertEquals(
      [variables["AWS_REGION"], variables["AWS_DEFAULT_REGION"]],
      ["eu-west-1", "eu-west-1"],
    );
  },
});
