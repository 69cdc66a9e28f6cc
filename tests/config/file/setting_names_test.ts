/**
 * AWS's spellings, and what people write in place of them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { unknownKey } from "../../../src/config/file/known_settings.ts";
import {
  namesMeant,
  olderNames,
  settingNames,
  ssoSessionSettingNames,
} from "../../../src/config/file/setting_names.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const rowsOf = (text: string) => text.trim().split(/\n/).map((row) => row.trim().split(" "));
const wordsOf = (text: string) => text.trim().split(/\s+/);

const spellings = `
  roleArn role_arn
  mfaSerial mfa_serial
  sourceProfile source_profile
  credentialSource credential_source
  externalId external_id
  durationSeconds duration_seconds
  roleSessionName role_session_name
  region region
  accessKeyId aws_access_key_id
  secretAccessKey aws_secret_access_key
  sessionToken aws_session_token
  endpointUrl endpoint_url
  services services
  ignoreConfiguredEndpointUrls ignore_configured_endpoint_urls
  stsRegionalEndpoints sts_regional_endpoints
  useFips use_fips_endpoint
  useDualstack use_dualstack_endpoint
  credentialProcess credential_process
  webIdentityTokenFile web_identity_token_file
  webIdentityTokenProcess web_identity_token_process
  ssoSession sso_session
  ssoStartUrl sso_start_url
  ssoRegion sso_region
  ssoAccountId sso_account_id
  ssoRoleName sso_role_name
  loginSession login_session
  caBundle ca_bundle
  mfaProcess mfa_process
  shareAwsCache share_aws_cache
  includeProfile include_profile
  ec2MetadataEndpoint ec2_metadata_service_endpoint
  ec2MetadataEndpointMode ec2_metadata_service_endpoint_mode
  ec2MetadataV1Disabled ec2_metadata_v1_disabled
`;

const meant = `
  mfa mfa_serial
  mfa_arn mfa_serial
  mfa_device mfa_serial
  mfa_device_arn mfa_serial
  mfa_serial_number mfa_serial
  serial_number mfa_serial
  role role_arn
  arn role_arn
  assume_role_arn role_arn
  profile source_profile
  source source_profile
  parent include_profile
  include include_profile
  duration duration_seconds
  session_duration duration_seconds
  role_duration duration_seconds
  assume_role_ttl duration_seconds
  session_name role_session_name
  role_session role_session_name
  aws_region region
  default_region region
  aws_default_region region
  endpoint endpoint_url
  access_key aws_access_key_id
  accesskeyid aws_access_key_id
  access_key_id aws_access_key_id
  aws_key aws_access_key_id
  secret_key aws_secret_access_key
  aws_secret_key aws_secret_access_key
  secretaccesskey aws_secret_access_key
  aws_secret aws_secret_access_key
  secret_access_key aws_secret_access_key
  secret aws_secret_access_key
  sessiontoken aws_session_token
  session_token aws_session_token
  aws_token aws_session_token
  token aws_session_token
  security_token aws_session_token
  sso_role sso_role_name
`;

/** Keys of the AWS CLI and the SDKs that stsaval does not read (botocore's `configprovider`, the SDKs' guide). */
const ofAws = `
  output s3 account_id_endpoint_mode api_versions auth_scheme_preference aws_account_id
  credential_scope csm_client_id csm_enabled csm_host csm_port data_path defaults_mode
  disable_host_prefix_injection disable_request_compression endpoint_discovery_enabled
  imds_use_ipv6 max_attempts metadata_service_num_attempts metadata_service_timeout
  parameter_validation request_checksum_calculation request_min_compression_size_bytes
  response_checksum_validation retry_mode s3_disable_express_session_auth
  s3_disable_multiregion_access_points s3_us_east_1_regional_endpoint s3_use_arn_region
  sdk_ua_app_id sigv4a_signing_region_set tcp_keepalive
`;

pure("each setting has AWS's spelling", () => {
  const names: Readonly<Record<string, string>> = settingNames;
  for (const [field = "", name] of rowsOf(spellings)) assertEquals(names[field], name);
  assertEquals(ssoSessionSettingNames, { registrationScopes: "sso_registration_scopes" });
  assertEquals(olderNames, {
    aws_security_token: "aws_session_token",
    parent_profile: "include_profile",
  });
});

pure("each name that people write in place of one is known for it", () => {
  for (const [written = "", name] of rowsOf(meant)) assertEquals(namesMeant[written], name);
  assertEquals(Object.getPrototypeOf(namesMeant), null);
  for (const [written = "", name] of rowsOf(meant)) {
    assertEquals(unknownKey(written), { nearest: name, matters: true }, written);
    assertEquals(unknownKey(written.replaceAll("_", "-")), { nearest: name, matters: true });
  }
});

pure("what AWS and stsaval know is not odd, nor are the notes of other tools", () => {
  const own = [...Object.values(settingNames), ...Object.keys(olderNames)];
  const notes = wordsOf(`
    cli_pager granted_sso_start_url x_principal_arn toolkit_artifact_guid color expiration
    aws_expiration aws_credential_expiration aws_session_expiry sso_account_name sso_auto_populated
    assumed_role assumed_role_id
  `);
  for (const key of [...own, ...wordsOf(ofAws), ...notes]) {
    assertEquals(unknownKey(key), undefined, key);
  }
  for (const key of ["colors", "my_cli_pager", "xpiration"]) {
    assertEquals(unknownKey(key)?.matters, false, key);
  }
});

pure("a key matters where it leads elsewhere, or is near to one that stsaval reads", () => {
  const elsewhere = wordsOf(`
    assume_role azure_tenant_id saml_provider principal_arn
  `);
  for (const key of elsewhere) assertEquals(unknownKey(key)?.matters, true, key);
  assertEquals(unknownKey("role_arm"), { nearest: "role_arn", matters: true });
  assertEquals(unknownKey("outptu"), { nearest: "output", matters: false });
  assertEquals(unknownKey("nothing_like_it_at_all"), { nearest: undefined, matters: false });
});
