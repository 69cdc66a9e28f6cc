/**
 * The AWS CLI's cache of sign-ins to IAM Identity Center: where a token is kept, and what its file holds.
 *
 * Every AWS SDK reads these files; names and fields are theirs. Fields that are not known here are kept.
 *
 * @module
 */

import { pathInHome } from "../../config/home.ts";
import type { Environment } from "../../system.ts";
import { formatTime, timeOf } from "../instant.ts";
import { parseObject, textOf } from "../json_fields.ts";
import { hexDigest } from "../sign_in_file.ts";
import { tokenFolder } from "./folder.ts";
import type { SsoSignIn } from "./settings.ts";

/** A token as it is kept. */
export interface SsoToken {
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly startUrl?: string | undefined;
  /** The region where the sign-in was made. */
  readonly region?: string | undefined;
  /** What gets a new access token; tokens of legacy profiles have none. */
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** When the client's registration ends, in milliseconds since 1970. */
  readonly registrationExpiresAt?: number | undefined;
}

/** The name of the file in `~/.aws/sso/cache`: of the session's name, or of the start URL as it is written. */
export async function tokenFileName(
  { session, startUrl }: Pick<SsoSignIn, "session" | "startUrl">,
): Promise<string> {
  return `${await hexDigest("SHA-1", session ?? startUrl)}.json`;
}

/** The path of that file; undefined where no home folder is known. */
export async function tokenPathOf(
  signIn: Pick<SsoSignIn, "session" | "startUrl">,
  env: Environment,
): Promise<string | undefined> {
  const folder = pathInHome(tokenFolder, env);
  return folder === undefined ? undefined : `${folder}/${await tokenFileName(signIn)}`;
}

/** The token in a file's text; undefined where the text holds none. */
export function parseToken(text: string): SsoToken | undefined {
  const record = parseObject(text);
  const accessToken = headerTextOf(record?.accessToken);
  const expiresAt = timeOf(record?.expiresAt);
  if (record === undefined || accessToken === undefined || expiresAt === undefined) {
    return undefined;
  }
  return {
    accessToken,
    expiresAt,
    startUrl: textOf(record.startUrl),
    region: textOf(record.region),
    refreshToken: textOf(record.refreshToken),
    clientId: textOf(record.clientId),
    clientSecret: textOf(record.clientSecret),
    registrationExpiresAt: timeOf(record.registrationExpiresAt),
  };
}

/** It is sent as a header. */
function headerTextOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

/** The file's text with the token in it; what else the older text holds stays. */
export function formatToken(token: SsoToken, older?: string): string {
  const { expiresAt, registrationExpiresAt, ...texts } = token;
  const record = {
    ...(older === undefined ? {} : parseObject(older)),
    ...definedOnly(texts),
    expiresAt: formatTime(expiresAt),
    ...(registrationExpiresAt === undefined
      ? {}
      : { registrationExpiresAt: formatTime(registrationExpiresAt) }),
  };
  return JSON.stringify(record);
}

function definedOnly(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
