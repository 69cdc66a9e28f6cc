/**
 * What a profile says of IAM Identity Center, checked as the AWS CLI checks it.
 *
 * @module
 */

import type { Recognition } from "../../config/base_kind.ts";
import { quoteValue } from "../../config/file/quote.ts";
import { failProfile, profileAt, settingAt } from "../../config/plan/problem.ts";
import { type Profile, type ProfileField, settingNames } from "../../config/profile.ts";
import type { SsoSession } from "../../config/sign_in_session.ts";
import type { ServiceName } from "../../config/environment.ts";
import { chooseServiceEndpoint } from "../../config/plan/endpoint_choice.ts";
import { formatPlace, UsageError } from "../../errors.ts";
import { regionPattern } from "../../plan.ts";
import { resolveServiceUrl } from "../../sts/endpoint.ts";
import { profileBehind } from "../profile_behind.ts";

/** A sign-in: an `[sso-session …]` section, or a start URL in the profile itself (legacy). */
export interface SsoSignIn {
  /** The name of the section; undefined for a legacy profile. */
  readonly session: string | undefined;
  readonly startUrl: string;
  /** The region of the Identity Center instance, not that of the profile. */
  readonly region: string;
  /** As they are written; undefined where none are. */
  readonly registrationScopes: string | undefined;
}

const ssoFields = [
  ...["ssoSession", "ssoStartUrl", "ssoRegion", "ssoAccountId", "ssoRoleName"] as const,
] as readonly (keyof Profile & ProfileField)[];

/** The first setting by which a profile names IAM Identity Center; undefined where it names none. */
export function ssoField(profile: Profile): ProfileField | undefined {
  return ssoFields.find((field) => profile[field] !== undefined);
}

/**
 * The sign-in that a profile names.
 *
 * @throws {ProfileError} where its section does not exist, a setting is missing, or the two contradict each other
 */
export function signInOf({ asked, profile, ssoSessions }: Omit<Recognition, "env">): SsoSignIn {
  const session = namedSession(asked, profile, ssoSessions);
  const startUrl = agreed(asked, profile, "ssoStartUrl", session);
  const region = agreed(asked, profile, "ssoRegion", session);
  const missing = [
    ...(startUrl === undefined ? [settingNames.ssoStartUrl] : []),
    ...(region === undefined ? [settingNames.ssoRegion] : []),
  ];
  if (startUrl === undefined || region === undefined) {
    const where = session === undefined ? profileAt(profile) : sessionAt(session);
    return failProfile(
      asked,
      `${where} has no ${missing.join(" and no ")}`,
      `add ${missing.join(" and ")} to it`,
    );
  }
  const { registrationScopes } = session ?? {};
  return { session: session?.name, startUrl, region, registrationScopes };
}

/**
 * The account and the role (permission set) that a profile names.
 *
 * @throws {ProfileError} where one of them is missing
 */
export function accountAndRole(
  { asked, profile }: Recognition,
): { readonly accountId: string; readonly roleName: string } {
  const { ssoAccountId: accountId, ssoRoleName: roleName } = profile;
  if (accountId !== undefined && roleName !== undefined) return { accountId, roleName };
  const missing = [
    ...(accountId === undefined ? [settingNames.ssoAccountId] : []),
    ...(roleName === undefined ? [settingNames.ssoRoleName] : []),
  ];
  return failProfile(
    asked,
    `${settingAt(profile, ssoField(profile) ?? "ssoSession")} needs ${missing.join(" and ")}`,
    `add ${missing.join(" and ")} to profile "${profile.name}"; 'stsaval sso profiles' lists both`,
  );
}

function namedSession(
  asked: string,
  profile: Profile,
  sessions: ReadonlyMap<string, SsoSession>,
): SsoSession | undefined {
  const { ssoSession: name } = profile;
  if (name === undefined) return undefined;
  return sessions.get(name) ?? failProfile(
    asked,
    `${settingAt(profile, "ssoSession")} is ${quoteValue(name)}, but there is no section ` +
      `[sso-session ${name}]`,
    `add the section [sso-session ${name}] with ${settingNames.ssoStartUrl} and ${settingNames.ssoRegion}`,
  );
}

/** A setting that may stand in the profile, in the section, or in both if they agree. */
function agreed(
  asked: string,
  profile: Profile,
  field: "ssoStartUrl" | "ssoRegion",
  session: SsoSession | undefined,
): string | undefined {
  const own = profile[field];
  const shared = field === "ssoStartUrl" ? session?.startUrl : session?.region;
  if (session === undefined || own === undefined) return shared ?? own;
  if (shared === own) return shared;
  return failProfile(
    asked,
    `${settingAt(profile, field)} is ${quoteValue(own)}, but ${sessionAt(session)} has ` +
      (shared === undefined ? "none" : quoteValue(shared)),
    `remove ${settingNames[field]} from profile "${profile.name}"`,
  );
}

function sessionAt({ name, place }: SsoSession): string {
  return `section [sso-session ${name}] at ${formatPlace(place)}`;
}

/**
 * The URLs of the two services: OIDC, which gives tokens, and the portal, which gives credentials for them.
 *
 * @throws {ProfileError} where the region or a custom endpoint cannot be used
 */
export function urlsOf(
  { asked, profile, environment }: Omit<Recognition, "env">,
  { region }: Pick<SsoSignIn, "region">,
): { readonly oidcUrl: string; readonly portalUrl: string } {
  const choose = (service: ServiceName) =>
    chooseServiceEndpoint(service, region, environment, profile);
  try {
    return {
      oidcUrl: resolveServiceUrl("oidc", choose("sso_oidc")),
      portalUrl: resolveServiceUrl("portal.sso", choose("sso")),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const hint = regionPattern.test(region)
      ? error.hint
      : `set ${settingNames.ssoRegion} to the region of the IAM Identity Center instance`;
    return failProfile(asked, error.message, hint);
  }
}

/** The profile that names the sign-in a profile rests on: itself, or one behind its source profiles. */
export function ssoProfileBehind(
  name: string,
  profiles: ReadonlyMap<string, Profile>,
): Profile | undefined {
  return profileBehind(name, profiles, (profile) => ssoField(profile) !== undefined);
}

/**
 * The sign-in of a section. Custom endpoints are those of the first profile that names it, since a section has none of its
 * own, and their token is one.
 *
 * @throws {ProfileError} where a setting is missing or cannot be used
 */
export function sessionTarget(
  session: SsoSession,
  { environment, profiles, ssoSessions }: Pick<
    Recognition,
    "environment" | "profiles" | "ssoSessions"
  >,
): SsoSignIn & { readonly oidcUrl: string; readonly portalUrl: string } {
  const { name, place } = session;
  const profile: Profile = { name, place, places: {}, problems: [], ssoSession: name };
  const recognition = { asked: name, profile, profiles, ssoSessions, environment };
  const signIn = signInOf(recognition);
  const first = [...profiles.values()].find(({ ssoSession }) => ssoSession === name);
  return { ...signIn, ...urlsOf({ ...recognition, profile: first ?? profile }, signIn) };
}
