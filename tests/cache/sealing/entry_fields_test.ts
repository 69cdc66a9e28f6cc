/**
 * Which texts are taken for sealed entries: everything that an entry needs is there, and of its kind.
 *
 * @module
 */

import { assertEquals, assertExists, assertMatch } from "@std/assert";
import { parseSealedEntry } from "../../../src/cache/sealing/entry.ts";
import { fakeSystem } from "../../fake_system.ts";
import { diskCache, entryFor, keyOf } from "../../session/fixtures.ts";
import { silentLogger } from "../../../src/logger.ts";
import { FakeKeeper } from "./fake_keeper.ts";

/** The fields of an entry's file, as the cache writes it. */
async function writtenEntry(): Promise<Record<string, unknown>> {
  const { clock, env, files, random } = fakeSystem();
  const sealing = { keepers: new FakeKeeper(), random };
  const cache = diskCache({ clock, env, files, logger: silentLogger, sealing });
  await cache.seal(true);
  await cache.put(keyOf("a"), entryFor(3_600, { roleArn: "arn:aws:iam::111122223333:role/A" }));
  return JSON.parse(String(await files.readText(`/home/kim/.aws/stsaval/${keyOf("a")}.json`)));
}

const needed: Readonly<Record<string, readonly unknown[]>> = {
  version: [undefined, 0, 1, "1"],
  profile: [undefined, 1, null],
  operation: [undefined, 1, null],
  durationSeconds: [undefined, "3600", null],
  skewMs: [undefined, "0", null],
  issued: [undefined, "yesterday"],
  expires: [undefined, "tomorrow"],
  sealed: [undefined, null, [], "sealed"],
};

Deno.test({
  name: "parseSealedEntry() takes no entry of which a field is missing, or is of another kind",
  permissions: "none",
  async fn() {
    const written = await writtenEntry();
    assertExists(parseSealedEntry(JSON.stringify(written)));
    for (const [name, values] of Object.entries(needed)) {
      for (const value of values) {
        if (value === written[name]) continue;
        const text = JSON.stringify({ ...written, [name]: value });
        assertEquals(parseSealedEntry(text), undefined, `${name}: ${JSON.stringify(value)}`);
      }
    }
    const sealed = written.sealed as Record<string, unknown>;
    for (const name of ["keyId", "nonce", "data"]) {
      for (const value of [undefined, 1, null]) {
        const text = JSON.stringify({ ...written, sealed: { ...sealed, [name]: value } });
        assertEquals(parseSealedEntry(text), undefined, `${name}: ${JSON.stringify(value)}`);
      }
    }
  },
});

Deno.test({
  name: "parseSealedEntry() gives what the file says, and leaves out what is no text",
  permissions: "none",
  async fn() {
    const written = await writtenEntry();
    const found = parseSealedEntry(JSON.stringify(written));
    const { profile, operation, roleArn, mfaSerial, region, durationSeconds, skewMs } = found ?? {};
    assertEquals({ profile, operation, roleArn, mfaSerial, region, durationSeconds, skewMs }, {
      profile: "kim",
      operation: "GetSessionToken",
      roleArn: "arn:aws:iam::111122223333:role/A",
      mfaSerial: "arn:aws:iam::111122223333:mfa/kim",
      region: "eu-west-1",
      durationSeconds: 3_600,
      skewMs: 0,
    });
    assertEquals(found?.credentials.StartTime.toISOString(), written.issued);
    assertEquals(found?.credentials.Expiration.toISOString(), written.expires);
    assertEquals({ ...found?.sealed }, written.sealed);
    // It names the key in the open: 64 bits of its digest.
    assertMatch(String(found?.sealed.keyId), /^[0-9a-f]{16}$/);
    for (const name of ["roleArn", "mfaSerial", "region"] as const) {
      const bare = parseSealedEntry(JSON.stringify({ ...written, [name]: 1 }));
      assertExists(bare);
      assertEquals(bare[name], undefined);
    }
  },
});
