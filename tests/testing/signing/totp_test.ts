import { assertEquals, assertThrows } from "@std/assert";
import {
  codeOfStep,
  decodeBase32,
  encodeBase32,
  totpCode,
} from "../../../src/testing/signing/totp.ts";
import { seededRandom } from "../../fake_system.ts";

/** The SHA-1 rows of RFC 6238, appendix B, cut to the last six digits. */
const RFC_6238: [number, string][] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
];

Deno.test({
  name: "totpCode() gives the codes of RFC 6238",
  permissions: "none",
  fn() {
    const secret = encodeBase32(new TextEncoder().encode("12345678901234567890"));
    for (const [seconds, code] of RFC_6238) assertEquals(totpCode(secret, seconds * 1000), code);
  },
});

Deno.test({
  name: "totpCode() takes secrets as people copy them: lower case, spaces, padding",
  permissions: "none",
  fn() {
    const code = totpCode("GEZDGNBVGY3TQOJQ", 59_000);
    assertEquals(totpCode("gezd gnbv gy3t qojq====", 59_000), code);
  },
});

Deno.test({
  name: "totpCode() changes every 30 seconds",
  permissions: "none",
  fn() {
    const at = (ms: number) => totpCode("GEZDGNBVGY3TQOJQ", ms);
    assertEquals(at(30_000), at(59_999));
    assertEquals(at(59_999) === at(60_000), false);
  },
});

Deno.test({
  name: "totpCode() refuses a secret that is not base32 and does not repeat it",
  permissions: "none",
  fn() {
    const error = assertThrows(() => totpCode("SECRET018", 0), TypeError, "it is not base32");
    assertEquals(error.message.includes("SECRET"), false);
  },
});

Deno.test({
  name: "encodeBase32() gives the text of RFC 4648, and decodeBase32() reads it",
  permissions: "none",
  fn() {
    const vectors = [["", ""], ["f", "MY"], ["fo", "MZXQ"], ["foo", "MZXW6"], ["foob", "MZXW6YQ"], [
      "fooba",
      "MZXW6YTB",
    ], ["foobar", "MZXW6YTBOI"]];
    for (const [plain = "", text = ""] of vectors) {
      assertEquals(encodeBase32(new TextEncoder().encode(plain)), text);
      assertEquals(new TextDecoder().decode(decodeBase32(text)), plain);
    }
  },
});

/** The code of a step, by an HMAC that is not the one under test (RFC 4226, section 5.3). */
async function referenceCode(secret: Uint8Array<ArrayBuffer>, step: number): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const number = digest.getUint32(digest.getUint8(19) & 0x0f) & 0x7fff_ffff;
  return String(number).slice(-6).padStart(6, "0");
}

Deno.test({
  name: "codeOfStep() agrees with crypto.subtle for secrets around the block size of SHA-1",
  permissions: "none",
  async fn() {
    const random = seededRandom(8);
    for (const length of [1, 10, 20, 63, 64, 65, 200]) {
      const secret = new Uint8Array(random.bytes(length));
      for (let step = 0; step < 20; step++) {
        assertEquals(codeOfStep(secret, step), await referenceCode(secret, step));
      }
    }
  },
});

Deno.test({
  name: "codeOfStep() agrees with crypto.subtle for steps beyond 32 bits",
  permissions: "none",
  async fn() {
    const secret = new Uint8Array(seededRandom(9).bytes(20));
    for (const step of [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      assertEquals(codeOfStep(secret, step), await referenceCode(secret, step));
    }
  },
});
