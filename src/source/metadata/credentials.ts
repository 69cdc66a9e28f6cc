/**
 * The JSON that containers and instances get their credentials as.
 *
 * @module
 */

import { keyFault } from "../../config/plan/key_shape.ts";
import type { AccessKeys } from "../../credentials.ts";
import { timeOf } from "../instant.ts";

/** What a service gave. */
export interface MetadataCredentials {
  readonly keys: AccessKeys;
  /** Milliseconds since 1970; undefined for keys that do not end. */
  readonly expires: number | undefined;
}

const names = {
  accessKeyId: "AccessKeyId",
  secretAccessKey: "SecretAccessKey",
  sessionToken: "Token",
} as const;

/** Reads the object; a text says what is wrong with it, without showing any of it. */
export function readCredentials(
  body: Readonly<Record<string, unknown>>,
): MetadataCredentials | string {
  const accessKeyId = textOf(body.AccessKeyId);
  const secretAccessKey = textOf(body.SecretAccessKey);
  const sessionToken = textOf(body.Token);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? names.accessKeyId : names.secretAccessKey;
    return `${missing} is missing, wanted JSON with AccessKeyId, SecretAccessKey, Token and Expiration`;
  }
  const keys = {
    ...{ accessKeyId, secretAccessKey },
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const fault = keyFault(keys);
  if (fault !== undefined) return `${names[fault.field]} ${fault.why}`;
  const { Expiration: expiration } = body;
  if (expiration === undefined || expiration === null) {
    // Temporary keys that never end would never be fetched anew.
    if (sessionToken === undefined) return { keys, expires: undefined };
    return "Expiration is missing beside a Token, wanted a time such as 2026-01-31T12:00:00Z";
  }
  const expires = timeOf(expiration);
  if (expires !== undefined) return { keys, expires };
  return "Expiration is no time, wanted one such as 2026-01-31T12:00:00Z";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
