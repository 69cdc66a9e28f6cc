/**
 * Profiles: the settings of a section, validated and typed.
 *
 * @module
 */

import type { FilePlace } from "../errors.ts";
import type { ServiceUrls } from "./environment.ts";
import { definedFields } from "./fields.ts";
import type { ConfigWarning, IniSection } from "./file/ini.ts";
import { type ProfileField, settingNames } from "./file/setting_names.ts";
import {
  externalIdLimit,
  mfaSerialLimit,
  regionLimit,
  roleArnLimit,
  roleSeconds,
  roleSessionNameLimit,
} from "./limits.ts";
import type { ProfileSource } from "./profile_source.ts";
import { type SettingProblem, SettingReader } from "./setting_reader.ts";

export { settingNames };

export type { ProfileField } from "./file/setting_names.ts";
export type { SettingProblem } from "./setting_reader.ts";

/** The values of `credential_source`. */
export const credentialSources = ["Environment", "Ec2InstanceMetadata", "EcsContainer"] as const;

/** The source of a role's base credentials, if it is not another profile. */
export type CredentialSource = typeof credentialSources[number];

/** A profile of `~/.aws`, or of a file of role definitions. */
export interface Profile {
  readonly name: string;
  /** The first header of the profile. */
  readonly place: FilePlace;
  /** The location of each setting, for messages. A field with a place but no value is invalid. */
  readonly places: Readonly<Partial<Record<ProfileField, FilePlace>>>;
  readonly problems: readonly SettingProblem[];
  readonly roleArn?: string;
  readonly mfaSerial?: string;
  readonly sourceProfile?: string;
  readonly credentialSource?: CredentialSource;
  readonly externalId?: string;
  /** 900 to 43,200. */
  readonly durationSeconds?: number;
  readonly roleSessionName?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** What opens the keys that are sealed: the name of an opener, as it is written. */
  readonly sealedKeys?: string;
  readonly endpointUrl?: string;
  /** The name of the `services` section. */
  readonly services?: string;
  /** The STS endpoint of the `services` section. */
  readonly stsEndpointUrl?: string;
  /** Endpoints of other services, from the section that `services` names. */
  readonly serviceUrls?: ServiceUrls;
  readonly ignoreConfiguredEndpointUrls?: boolean;
  readonly stsRegionalEndpoints?: "legacy" | "regional";
  readonly useFips?: boolean;
  readonly useDualstack?: boolean;
  readonly credentialProcess?: string;
  readonly webIdentityTokenFile?: string;
  /** A command that prints the token. */
  readonly webIdentityTokenProcess?: string;
  readonly ssoSession?: string;
  readonly ssoStartUrl?: string;
  readonly ssoRegion?: string;
  readonly ssoAccountId?: string;
  readonly ssoRoleName?: string;
  readonly loginSession?: string;
  /** A file with certificates of authorities to trust. */
  readonly caBundle?: string;
  /** A command that prints an MFA code. */
  readonly mfaProcess?: string;
  /** Whether codes are made of the seed that is kept for the user. */
  readonly mfaStore?: boolean;
  /** Whether the cache of the AWS CLI is shared. */
  readonly shareAwsCache?: boolean;
  /** Whether the session cache is sealed. */
  readonly sealCache?: boolean;
  /** The profile that gave what this one does not set itself. */
  readonly includeProfile?: string;
  /** The policy of the role's session, as it is written: JSON, the path of a file, or the name of a scope. */
  readonly policy?: string;
  /** ARNs of managed policies for the role's session, as they are written. */
  readonly policyArns?: string;
  /** Tags of the role's session, as they are written. */
  readonly sessionTags?: string;
  /** The keys of the tags that the next roles of a chain keep, as they are written. */
  readonly transitiveSessionTags?: string;
  /** Who is behind the role's session. */
  readonly sourceIdentity?: string;
  /** The policy of the scoped copies that are handed out for the profile, as it is written. */
  readonly scopePolicy?: string;
  /** The address of the instance metadata service. */
  readonly ec2MetadataEndpoint?: string;
  /** IPv4 or IPv6, as it is written. */
  readonly ec2MetadataEndpointMode?: string;
  /** Whether version 1 of the instance metadata service is refused. */
  readonly ec2MetadataV1Disabled?: boolean;
}

/** The typed profile. Ignored settings are added to `warnings`. */
export function createProfile(
  source: ProfileSource,
  services: ReadonlyMap<string, IniSection>,
  warnings: ConfigWarning[],
): Profile {
  const read = new SettingReader(source, warnings);
  const servicesName = read.text("services");
  const fields = {
    roleArn: read.limited("roleArn", roleArnLimit),
    mfaSerial: read.limited("mfaSerial", mfaSerialLimit),
    sourceProfile: read.text("sourceProfile"),
    credentialSource: read.choice("credentialSource", credentialSources),
    externalId: read.limited("externalId", externalIdLimit),
    durationSeconds: read.seconds("durationSeconds", roleSeconds),
    roleSessionName: read.limited("roleSessionName", roleSessionNameLimit),
    region: read.limited("region", regionLimit),
    accessKeyId: read.text("accessKeyId"),
    secretAccessKey: read.text("secretAccessKey"),
    sessionToken: read.text("sessionToken"),
    sealedKeys: read.text("sealedKeys"),
    endpointUrl: read.text("endpointUrl"),
    services: servicesName,
    stsEndpointUrl: read.stsEndpoint(servicesName, services),
    serviceUrls: read.serviceUrls(services.get(servicesName ?? "")),
    ignoreConfiguredEndpointUrls: read.flag("ignoreConfiguredEndpointUrls"),
    stsRegionalEndpoints: read.choice("stsRegionalEndpoints", ["legacy", "regional"]),
    useFips: read.flag("useFips"),
    useDualstack: read.flag("useDualstack"),
    credentialProcess: read.command("credentialProcess"),
    webIdentityTokenFile: read.text("webIdentityTokenFile"),
    webIdentityTokenProcess: read.command("webIdentityTokenProcess"),
    ssoSession: read.text("ssoSession"),
    ssoStartUrl: read.text("ssoStartUrl"),
    ssoRegion: read.text("ssoRegion"),
    ssoAccountId: read.text("ssoAccountId"),
    ssoRoleName: read.text("ssoRoleName"),
    loginSession: read.text("loginSession"),
    caBundle: read.text("caBundle"),
    mfaProcess: read.command("mfaProcess"),
    mfaStore: read.flag("mfaStore"),
    shareAwsCache: read.flag("shareAwsCache"),
    sealCache: read.flag("sealCache"),
    includeProfile: read.text("includeProfile"),
    policy: read.narrowing("policy"),
    policyArns: read.narrowing("policyArns"),
    sessionTags: read.narrowing("sessionTags"),
    transitiveSessionTags: read.narrowing("transitiveSessionTags"),
    sourceIdentity: read.narrowing("sourceIdentity"),
    scopePolicy: read.narrowing("scopePolicy"),
    ec2MetadataEndpoint: read.text("ec2MetadataEndpoint"),
    ec2MetadataEndpointMode: read.text("ec2MetadataEndpointMode"),
    ec2MetadataV1Disabled: read.flag("ec2MetadataV1Disabled"),
  };
  const { name, place } = source;
  const { places, problems } = read;
  return definedFields<Profile>({ name, place, places, problems, ...fields });
}

const roleFields = [
  ...["roleArn", "mfaSerial", "sourceProfile", "credentialSource", "externalId"],
  ...["durationSeconds", "roleSessionName", "region", "endpointUrl", "stsRegionalEndpoints"],
  ...["useFips", "useDualstack", "webIdentityTokenFile", "webIdentityTokenProcess"],
  ...["policy", "policyArns", "sessionTags", "transitiveSessionTags", "sourceIdentity"],
  "scopePolicy",
] as readonly Exclude<ProfileField, "accessKeyId" | "secretAccessKey" | "sessionToken">[];

/** A role in AWS's spelling: its ARN, its MFA device, its source profile, then the rest. Never a key. */
export function formatRole(profile: Profile): Record<string, string> {
  const role: Record<string, string> = {};
  for (const field of roleFields) {
    const value = profile[field];
    if (value !== undefined) role[settingNames[field]] = String(value);
  }
  return role;
}
