/**
 * AWS's spellings of the settings of a profile. No other file spells them.
 *
 * @module
 */

/** How each field of a profile is spelled in AWS's files. */
export const settingNames = {
  roleArn: "role_arn",
  mfaSerial: "mfa_serial",
  sourceProfile: "source_profile",
  credentialSource: "credential_source",
  externalId: "external_id",
  durationSeconds: "duration_seconds",
  roleSessionName: "role_session_name",
  region: "region",
  accessKeyId: "aws_access_key_id",
  secretAccessKey: "aws_secret_access_key",
  sessionToken: "aws_session_token",
  sealedKeys: "sealed_keys",
  endpointUrl: "endpoint_url",
  services: "services",
  ignoreConfiguredEndpointUrls: "ignore_configured_endpoint_urls",
  stsRegionalEndpoints: "sts_regional_endpoints",
  useFips: "use_fips_endpoint",
  useDualstack: "use_dualstack_endpoint",
  credentialProcess: "credential_process",
  webIdentityTokenFile: "web_identity_token_file",
  webIdentityTokenProcess: "web_identity_token_process",
  ssoSession: "sso_session",
  ssoStartUrl: "sso_start_url",
  ssoRegion: "sso_region",
  ssoAccountId: "sso_account_id",
  ssoRoleName: "sso_role_name",
  loginSession: "login_session",
  caBundle: "ca_bundle",
  mfaProcess: "mfa_process",
  mfaStore: "mfa_store",
  shareAwsCache: "share_aws_cache",
  sealCache: "seal_cache",
  includeProfile: "include_profile",
  policy: "policy",
  policyArns: "policy_arns",
  sessionTags: "session_tags",
  transitiveSessionTags: "transitive_session_tags",
  sourceIdentity: "source_identity",
  scopePolicy: "scope_policy",
  ec2MetadataEndpoint: "ec2_metadata_service_endpoint",
  ec2MetadataEndpointMode: "ec2_metadata_service_endpoint_mode",
  ec2MetadataV1Disabled: "ec2_metadata_v1_disabled",
} as const;

/** Settings that stand in the section of a sign-in alone. */
export const ssoSessionSettingNames = {
  registrationScopes: "sso_registration_scopes",
} as const;

/** The fields that are read from a file. */
export type ProfileField = keyof typeof settingNames;

/** Spellings of other times, by the names that they have now: botocore's first one, and aws-vault's. */
export const olderNames: Readonly<Record<string, string>> = {
  "aws_security_token": settingNames.sessionToken,
  "parent_profile": settingNames.includeProfile,
};

/** What people write in place of a name, too far from it for a comparison of letters. */
export const namesMeant: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ...{ mfa: settingNames.mfaSerial, mfa_arn: settingNames.mfaSerial },
  ...{ mfa_device: settingNames.mfaSerial, mfa_device_arn: settingNames.mfaSerial },
  ...{ mfa_serial_number: settingNames.mfaSerial, serial_number: settingNames.mfaSerial },
  ...{ role: settingNames.roleArn, arn: settingNames.roleArn },
  ...{ assume_role_arn: settingNames.roleArn },
  ...{ profile: settingNames.sourceProfile, source: settingNames.sourceProfile },
  ...{ parent: settingNames.includeProfile, include: settingNames.includeProfile },
  ...{ duration: settingNames.durationSeconds, session_duration: settingNames.durationSeconds },
  ...{ role_duration: settingNames.durationSeconds, assume_role_ttl: settingNames.durationSeconds },
  ...{ session_name: settingNames.roleSessionName, role_session: settingNames.roleSessionName },
  ...{ aws_region: settingNames.region, default_region: settingNames.region },
  ...{ aws_default_region: settingNames.region, endpoint: settingNames.endpointUrl },
  ...{ access_key: settingNames.accessKeyId, accesskeyid: settingNames.accessKeyId },
  ...{ access_key_id: settingNames.accessKeyId, aws_key: settingNames.accessKeyId },
  ...{ secret_key: settingNames.secretAccessKey, aws_secret_key: settingNames.secretAccessKey },
  ...{ secretaccesskey: settingNames.secretAccessKey, aws_secret: settingNames.secretAccessKey },
  ...{ secret_access_key: settingNames.secretAccessKey, secret: settingNames.secretAccessKey },
  ...{ sessiontoken: settingNames.sessionToken, session_token: settingNames.sessionToken },
  ...{ aws_token: settingNames.sessionToken, token: settingNames.sessionToken },
  ...{ session_policy: settingNames.policy, policy_arn: settingNames.policyArns },
  ...{ scope: settingNames.scopePolicy },
  ...{ tags: settingNames.sessionTags, transitive_tags: settingNames.transitiveSessionTags },
  ...{ transitive_tag_keys: settingNames.transitiveSessionTags },
  ...{ security_token: settingNames.sessionToken, sso_role: settingNames.ssoRoleName },
};
