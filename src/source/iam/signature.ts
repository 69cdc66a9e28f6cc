/**
 * AWS Signature Version 4 for a form that is posted to the root of a host: as much of it as one query of IAM needs, where
 * a client of the SDK would cost more than the start of the program.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";

/** What is signed. */
export interface SignedForm {
  readonly url: URL;
  readonly body: string;
  readonly service: string;
  readonly region: string;
  readonly keys: AccessKeys;
  /** Milliseconds since 1970, by the clock of AWS. */
  readonly now: number;
}

const algorithm = "AWS4-HMAC-SHA256";
/** The type of the body, which is signed too. */
const formType = "application/x-www-form-urlencoded";

/** The headers to send with the form. */
export async function signForm(form: SignedForm): Promise<Readonly<Record<string, string>>> {
  const { url, body, service, region, keys, now } = form;
  const timestamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = [timestamp.slice(0, 8), region, service, "aws4_request"];
  const signed: Readonly<Record<string, string>> = {
    "content-type": formType,
    host: url.host,
    "x-amz-date": timestamp,
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
  };
  const names = Object.keys(signed).join(";");
  const canonical = [
    ...["POST", url.pathname, ""],
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    ...["", names, await sha256(body)],
  ].join("\n");
  const text = [algorithm, timestamp, scope.join("/"), await sha256(canonical)].join("\n");
  const signature = hex(await hmac(await derivedKey(keys.secretAccessKey, scope), text));
  const { host: _, ...headers } = signed;
  const credential = `${keys.accessKeyId}/${scope.join("/")}`;
  return {
    ...headers,
    authorization:
      `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

async function derivedKey(
  secret: string,
  scope: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  let key = encode(`AWS4${secret}`);
  for (const part of scope) key = await hmac(key, part);
  return key;
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const way = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, way, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, encode(text)));
}

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", encode(text))));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
