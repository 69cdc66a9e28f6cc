/**
 * Secrets that somebody repeats to us, in every encoding, and text that must stay readable.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { maskSecrets } from "../src/masking.ts";
import { seededRandom } from "./fake_system.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const random = seededRandom(7);
const draw = (length: number, from = alphabet) =>
  Array.from({ length }, () => from[Math.floor(random.number() * from.length)]).join("");

const secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const token = `IQoJb3JpZ2luX2VjE${draw(700)}==`;
const code = "314159";
const secrets = [secretKey, token, code];

const bytes = (text: string) => Array.from(new TextEncoder().encode(text));
const hex = (text: string) =>
  bytes(text).map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (text: string) => btoa(text);
const percent = (text: string) => encodeURIComponent(text);
const everyByte = (text: string) => bytes(text).map((byte) => `%${byte.toString(16)}`).join("");
const url = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_");

/** What a server may make of a secret. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (text) => text,
  "in lower case": (text) => text.toLowerCase(),
  "in upper case": (text) => text.toUpperCase(),
  "percent": percent,
  "percent, lower case": (text) => percent(text).replace(/%../g, (found) => found.toLowerCase()),
  "percent twice": (text) => percent(percent(text)),
  "percent three times": (text) => percent(percent(percent(text))),
  "percent, every byte": everyByte,
  "percent, every byte, upper case": (text) => everyByte(text).toUpperCase(),
  "base64": base64,
  "base64 without padding": (text) => base64(text).replace(/=+$/, ""),
  "base64url": (text) => url(base64(text)),
  "base64 after one byte": (text) => base64(`:${text}`),
  "base64 after two bytes": (text) => base64(`k:${text}.`),
  "base64 in percent": (text) => percent(base64(`?${text}`)),
  "base64 of percent": (text) => base64(percent(text)),
  "hex": hex,
  "hex in upper case": (text) => hex(text).toUpperCase(),
  "hex with colons": (text) => hex(text).match(/../g)?.join(":") ?? "",
  "entities": (text) => bytes(text).map((byte) => `&#${byte};`).join(""),
  "entities in hex": (text) => bytes(text).map((byte) => `&#x${byte.toString(16)};`).join(""),
  "named entities": (text) =>
    text.replaceAll("+", "&plus;").replaceAll("/", "&sol;").replaceAll("=", "&equals;"),
  "entities twice": (text) => bytes(text).map((byte) => `&amp;#${byte};`).join(""),
  "JSON": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  "JSON, every unit": (text) =>
    bytes(text).map((byte) => `\\u${byte.toString(16).padStart(4, "0")}`).join(""),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify(text).replaceAll("/", "\\/")),
  "JSON in percent": (text) => percent(JSON.stringify(text).replaceAll("+", "\\u002b")),
  "the other alphabet": url,
  "folded lines": (text) => text.replace(/(.{20})/g, "$1\r\n "),
};

Deno.test({
  name: "maskSecrets() finds every secret in every encoding",
  permissions: "none",
  fn() {
    const leaks: string[] = [];
    for (const [name, encode] of Object.entries(encodings)) {
      for (const secret of secrets) {
        const encoded = encode(secret);
        const text = `Value '${encoded}' of the header is not valid`;
        const shown = maskSecrets(text, { secrets });
        // What is left between the words of the message holds no piece of it.
        const left = shown.replace(/^Value '/, "").replace(/' of the header is not valid$/, "");
        const rest = left.replaceAll("********", "").replace(/%(?:3D|22|5C)|[\s"\\=]/g, "");
        if (rest.length > 6 || shown.includes(encoded)) leaks.push(`${name}: ${left.slice(0, 80)}`);
        assert(shown.startsWith("Value '"), name);
        assert(shown.endsWith("of the header is not valid"), name);
      }
    }
    assertEquals(leaks, []);
  },
});

Deno.test({
  name: "maskSecrets() finds parts of secrets",
  permissions: "none",
  fn() {
    const part = secretKey.slice(3, 19);
    assertEquals(maskSecrets(`found ${part}…`, { secrets }), "found ********…");
    assertEquals(
      maskSecrets(`found ${percent(token.slice(0, 200))}...`, { secrets }),
      "found ********...",
    );
  },
});

Deno.test({
  name: "maskSecrets() finds what looks like a token, although nothing is known of it",
  permissions: "none",
  fn() {
    for (let turn = 0; turn < 200; turn++) {
      const unknown = draw(120);
      const forms = [
        unknown,
        url(unknown),
        percent(unknown),
        unknown.toLowerCase().replace(/[+/]/g, "x"),
        draw(64, "0123456789abcdef"),
        draw(64, "0123456789ABCDEF"),
        draw(64, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
      ];
      for (const form of forms) assertEquals(maskSecrets(`(${form})`), "(********)");
    }
    const jwt = `${base64('{"alg":"RS256","typ":"JWT"}')}.${base64('{"sub":"4711","name":"Kim"}')}`;
    assertEquals(maskSecrets(`Bearer ${jwt}`).includes(base64('{"sub"').slice(0, 6)), false);
  },
});

Deno.test({
  name: "maskSecrets() leaves the words of STS as they are",
  permissions: "none",
  fn() {
    const texts = [
      "User: arn:aws:iam::111122223333:user/kim is not authorized to perform: sts:AssumeRole on " +
      "resource: arn:aws:iam::111122223333:role/team/platform/AWSReservedSSO_AdministratorAccess_0a1b",
      "arn:aws:iam::111122223333:role/CloudFormationStackSetAdministrationRoleForProduction",
      "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)",
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: " +
      "Member must have value greater than or equal to 900",
      "request id 8f2b1c3e-6a64-4c1e-9f0e-0c9f4a4d2b11, host sts.eu-west-1.amazonaws.com",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      "100% of the 5 & more",
    ];
    for (const text of texts) assertEquals(maskSecrets(text, { secrets }), text);
  },
});

Deno.test({
  name: "maskSecrets() keeps the tail of an access key id",
  permissions: "none",
  fn() {
    const keyIds = ["AKIAEXAMPLEEXAMPLE7Q", "minio-admin-01"];
    assertEquals(
      maskSecrets("key AKIAEXAMPLEEXAMPLE7Q, ASIAOTHEROTHEROT1234", { keyIds }),
      "key …LE7Q, …1234",
    );
    assertEquals(maskSecrets("key minio-admin-01", { keyIds }), "key …");
    assertEquals(maskSecrets("key %41KIAEXAMPLEEXAMPLE7Q", { keyIds }), "key ********");
  },
});

Deno.test({
  name: "maskSecrets() leaves alone what its caller knows to be harmless",
  permissions: "none",
  fn() {
    const name = "role/a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6";
    assertEquals(maskSecrets(`(${name})`), "(********)");
    assertEquals(maskSecrets(`(${name})`, { harmless: [`arn:aws:iam::1:${name}`] }), `(${name})`);
  },
});

/** The quickest of some runs, in milliseconds. */
function quickest(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

Deno.test({
  name: "maskSecrets() takes time in proportion to the text, not to its square",
  permissions: "none",
  fn() {
    for (const piece of ["%25", "a", "&amp;"]) {
      const short = quickest(() => maskSecrets(piece.repeat(1_000), { secrets }));
      const long = quickest(() => maskSecrets(piece.repeat(8_000), { secrets }));
      // Eight times the text; a square would make it 64 times.
      assert(long < 32 * short, `${piece}: ${long} ms, ${short} ms for an eighth`);
    }
  },
});
