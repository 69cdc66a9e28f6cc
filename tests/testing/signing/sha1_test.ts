import { assertEquals } from "@std/assert";
import { hmacSha1, sha1 } from "../../../src/testing/signing/sha1.ts";
import { seededRandom } from "../../fake_system.ts";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test({
  name: "sha1() gives the digests of FIPS 180",
  permissions: "none",
  fn() {
    const digest = (text: string) => hex(sha1(new TextEncoder().encode(text)));
    assertEquals(digest("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assertEquals(digest(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  },
});

Deno.test({
  name: "sha1() agrees with crypto.subtle at every length around a block",
  permissions: "none",
  async fn() {
    const random = seededRandom(7);
    for (let length = 50; length < 140; length++) {
      const message = random.bytes(length);
      assertEquals(sha1(message), new Uint8Array(await crypto.subtle.digest("SHA-1", message)));
    }
  },
});

Deno.test({
  name: "hmacSha1() agrees with crypto.subtle for short and long keys",
  permissions: "none",
  async fn() {
    const random = seededRandom(8);
    const algorithm = { name: "HMAC", hash: "SHA-1" };
    for (const length of [1, 20, 64, 65, 200]) {
      const [raw, message] = [random.bytes(length), random.bytes(30)];
      const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
      const wanted = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
      assertEquals(hmacSha1(raw, message), wanted);
    }
  },
});
