/**
 * The AWS CLI's cache of `aws login`: where a sign-in is kept, and what its file holds.
 *
 * The AWS CLI and the SDKs read and write these files; names and fields are theirs. Fields that are not known here are
 * kept.
 *
 * @module
 */

import { pathInHome } from "../../config/home.ts";
import type { Environment } from "../../system.ts";
import { formatTime, timeOf } from "../instant.ts";
import { objectOf, parseObject, textOf } from "../json_fields.ts";
import { hexDigest } from "../sign_in_file.ts";
import { loginFolder } from "./folder.ts";

/** A sign-in as it is kept. */
export interface LoginToken {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When the credentials end, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** Good for one refresh, which gives the next. */
  readonly refreshToken: string;
  readonly clientId: string;
  /** The private key that proves who refreshes: SEC1 in PEM, on P-256. */
  readonly dpopKey: string;
  /** The region where the sign-in was made. Only the AWS SDK for JavaScript and newer AWS CLIs write it. */
  readonly signInRegion: string | undefined;
}

/** The name of the file: by the value of `login_session`. */
export async function loginFileName(loginSession: string): Promise<string> {
  return `${await hexDigest("SHA-256", loginSession.trim())}.json`;
}

/** The path of that file; undefined where no home folder is known. */
export async function loginPathOf(
  loginSession: string,
  env: Environment,
): Promise<string | undefined> {
  const folder = pathInHome(loginFolder(env), env);
  return folder === undefined ? undefined : `${folder}/${await loginFileName(loginSession)}`;
}

/** The sign-in in a file's text; where it cannot be used, the names of the fields that are missing. */
export function parseLoginToken(text: string): LoginToken | readonly string[] {
  const record = parseObject(text) ?? {};
  const access = objectOf(record.accessToken) ?? {};
  const texts = {
    accessKeyId: textOf(access.accessKeyId),
    secretAccessKey: textOf(access.secretAccessKey),
    sessionToken: textOf(access.sessionToken),
    refreshToken: textOf(record.refreshToken),
    clientId: textOf(record.clientId),
    dpopKey: textOf(record.dpopKey),
  };
  const expiresAt = timeOf(access.expiresAt);
  const missing = Object.entries({ ...texts, expiresAt })
    .flatMap(([name, value]) => value === undefined ? [name] : []);
  if (missing.length > 0 || expiresAt === undefined) return missing;
  const { accessKeyId = "", secretAccessKey = "", sessionToken = "" } = texts;
  const { refreshToken = "", clientId = "", dpopKey = "" } = texts;
  return {
    ...{ accessKeyId, secretAccessKey, sessionToken, expiresAt },
    ...{ refreshToken, clientId, dpopKey, signInRegion: textOf(record.signInRegion) },
  };
}

/** The file's text with the refreshed sign-in in it; what else the older text holds stays. */
export function formatLoginToken(token: LoginToken, older: string): string {
  const record = parseObject(older) ?? {};
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt, refreshToken } = token;
  return JSON.stringify({
    ...record,
    accessToken: {
      ...objectOf(record.accessToken),
      ...{ accessKeyId, secretAccessKey, sessionToken, expiresAt: formatTime(expiresAt) },
    },
    refreshToken,
  });
}
