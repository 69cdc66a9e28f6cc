/**
 * Tells keys that cannot be ones by their shape, before a code is spent on them. No part of a key is ever shown: what
 * stands in its place may be another secret.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { hasQuote, standsInQuotes } from "../file/quote.ts";

/** What is wrong with keys, and in which of them. */
export interface KeyFault {
  readonly field: keyof AccessKeys;
  /** What follows the name of the key. */
  readonly why: string;
  readonly hint: string;
}

type Fault = Omit<KeyFault, "field">;

const temporaryId = /^ASIA[A-Z0-9]{16}$/;
const awsId = /^A(?:KIA|SIA)[A-Z0-9]{16}$/;
const anyId = /^A[A-Z]{3}[A-Z0-9]{12,124}$/;
/** AWS's secrets are 40 characters of base64, which an id never has. */
const awsSecret = /^(?=.*[a-z/+])[A-Za-z0-9/+]{40}$/;

/**
 * The first thing that is wrong; undefined where these may be keys. Other servers than AWS's have keys of other
 * lengths, so those are not looked at.
 */
export function keyFault(keys: AccessKeys): KeyFault | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  if (awsSecret.test(accessKeyId) && anyId.test(secretAccessKey)) {
    const why = "holds a secret access key, and the secret access key holds an id";
    return { field: "accessKeyId", why, hint: "swap the two values" };
  }
  for (const field of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
    const fault = textFault(field, keys[field], awsId.test(accessKeyId));
    if (fault !== undefined) return { field, ...fault };
  }
  if (awsSecret.test(accessKeyId)) {
    return { field: "accessKeyId", why: "holds a secret access key", hint: "wanted the id: AKIA…" };
  }
  if (anyId.test(secretAccessKey)) {
    return {
      field: "secretAccessKey",
      why: "holds an access key id",
      hint: "wanted the secret, 40 characters",
    };
  }
  if (sessionToken !== undefined || !temporaryId.test(accessKeyId)) return undefined;
  const why = "is that of temporary keys (ASIA…), but no session token stands beside it";
  return { field: "accessKeyId", why, hint: "add the session token, or use long-term keys" };
}

/** What people and templates write until the key itself is there. */
const placeholder =
  /^\*{4}|^<.*>$|^\$\{?\w+\}?$|^\{\{.*\}\}$|^%\w+%$|^(?:your|my)[-_ ]|^x{8,}$|^(?:none|null|undefined|changeme|todo)$/i;

function textFault(
  field: keyof AccessKeys,
  value: string | undefined,
  isOfAws: boolean,
): Fault | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === "") return { why: "holds nothing but blanks", hint: "give it its value" };
  // The secrets of other servers may hold anything.
  const isFree = field === "secretAccessKey" && !isOfAws;
  if (standsInQuotes(value) || (!isFree && hasQuote(value))) {
    const why = "stands in quotes, which would be part of it";
    return { why, hint: "take the quotes away" };
  }
  if (placeholder.test(value)) {
    return { why: "holds something in place of a key", hint: "put the key itself there" };
  }
  const hint = "copy the value again, on one line";
  if (value !== value.trim()) return { why: "begins or ends with a blank", hint };
  if (field === "secretAccessKey" || /^[!-~]+$/.test(value)) return undefined;
  return { why: "holds a blank, or a character that no key has", hint };
}
