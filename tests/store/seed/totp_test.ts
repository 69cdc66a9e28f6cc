import { assertEquals, assertRejects } from "@std/assert";
import { decodeBase32, plainBase32 } from "../../../src/store/seed/base32.ts";
import { codeOfStep, startOfStep, stepAt } from "../../../src/store/seed/totp.ts";

/** RFC 6238, appendix B: the seeds are the digits 1 to 0, over and over, as many as the hash has bytes. */
const seeds = {
  "SHA-1": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  "SHA-256": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
  "SHA-512":
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
} as const;

const vectors:
  readonly (readonly [seconds: number, sha1: string, sha256: string, sha512: string])[] = [
    [59, "94287082", "46119246", "90693936"],
    [1_111_111_109, "07081804", "68084774", "25091201"],
    [1_111_111_111, "14050471", "67062674", "99943326"],
    [1_234_567_890, "89005924", "91819424", "93441116"],
    [2_000_000_000, "69279037", "90698825", "38618901"],
    [20_000_000_000, "65353130", "77737706", "47863826"],
  ];

Deno.test("codeOfStep() gives the codes of RFC 6238, appendix B", async () => {
  for (const [seconds, ...codes] of vectors) {
    const found = await Promise.all(
      (["SHA-1", "SHA-256", "SHA-512"] as const).map((algorithm) => {
        const seed = { secret: seeds[algorithm], algorithm, digits: 8, period: 30 } as const;
        return codeOfStep(seed, stepAt(seed, seconds * 1_000));
      }),
    );
    assertEquals(found, codes, String(seconds));
  }
});

Deno.test("codeOfStep() gives six digits with their leading zeros", async () => {
  const seed = { secret: seeds["SHA-1"], algorithm: "SHA-1", digits: 6, period: 30 } as const;
  assertEquals(await codeOfStep(seed, stepAt(seed, 59_000)), "287082");
  assertEquals(await codeOfStep(seed, stepAt(seed, 1_111_111_109_000)), "081804");
});

Deno.test("a step begins when the one before ends", () => {
  const seed = { period: 30 };
  assertEquals([29_999, 30_000, 59_999].map((now) => stepAt(seed, now)), [0, 1, 1]);
  assertEquals(startOfStep(seed, 2), 60_000);
  assertEquals(stepAt({ period: 60 }, 60_000), 1);
});

Deno.test("codeOfStep() rejects a seed that is not base32", async () => {
  for (const secret of ["", "GEZDGNB1", "A"]) {
    const seed = { secret, algorithm: "SHA-1", digits: 6, period: 30 } as const;
    await assertRejects(() => codeOfStep(seed, 1), RangeError, "not base32");
  }
});

Deno.test("decodeBase32() reads blanks, hyphens, lower case and padding", () => {
  const text = new TextEncoder().encode("12345678901234567890");
  const written = [
    "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
    "GEZDGNBV-GY3TQOJQ-GEZDGNBVGY3TQOJQ===",
  ];
  for (const one of [seeds["SHA-1"], ...written]) assertEquals(decodeBase32(one), text);
  assertEquals(plainBase32(written[0] ?? ""), seeds["SHA-1"]);
  // RFC 4648, section 10.
  const rfc = ["", "MY======", "MZXQ====", "MZXW6===", "MZXW6YQ=", "MZXW6YTB", "MZXW6YTBOI======"];
  assertEquals(
    rfc.map((one) => new TextDecoder().decode(decodeBase32(one))),
    ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
  );
  for (const wrong of ["GEZD1", "GEZD8", "ÄA", "GE=ZD"]) {
    assertEquals(decodeBase32(wrong), undefined);
  }
});
