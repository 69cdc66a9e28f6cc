/**
 * Bodies: how large they may be, and what of them counts.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { bench, kim } from "../fixtures.ts";
import { presignedGet, signedPost } from "../signing/signed_request.ts";
import { refusal, whoAmI } from "./http_refusal.ts";

const TOO_LARGE = [
  413,
  "RequestEntityTooLarge",
  "The request body is larger than 1048576 bytes",
] as const;

/** Node wants this beside a body that is a stream. */
const streamed: object = { duplex: "half" };

/** A body without an end, in chunks of 64 KiB, and how much of it was read. */
function endlessBody() {
  const read = { bytes: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      read.bytes += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => void (read.cancelled = true),
  }, { highWaterMark: 0 });
  return { read, stream };
}

Deno.test({
  name: "handle() reads no more than a megabyte of a body, and says that it is too large",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const { read, stream } = endlessBody();
    const request = new Request("https://sts.amazonaws.com/?Action=AssumeRole", {
      method: "POST",
      body: stream,
      ...streamed,
    });
    assertEquals(await refusal(emulator, request), TOO_LARGE);
    assert(read.cancelled && read.bytes <= 1_048_576 + 65_536, `${read.bytes}`);
    assertEquals(emulator.count("AssumeRole", "RequestEntityTooLarge"), 1);
  },
});

Deno.test({
  name: "handle() reads nothing of a body whose declared length is too large",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const { read, stream } = endlessBody();
    const request = new Request("https://sts.amazonaws.com/", {
      method: "POST",
      body: stream,
      ...streamed,
      headers: { "content-length": "3221225472" },
    });
    assertEquals(await refusal(emulator, request), TOO_LARGE);
    assertEquals(read, { bytes: 0, cancelled: true });
  },
});

Deno.test({
  name: "handle() takes a body up to the limit, and one that comes in pieces",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parts = { keys: kim, at: clock.now() };
    const padded = async (extra: number) => {
      const fixed = String(new URLSearchParams({ ...whoAmI, Padding: "" })).length;
      const parameters = { ...whoAmI, Padding: "x".repeat(1_048_576 - fixed + extra) };
      return (await emulator.handle(await signedPost({ ...parts, parameters }))).status;
    };
    assertEquals(await padded(0), 200);
    assertEquals(await padded(1), 413);
    const whole = await signedPost({ ...parts, parameters: whoAmI });
    const bytes = await whole.bytes();
    const pieces = ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    const { url, headers } = whole;
    const inPieces = new Request(url, { method: "POST", headers, body: pieces, ...streamed });
    assertEquals((await emulator.handle(inPieces)).status, 200);
  },
});

Deno.test({
  name: "handle() checks a body that was changed after signing, and one behind a presigned URL",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    const { url, headers } = await signedPost(parts);
    const changed = new Request(url, { method: "POST", headers, body: "Action=AssumeRole" });
    assertEquals((await refusal(emulator, changed))[1], "SignatureDoesNotMatch");
    const presigned = await presignedGet(parts, 60);
    const withBody = new Request(presigned.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "DurationSeconds=900",
    });
    assertEquals((await refusal(emulator, withBody))[1], "SignatureDoesNotMatch");
  },
});
