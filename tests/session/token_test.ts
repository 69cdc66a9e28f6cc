/**
 * A live token: its newest values, up to the very moment of its end.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { ExpiredError } from "../../src/errors.ts";
import { LiveToken } from "../../src/session/token.ts";
import { credentialsFor, start } from "./fixtures.ts";

Deno.test({
  name: "a token is read until it ends, and its times and its mask after that too",
  permissions: "none",
  fn() {
    const time = { now: start };
    let newest = credentialsFor(3_600);
    const token = new LiveToken("kim", () => newest, () => time.now);
    const { AccessKeyId, SecretAccessKey, SessionToken, StartTime, Expiration } = newest;
    const read = () => [token.AccessKeyId, token.SecretAccessKey, token.SessionToken];
    time.now = start + 3_600_000 - 1;
    assertEquals(read(), [AccessKeyId, SecretAccessKey, SessionToken]);
    assertEquals({ ...token.toJSON() }, { ...newest });
    time.now++;
    const readers = [
      () => token.AccessKeyId,
      () => token.SecretAccessKey,
      () => token.SessionToken,
      () => token.toJSON(),
    ];
    for (const reader of readers) {
      const error = assertThrows(reader, ExpiredError);
      assertEquals([error.message, error.hint], [
        "Cannot read the session token: it expired at 2026-01-01T01:00:00.000Z",
        "call generateSessionToken again, with a new MFA code",
      ]);
    }
    assertEquals([token.profile, token.StartTime, token.Expiration], [
      ...["kim", StartTime, Expiration],
    ]);
    const shown = Deno.inspect(token);
    assertEquals([shown.startsWith("LiveToken "), shown.includes(SecretAccessKey)], [true, false]);
    newest = credentialsFor(3_600, 1_800_000);
    assertEquals(read(), [AccessKeyId, SecretAccessKey, SessionToken]);
  },
});
