import { assert, assertEquals } from "@std/assert";
import { createProof, readProofKey } from "../../../src/source/login/dpop.ts";
import { createStsEmulator, type SignInSettings } from "../../../src/testing/mod.ts";
import { seededRandom, VirtualClock } from "../../fake_system.ts";
import { dpopKey, world } from "../../source/login/fixtures.ts";

const url = "http://127.0.0.1:4566/v1/token";
const other = await crypto.subtle.generateKey(
  { name: "ECDSA", namedCurve: "P-256" },
  true,
  ["sign", "verify"],
);

/** A sign-in, and what refreshes it. */
async function start(settings: Partial<SignInSettings> = {}) {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({ clock, random, world, signIn: settings });
  const key = await readProofKey(dpopKey);
  assert(key !== undefined);
  const { clientId, refreshToken } = emulator.startLogin();
  const body = { clientId, grantType: "refresh_token", refreshToken };
  const prove = (claims: Partial<{ method: string; url: string; now: number }> = {}) =>
    createProof(key, { method: "POST", url, now: clock.now(), ...claims }, random);
  const post = async (fields: Record<string, unknown>, proof: string | undefined) => {
    const headers: Record<string, string> = proof === undefined ? {} : { dpop: proof };
    const request = new Request(url, { method: "POST", headers, body: JSON.stringify(fields) });
    const response = await emulator.handle(request);
    return { status: response.status, body: await response.json() };
  };
  return { clock, emulator, key, body, prove, post, random };
}

type Started = Awaited<ReturnType<typeof start>>;

const rejected: readonly (readonly [
  what: string,
  proof: (started: Started) => Promise<string | undefined>,
  why: string,
])[] = [
  ["no proof", () => Promise.resolve(undefined), "the DPoP header is missing"],
  ["another method", ({ prove }) => prove({ method: "GET" }), "htm is GET, wanted POST"],
  ["another URL", ({ prove }) => prove({ url: `${url}/x` }), `htu is ${url}/x, wanted ${url}`],
  [
    "an old proof",
    ({ prove, clock }) => prove({ now: clock.now() - 301_000 }),
    "iat is not within",
  ],
  [
    "a proof of tomorrow",
    ({ prove, clock }) => prove({ now: clock.now() + 301_000 }),
    "iat is not",
  ],
  ["another signature", async ({ prove }) => {
    const [proof, second] = [await prove(), await prove()];
    return `${proof.slice(0, proof.lastIndexOf("."))}.${second.split(".")[2]}`;
  }, "the signature does not match"],
  ["no JWT", () => Promise.resolve("a.b"), "it is no JWT"],
];

for (const [what, proof, why] of rejected) {
  Deno.test(`the emulated sign-in rejects ${what}`, async () => {
    const started = await start();
    const { status, body } = await started.post(started.body, await proof(started));
    assertEquals([status, body.error], [400, "INVALID_REQUEST"]);
    assert(body.message.startsWith(`DPoP: ${why}`), body.message);
    const { status: right } = await started.post(started.body, await started.prove());
    assertEquals(right, 200, "the refresh token is not spent");
  });
}

Deno.test("the emulated sign-in takes a proof once, and one key for a sign-in", async () => {
  const { body, prove, post, clock, random } = await start();
  const proof = await prove();
  const first = await post(body, proof);
  assertEquals(first.status, 200);
  const next = { ...body, refreshToken: first.body.refreshToken };
  assertEquals((await post(next, proof)).body.message, "DPoP: jti has been used");
  const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey(
    "jwk",
    other.publicKey,
  );
  const key = { privateKey: other.privateKey, jwk: { kty, crv, x, y } };
  const stolen = await createProof(key, { method: "POST", url, now: clock.now() }, random);
  assertEquals((await post(next, stolen)).body.message, "DPoP: the key is another one than before");
  assertEquals((await post(next, await prove())).status, 200);
});

Deno.test("the emulated sign-in rotates refresh tokens, and ends a sign-in for reuse only where told to", async () => {
  for (const detectsReuse of [false, true]) {
    const { body, prove, post } = await start({ detectsReuse });
    const { body: first } = await post(body, await prove());
    const again = await post(body, await prove());
    assertEquals([again.status, again.body.error], [400, "TOKEN_EXPIRED"]);
    const next = await post({ ...body, refreshToken: first.refreshToken }, await prove());
    assertEquals(next.status, detectsReuse ? 400 : 200);
  }
});

Deno.test("the emulated sign-in ends after twelve hours, and when it is ended", async () => {
  const { body, prove, post, clock, emulator } = await start();
  await clock.advance(43_200_000);
  assertEquals((await post(body, await prove())).body.error, "TOKEN_EXPIRED");
  const { clientId, refreshToken } = emulator.startLogin();
  emulator.endLogin("USER_CREDENTIALS_CHANGED");
  const ended = await post({ ...body, clientId, refreshToken }, await prove());
  assertEquals(ended.body.error, "USER_CREDENTIALS_CHANGED");
});

Deno.test("the emulated STS knows the credentials of a sign-in for 15 minutes", async () => {
  const { body, prove, post, emulator } = await start();
  const { body: issued } = await post(body, await prove());
  assertEquals(issued.expiresIn, 900);
  assertEquals(
    emulator.identityOf(issued.accessToken.accessKeyId)?.arn,
    "arn:aws:sts::123456789012:assumed-role/Admin/admin",
  );
});

for (
  const [what, change] of [
    ["another client", { clientId: "arn:aws:signin:::devtools/other" }],
    ["another grant", { grantType: "authorization_code" }],
    ["an unknown refresh token", { refreshToken: "refresh-0" }],
  ] as const
) {
  Deno.test(`the emulated sign-in rejects ${what}`, async () => {
    const { body, prove, post } = await start();
    const answer = await post({ ...body, ...change }, await prove());
    assertEquals([answer.status, answer.body.error], [400, "INVALID_REQUEST"]);
  });
}
