/**
 * Base32 (RFC 4648) as MFA devices are set up with: blanks, hyphens and lower case are fine, padding is not needed.
 *
 * @module
 */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The text in upper case, without blanks, hyphens and padding. */
export function plainBase32(text: string): string {
  return text.replace(/[\s-]/g, "").replace(/=+$/, "").toUpperCase();
}

/** The bytes; undefined where the text is not base32. Bits that fill no byte are dropped. */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> | undefined {
  const letters = plainBase32(text);
  const bytes = new Uint8Array(Math.floor(letters.length * 5 / 8));
  let [buffer, bits, at] = [0, 0, 0];
  for (const letter of letters) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return undefined;
    buffer = (buffer << 5 | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = buffer >> bits & 0xff;
  }
  return bytes;
}
