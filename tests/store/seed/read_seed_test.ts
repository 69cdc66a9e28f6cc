import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { parseSeed, readSeed } from "../../../src/store/seed/read_seed.ts";

const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const usual = { version: 1, secret, algorithm: "SHA-1", digits: 6, period: 30 } as const;

Deno.test("readSeed() reads the secret key as AWS shows it, and as people copy it", () => {
  const written = [
    ...[secret, secret.toLowerCase(), ` ${secret}\n`, `${secret}====`],
    ...["gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ"],
  ];
  for (const text of written) assertEquals(readSeed(text), { seed: usual, label: undefined });
});

Deno.test("readSeed() reads the text of a QR code", () => {
  const label = "Amazon%20Web%20Services:kim@123456789012";
  const uri = `otpauth://totp/${label}?secret=${secret}&issuer=Amazon%20Web%20Services`;
  assertEquals(readSeed(uri), { seed: usual, label: "Amazon Web Services:kim@123456789012" });
  const other =
    `OTPAUTH://TOTP/x?secret=${secret.toLowerCase()}&algorithm=sha256&digits=8&period=60`;
  assertEquals(readSeed(other), {
    seed: { ...usual, algorithm: "SHA-256", digits: 8, period: 60 },
    label: "x",
  });
  const plain = `otpauth://totp?secret=${secret}&algorithm=SHA512`;
  assertEquals(readSeed(plain), { seed: { ...usual, algorithm: "SHA-512" }, label: undefined });
  assertEquals(readSeed(`otpauth://totp/%?secret=${secret}`).label, "%");
});

const wrong: readonly (readonly [text: string, why: string])[] = [
  ["", "found nothing"],
  [" \n", "found nothing"],
  ["123456", "characters that are not all"],
  ["GEZDGNBVGY3TQOJ1", "found 16 characters that are not all of A to Z and 2 to 7"],
  ["GEZDGNBVGY3TQOJ", "found 15 characters, wanted at least 16"],
  ["A".repeat(210), "found 210 characters, wanted at most 204"],
  ["A".repeat(5_000), "found 5000 characters"],
  [`otpauth://hotp/x?secret=${secret}&counter=1`, "a device that counts"],
  [`otpauth://steam/x?secret=${secret}`, "another kind"],
  ["otpauth://totp/x", "without a secret"],
  ["otpauth://totp/x?secret=", "found 0 characters, wanted at least 16"],
  [`otpauth://totp/x?secret=${secret}&algorithm=MD5`, "unknown algorithm"],
  [`otpauth://totp/x?secret=${secret}&digits=7`, "digits"],
  [`otpauth://totp/x?secret=${secret}&period=0`, "period"],
  [`otpauth://totp/x?secret=${secret}&period=301`, "period"],
  [`otpauth://totp/x?secret=${secret}&period=-30`, "period"],
  [`otpauth://totp:99999/x?secret=${secret}`, "cannot be read"],
];

Deno.test("readSeed() says what is wrong, and never repeats what may be the secret", () => {
  for (const [text, why] of wrong) {
    const { message, hint } = assertThrows(() => readSeed(text), UsageError);
    assertStringIncludes(message, why);
    assertStringIncludes(String(hint), "otpauth://totp/");
    if (text.trim().length > 3) assertEquals(message.includes(text.trim()), false);
    assertEquals(message.includes(secret), false);
  }
});

Deno.test("readSeed() reads the shortest and the longest key that it allows", () => {
  assertEquals(readSeed("GEZDGNBVGY3TQOJQ").seed.secret.length, 16);
  assertEquals(readSeed("A".repeat(204)).seed.secret.length, 204);
  assertEquals(readSeed(`otpauth://totp/x?secret=${secret}&period=300`).seed.period, 300);
});

Deno.test("parseSeed() reads what was sealed, and nothing else", () => {
  const serial = "arn:aws:iam::123456789012:mfa/kim";
  assertEquals(parseSeed(JSON.stringify(usual)), usual);
  assertEquals(parseSeed(JSON.stringify({ ...usual, serial })), { ...usual, serial });
  const changes: readonly Readonly<Record<string, unknown>>[] = [
    ...[{ version: 2 }, { version: undefined }, { secret: 5 }, { secret: "" }, { secret: "a1" }],
    ...[{ algorithm: "MD5" }, { digits: 7 }, { digits: "6" }, { period: 0 }, { period: 1.5 }],
    { period: "30" },
  ];
  for (const change of changes) {
    assertEquals(parseSeed(JSON.stringify({ ...usual, ...change })), undefined);
  }
  for (const text of ["", "null", "[]", "{", '"x"']) assertEquals(parseSeed(text), undefined);
});
