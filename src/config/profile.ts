/**
 * Profiles: the settings of a section, validated and typed.
 *
 * @module
 */

import { type FilePlace, formatPlace } from "../errors.ts";
import { serviceNames, type ServiceUrls } from "./environment.ts";
import { definedFields } from "./fields.ts";
import type { ConfigWarning, IniSetting } from "./file/ini.ts";
import {
  externalIdLimit,
  isWithin,
  mfaSerialLimit,
  type NumberLimit,
  roleArnLimit,
  roleSeconds,
  roleSessionNameLimit,
  type TextLimit,
} from "./limits.ts";
import { quoteValue } from "./file/quote.ts";
import { settingNames } from "./file/setting_names.ts";

export { settingNames };

/** The fields that are read from a file. */
export type ProfileField = keyof typeof settingNames;

/** The values of `credential_source`. */
export const credentialSources = ["Environment", "Ec2InstanceMetadata", "EcsContainer"] as const;

/** The source of a role's base credentials, if it is not another profile. */
export type CredentialSource = typeof credentialSources[number];

/** An invalid setting. It matters only if its profile is used. */
export interface SettingProblem {
  readonly field: ProfileField;
  /** The text after "Cannot use profile …:", with file and line; never a secret. */
  readonly message: string;
}

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
  readonly ssoSession?: string;
  readonly ssoStartUrl?: string;
  readonly ssoRegion?: string;
  readonly ssoAccountId?: string;
  readonly ssoRoleName?: string;
  readonly loginSession?: string;
  /** A command that prints an MFA code. */
  readonly mfaProcess?: string;
  /** Whether the cache of the AWS CLI is shared. */
  readonly shareAwsCache?: boolean;
}

/** The settings of one profile, from all files. */
export interface ProfileSource {
  readonly name: string;
  readonly place: FilePlace;
  readonly settings: ReadonlyMap<string, IniSetting>;
}

/** The typed profile. Ignored settings are added to `warnings`. */
export function createProfile(
  source: ProfileSource,
  services: ReadonlyMap<string, ReadonlyMap<string, IniSetting>>,
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
    region: read.text("region"),
    accessKeyId: read.text("accessKeyId"),
    secretAccessKey: read.text("secretAccessKey"),
    sessionToken: read.text("sessionToken"),
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
    ssoSession: read.text("ssoSession"),
    ssoStartUrl: read.text("ssoStartUrl"),
    ssoRegion: read.text("ssoRegion"),
    ssoAccountId: read.text("ssoAccountId"),
    ssoRoleName: read.text("ssoRoleName"),
    loginSession: read.text("loginSession"),
    mfaProcess: read.command("mfaProcess"),
    shareAwsCache: read.flag("shareAwsCache"),
  };
  const { name, place } = source;
  const { places, problems } = read;
  return definedFields<Profile>({ name, place, places, problems, ...fields });
}

/** Reads the settings of one profile, and collects their locations and problems. */
class SettingReader {
  readonly places: Partial<Record<ProfileField, FilePlace>> = {};
  readonly problems: SettingProblem[] = [];
  readonly #source: ProfileSource;
  readonly #warnings: ConfigWarning[];

  constructor(source: ProfileSource, warnings: ConfigWarning[]) {
    this.#source = source;
    this.#warnings = warnings;
  }

  /** The verbatim value; an empty value counts as unset. */
  command(field: ProfileField): string | undefined {
    const setting = this.#source.settings.get(settingNames[field]);
    if (setting === undefined) return undefined;
    if (setting.value === "") {
      this.#warnings.push({
        place: setting.place,
        message: `setting ignored: "${setting.key}" is empty`,
        byRule: true,
      });
      return undefined;
    }
    this.places[field] = setting.place;
    return setting.value;
  }

  /** One line of text. Continuation lines are not shown: they may be any setting that was indented. */
  text(field: ProfileField): string | undefined {
    const value = this.command(field);
    if (value === undefined || !value.includes("\n")) return value;
    this.#addProblem(field, "continues on an indented line, wanted one line");
    return undefined;
  }

  limited(field: ProfileField, limit: TextLimit): string | undefined {
    const value = this.text(field);
    if (value !== undefined && !limit.pattern.test(value)) {
      this.#addProblem(field, `is ${quoteValue(value)}, wanted ${limit.wanted}`);
    }
    return value;
  }

  choice<const Choice extends string>(
    field: ProfileField,
    choices: readonly Choice[],
  ): Choice | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const choice = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    if (choice === undefined) {
      this.#addProblem(field, `is ${quoteValue(value)}, wanted ${choices.join(" or ")}`);
    }
    return choice;
  }

  flag(field: ProfileField): boolean | undefined {
    const choice = this.choice(field, ["true", "false"]);
    return choice === undefined ? undefined : choice === "true";
  }

  seconds(field: ProfileField, limit: NumberLimit): number | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value) && isWithin(Number(value), limit)) return Number(value);
    const wanted = `wanted a number of seconds from ${limit.min} to ${limit.max}`;
    this.#addProblem(field, `is ${quoteValue(value)}, ${wanted}`);
    return undefined;
  }

  /** `endpoint_url` nested in `sts =`, in the section that `services` names. */
  stsEndpoint(
    name: string | undefined,
    services: ReadonlyMap<string, ReadonlyMap<string, IniSetting>>,
  ): string | undefined {
    if (name === undefined) return undefined;
    const section = services.get(name);
    if (section !== undefined) {
      return endpointIn(section, "sts");
    }
    this.#addProblem("services", `is ${quoteValue(name)}, wanted a [services …] section`);
    return undefined;
  }

  /** The endpoints of the services beside STS; undefined where none is set. */
  serviceUrls(section: ReadonlyMap<string, IniSetting> | undefined): ServiceUrls | undefined {
    const set = serviceNames.flatMap((name) => {
      const url = section && endpointIn(section, name);
      return url === undefined ? [] : [[name, url] as const];
    });
    return set.length === 0 ? undefined : Object.fromEntries(set);
  }

  #addProblem(field: ProfileField, what: string): void {
    const place = formatPlace(this.places[field] ?? this.#source.place);
    const setting = settingNames[field];
    const message = `${setting} of profile "${this.#source.name}" at ${place} ${what}`;
    this.problems.push({ field, message });
  }
}

function endpointIn(
  section: ReadonlyMap<string, IniSetting>,
  service: string,
): string | undefined {
  return section.get(service)?.nested?.get(settingNames.endpointUrl)?.value || undefined;
}

const roleFields = [
  ...["roleArn", "mfaSerial", "sourceProfile", "credentialSource", "externalId"],
  ...["durationSeconds", "roleSessionName", "region", "endpointUrl", "stsRegionalEndpoints"],
  ...["useFips", "useDualstack", "webIdentityTokenFile"],
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
