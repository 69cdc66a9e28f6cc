/**
 * The `[sso-session …]` sections: sign-ins to IAM Identity Center that profiles share.
 *
 * @module
 */

import type { FilePlace } from "../errors.ts";
import type { IniSection } from "./file/ini.ts";
import { settingNames, ssoSessionSettingNames } from "./file/setting_names.ts";

/** A sign-in that profiles share (AWS SDKs and Tools reference, "IAM Identity Center credential provider"). */
export interface SsoSession {
  readonly name: string;
  /** Where it begins. */
  readonly place: FilePlace;
  readonly startUrl?: string;
  readonly region?: string;
  /** Scopes to register for, separated by commas. */
  readonly registrationScopes?: string;
}

/** The section's settings; empty ones are ignored. */
export function createSsoSession({ name, place, settings }: IniSection): SsoSession {
  const read = (key: string) => settings.get(key)?.value || undefined;
  const startUrl = read(settingNames.ssoStartUrl);
  const region = read(settingNames.ssoRegion);
  const registrationScopes = read(ssoSessionSettingNames.registrationScopes);
  return {
    name,
    place,
    ...(startUrl === undefined ? {} : { startUrl }),
    ...(region === undefined ? {} : { region }),
    ...(registrationScopes === undefined ? {} : { registrationScopes }),
  };
}
