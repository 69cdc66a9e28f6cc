import { assert, assertEquals } from "@std/assert";
import { type Sdk, SdkClients, type Signing } from "../../src/sts/sdk.ts";
import { type Data, hashClass } from "../../src/sts/sha256.ts";
import { digests } from "../../src/web/digests.ts";
import { VirtualClock } from "../fake_system.ts";

const Hash = hashClass(digests);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hashOf(data: Data, secret?: Data): Promise<string> {
  const hash = new Hash(secret);
  hash.update(data);
  return hex(await hash.digest());
}

const filled = (byte: number, length: number) => new Uint8Array(length).fill(byte);

Deno.test("a hash without a secret is SHA-256 (FIPS 180-4, examples of NIST)", async () => {
  assertEquals(
    await hashOf("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(
    await hashOf(""),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

Deno.test("a hash with a secret is HMAC-SHA-256 (RFC 4231, section 4)", async () => {
  const cases: readonly (readonly [secret: Data, data: Data, wanted: string])[] = [
    [
      filled(0x0b, 20),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      "Jefe",
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      filled(0xaa, 20),
      filled(0xdd, 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ],
    [
      filled(0xaa, 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [secret, data, wanted] of cases) assertEquals(await hashOf(data, secret), wanted);
});

Deno.test("a secret of exactly one block, or one byte more, gives what WebCrypto gives", async () => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  for (const length of [1, 63, 64, 65, 200]) {
    const secret = filled(0x5a, length);
    const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
    const wanted = hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, filled(7, 100))));
    assertEquals(await hashOf(filled(7, 100), secret), wanted, `${length}`);
  }
});

Deno.test("a hash takes parts, views into a buffer and buffers, and begins anew", async () => {
  const wanted = await hashOf("abcdef", "key");
  const bytes = new TextEncoder().encode("xxabcdefxx");
  const hash = new Hash(new TextEncoder().encode("key").buffer);
  hash.update("lost");
  hash.reset();
  hash.update(new DataView(bytes.buffer, 2, 3));
  hash.update(bytes.slice(5, 8).buffer);
  assertEquals(hex(await hash.digest()), wanted);
  const plain = new Hash();
  plain.update("lost");
  plain.reset();
  plain.update("abc");
  assertEquals(hex(await plain.digest()), await hashOf("abc"));
});

Deno.test("clients of the SDK sign with the digests that are given, else with its own", () => {
  const found: { readonly sha256?: unknown }[] = [];
  class STSClient {
    readonly config = { signer: () => Promise.resolve({}) };
    readonly middlewareStack = { add() {}, remove() {} };
    constructor(options: { readonly sha256?: unknown }) {
      found.push(options);
    }
  }
  const endpoint = { url: "https://sts.example.com", signingRegion: "eu-west-1" };
  const signing = { endpoint, keys: undefined, clockOffset: 0 } as Signing;
  const sdk = { STSClient } as never as Sdk;
  new SdkClients().get(sdk, signing, new VirtualClock());
  new SdkClients(digests).get(sdk, signing, new VirtualClock());
  const [own, given] = found;
  assert(own !== undefined && !("sha256" in own));
  assertEquals(typeof given?.sha256, "function");
});
