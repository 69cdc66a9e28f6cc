/**
 * What each setting of a profile means, for the reference. The spellings are those of the program's own table.
 *
 * @module
 */

import type { ProfileField } from "../../src/config/profile.ts";

/** One line for each; the compiler says which is missing. */
export const settingMeanings: Readonly<Record<ProfileField, string>> = {
  roleArn: "The role to assume.",
  mfaSerial:
    "The MFA device of the IAM user. With it, the role is assumed from a session token that took a code.",
  sourceProfile: "The profile whose credentials assume the role. It may have a role of its own.",
  credentialSource:
    "Where the credentials come from that assume the role: `Environment`, `Ec2InstanceMetadata` or `EcsContainer`.",
  externalId: "The external id that the trust policy of the role asks for.",
  durationSeconds:
    "How long the role is assumed for, 900 to 43200. AWS allows 3600 after MFA or another role.",
  roleSessionName: "The name of the role's session. Default: `sts-` and the profile's name.",
  region: "The region of the STS endpoint, and of the variables that are handed out.",
  accessKeyId: "A long-term key, or a temporary one with its session token.",
  secretAccessKey: "The secret that belongs to it.",
  sessionToken: "The session token of temporary keys.",
  sealedKeys:
    "What opens the profile's keys, which `stsaval keys import` has sealed. Only stsaval knows it.",
  endpointUrl: "Another endpoint than AWS's own.",
  policy:
    "A session policy: JSON, a file, or the name of a scope. The session may do no more than it allows.",
  policyArns: "Managed policies that narrow the session in the same way.",
  sessionTags: "Tags of the session.",
  transitiveSessionTags: "The keys of the tags that the next roles of a chain keep.",
  sourceIdentity: "Who is behind the session; the next roles of a chain cannot change it.",
  scopePolicy: "The policy of the scoped copies that are handed out. Only stsaval knows it.",
  services:
    "The `[services NAME]` section with endpoints of single services, such as that of `sts`.",
  ignoreConfiguredEndpointUrls: "`true` ignores endpoints of files and variables.",
  stsRegionalEndpoints: "`legacy` calls the global endpoint in the old regions.",
  useFips: "`true` calls FIPS endpoints.",
  useDualstack: "`true` calls dual-stack endpoints.",
  credentialProcess: "A program that prints credentials as JSON.",
  webIdentityTokenFile:
    "A file with a token of an identity provider (OIDC), which is exchanged for the role.",
  webIdentityTokenProcess: "A program that prints such a token; as in aws-vault.",
  ssoSession: "The `[sso-session NAME]` section to sign in with.",
  ssoStartUrl:
    "The start page of IAM Identity Center; in the profile, or in the section of the session.",
  ssoRegion: "The region of IAM Identity Center.",
  ssoAccountId: "The account that IAM Identity Center gives a role in.",
  ssoRoleName: "The role (permission set) that it gives.",
  loginSession: "The sign-in by `aws login`; the AWS CLI writes it.",
  caBundle: "A file with CA certificates to trust.",
  mfaProcess: "A program that prints the MFA code; as in aws-vault.",
  mfaStore:
    "`true` makes the MFA code of the seed that `stsaval mfa add` keeps for the user. Only stsaval knows it.",
  sealCache:
    "`true` seals the cache of stsaval with a key that a keyring, a program or a passphrase keeps. Only stsaval knows it.",
  shareAwsCache: "`true` shares roles with the AWS CLI, in its own cache. Only stsaval knows it.",
  includeProfile: "A profile whose settings hold where this one has none; as in aws-vault.",
  ec2MetadataEndpoint: "Another address of the instance's metadata service.",
  ec2MetadataEndpointMode: "`IPv4` or `IPv6`.",
  ec2MetadataV1Disabled: "`true` never asks by version 1 of the service.",
};
