/**
 * What `aws login` keeps of a sign-in, as a file of the AWS CLI's cache.
 *
 * @module
 */

import { loginFileName } from "../../source/login/token_file.ts";
import { formatTime } from "../../source/instant.ts";
import { type EmulatorSignIn, loginSessionOf } from "../world/account_state.ts";
import type { SampleToken } from "../world/sample_home.ts";
import type { IssuedLogin } from "./sign_in_service.ts";

/**
 * Formats a sign-in of the emulator's person as a file in `~/.aws/login/cache`, with a key of its own.
 *
 * @param now milliseconds since 1970
 */
export async function formatSampleLogin(
  signIn: EmulatorSignIn,
  { accessToken, clientId, expiresIn, refreshToken, tokenType }: IssuedLogin & {
    readonly clientId: string;
  },
  now: number,
): Promise<SampleToken> {
  const loginSession = loginSessionOf(signIn);
  const [, , , , accountId] = loginSession.split(":");
  return {
    name: await loginFileName(loginSession),
    text: JSON.stringify({
      accessToken: { ...accessToken, accountId, expiresAt: formatTime(now + expiresIn * 1_000) },
      ...{ tokenType, clientId, refreshToken },
      dpopKey: await createSec1Key(),
    }),
  };
}

/** The version, and the length of the private key (RFC 5915). */
const start = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20] as const;
/** The curve prime256v1. */
const curve = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] as const;
/** The length of the public key, and that it is not compressed. */
const point = [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04] as const;

/** A new key on P-256 as the AWS CLI keeps it: SEC1 in PEM, 64 characters a line. */
async function createSec1Key(): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const { d = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", privateKey);
  const der = [...start, ...bytesOf(d), ...curve, ...point, ...bytesOf(x), ...bytesOf(y)];
  const lines = btoa(der.map((byte) => String.fromCharCode(byte)).join("")).match(/.{1,64}/g) ?? [];
  return `-----BEGIN EC PRIVATE KEY-----\n${lines.join("\n")}\n-----END EC PRIVATE KEY-----\n`;
}

function bytesOf(base64Url: string): readonly number[] {
  const base64 = base64Url.replaceAll("-", "+").replaceAll("_", "/");
  return Array.from(atob(base64), (character) => character.charCodeAt(0));
}
