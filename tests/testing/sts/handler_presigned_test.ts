/**
 * Presigned URLs: how long they live, and what is wrong with some.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { bench, kim } from "../fixtures.ts";
import { presignedGet, signedPost } from "../signing/signed_request.ts";
import { refusal, whoAmI } from "./http_refusal.ts";

/** A presigned GetCallerIdentity of kim's, with what an attacker does to the URL afterwards. */
async function ask(expires?: number | string, change: (url: URL) => void = () => {}) {
  const { clock, emulator } = bench();
  const request = await presignedGet({ keys: kim, at: clock.now(), parameters: whoAmI }, expires);
  const url = new URL(request.url);
  change(url);
  return await refusal(emulator, new Request(url));
}

function incomplete(why: string) {
  return [400, "IncompleteSignature", `The request signature is not complete: ${why}`] as const;
}

Deno.test({
  name: "handle() takes a life of one second to seven days for a presigned URL, and no other",
  permissions: "none",
  async fn() {
    for (const expires of [undefined, 1, 900, 604_800]) {
      assertEquals(await ask(expires), [200, "", ""], `${expires}`);
    }
    const wrong = incomplete("'X-Amz-Expires' must be a number of seconds from 1 to 604800");
    for (
      const expires of [
        ...[0, -1, 604_801, 315_360_000, "abc", "", "1e3", "0x10", "60.5", " 60", "٦٠"],
        ...["Infinity", "9".repeat(400)],
      ]
    ) {
      assertEquals(await ask(expires), wrong, `${expires}`);
    }
  },
});

Deno.test({
  name: "handle() takes a presigned URL for 15 minutes at most, whatever it says, as STS does",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    const handle = async () => (await emulator.handle(await presignedGet(parts, 604_800))).status;
    clock.jump(900_000);
    assertEquals(await handle(), 200);
    clock.jump(1_000);
    assertEquals(await handle(), 403);
  },
});

Deno.test({
  name: "handle() refuses a presigned URL with a parameter that is there twice",
  permissions: "none",
  async fn() {
    for (const name of ["Date", "Credential", "Signature", "SignedHeaders", "Expires"]) {
      const key = `X-Amz-${name}`;
      const found = await ask(
        60,
        (url) => url.searchParams.append(key, url.searchParams.get(key) ?? ""),
      );
      assertEquals(found, incomplete(`'${key}' appears more than once`));
    }
  },
});

Deno.test({
  name: "handle() refuses a presigned URL with a part missing, or with a parameter changed",
  permissions: "none",
  async fn() {
    for (const name of ["Algorithm", "Credential", "Date", "SignedHeaders", "Signature"]) {
      const [status] = await ask(60, (url) => url.searchParams.delete(`X-Amz-${name}`));
      assertEquals(status, 400, name);
    }
    const [status, code] = await ask(60, (url) => url.searchParams.set("Action", "AssumeRole"));
    assertEquals([status, code], [403, "SignatureDoesNotMatch"]);
  },
});

Deno.test({
  name: "handle() refuses a request that is signed in both ways, and a header that is not",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    const { url } = await presignedGet(parts, 60);
    const { headers } = await signedPost(parts);
    const both = new Request(url, {
      headers: { authorization: headers.get("authorization") ?? "" },
    });
    assertEquals(
      await refusal(emulator, both),
      incomplete("it is in the 'Authorization' header and in the query string"),
    );
    const unsigned = new Request(url, { headers: { "x-amz-target": "x" } });
    assertEquals((await refusal(emulator, unsigned))[0], 403);
  },
});
