/**
 * Requests with something broken in them: whatever it is, there is a response, and no broken request gets credentials.
 *
 * @module
 */

import { assert } from "@std/assert";
import { bench, kim } from "../fixtures.ts";
import { seededRandom } from "../../fake_system.ts";
import { presignedGet, signedPost } from "../signing/signed_request.ts";
import { whoAmI } from "./http_refusal.ts";

const values = [
  ...["", " ", "abc", "-1", "0", "1e400", "NaN", "null", "%00", "%zz", ";", ",", "=", "/", "////"],
  ...["host", "Host;host", "20260101T000000Z", "99999999T999999Z", "\u00ff", "x".repeat(10_000)],
];

Deno.test({
  name: "handle() responds to every request that is broken in one place, with an error",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const random = seededRandom(38);
    const pick = <Item>(items: readonly Item[]) =>
      items[Math.floor(random.number() * items.length)];
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    const [get, post] = [await presignedGet(parts, 60), await signedPost(parts)];
    for (let round = 0; round < 500; round++) {
      const value = pick(values) ?? "";
      const url = new URL(get.url);
      const name = pick([...url.searchParams.keys()]) ?? "";
      if (url.searchParams.get(name) !== value) {
        url.searchParams.set(name, value);
        await expectError(new Request(url), `${name}=${value}`);
      }
      const headers = new Headers(post.headers);
      const header = pick([...headers.keys()]) ?? "";
      if (headers.get(header) === value.trim()) continue;
      headers.set(header, value);
      const body = String(new URLSearchParams(whoAmI));
      await expectError(new Request(post.url, { method: "POST", headers, body }), header + value);
    }

    async function expectError(request: Request, what: string): Promise<void> {
      const { status } = await emulator.handle(request);
      assert(status >= 400 && status < 500, `${status} for ${what}`);
    }
  },
});
