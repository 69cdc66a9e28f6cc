/**
 * The least that a program can do for one role with a code: GetSessionToken and AssumeRole by bare `fetch`, signed with
 * WebCrypto, and the answer of `credential_process`. It reads no file and checks nothing.
 *
 * Its arguments: the URL of STS, access key id, secret access key, serial number of the device, code, role.
 *
 * @module
 */

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const encoder = new TextEncoder();
const scopeEnd = "us-east-1/sts/aws4_request";

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

async function hmac(secret: BufferSource, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  return await crypto.subtle.sign("HMAC", key, encoder.encode(text));
}

async function signature(secret: string, date: string, text: string): Promise<string> {
  let key: BufferSource = encoder.encode(`AWS4${secret}`);
  for (const part of [date, ...scopeEnd.split("/")]) key = await hmac(key, part);
  return hex(await hmac(key, text));
}

async function call(url: URL, keys: Keys, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ ...fields, Version: "2011-06-15" }).toString();
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${scopeEnd}`;
  const sent: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    host: url.host,
    "x-amz-date": time,
  };
  if (keys.sessionToken !== undefined) sent["x-amz-security-token"] = keys.sessionToken;
  const names = Object.keys(sent).join(";");
  const lines = Object.entries(sent).map(([name, value]) => `${name}:${value}\n`).join("");
  const request = `POST\n/\n\n${lines}\n${names}\n${await sha256(body)}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${await sha256(request)}`;
  const signed = await signature(keys.secretAccessKey, time.slice(0, 8), text);
  sent.authorization =
    `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signed}`;
  const response = await fetch(url, { method: "POST", headers: sent, body });
  const xml = await response.text();
  if (!response.ok) throw new Error(xml);
  return xml;
}

function textOf(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
}

function keysOf(xml: string): Required<Keys> {
  return {
    accessKeyId: textOf(xml, "AccessKeyId"),
    secretAccessKey: textOf(xml, "SecretAccessKey"),
    sessionToken: textOf(xml, "SessionToken"),
  };
}

const [address = "", accessKeyId = "", secretAccessKey = "", serial = "", code = "", role = ""] =
  Deno.args;
const url = new URL("/", address);
const session = await call(url, { accessKeyId, secretAccessKey }, {
  Action: "GetSessionToken",
  SerialNumber: serial,
  TokenCode: code,
});
const answer = await call(url, keysOf(session), {
  Action: "AssumeRole",
  RoleArn: role,
  RoleSessionName: "bench",
});
const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } =
  keysOf(answer);
const Expiration = textOf(answer, "Expiration");
console.log(
  JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration }),
);
