/**
 * `createCredentialServer` for callers with and without a type checker.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { createCredentialServer } from "../../src/server/credential_server.ts";
import { StsCore } from "../../src/session/core.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";

async function makeSet(sts: StsCore, emulator: ReturnType<typeof createStsEmulator>) {
  return await sts.generateCredentials(["DynamoDBRole-dev"], {
    mfaCode: (serial) => emulator.mfaCode(serial),
  });
}

Deno.test("a credential server shows its token in the variables alone", async () => {
  const emulator = createStsEmulator();
  await using sts = new StsCore({ system: emulatorSystem(emulator) });
  const server = createCredentialServer(await makeSet(sts, emulator), { port: 9911 });
  const token = server.variables("DynamoDBRole-dev")["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "";
  assertEquals(token.length, 43);
  assertEquals(Deno.inspect(server, { depth: 9, showHidden: true }).includes(token), false);
  assertEquals(JSON.stringify(server).includes(token), false);
  assertEquals(Object.keys(server), ["handle", "variables"]);
});

Deno.test("a credential server rejects what is no port, and what is no set", async () => {
  const emulator = createStsEmulator();
  await using sts = new StsCore({ system: emulatorSystem(emulator) });
  const set = await makeSet(sts, emulator);
  for (const port of [0, -1, 1.5, NaN, Infinity, 65_536, "9911", undefined, null]) {
    assertThrows(
      () => createCredentialServer(set, { port: port as number }),
      UsageError,
      `Cannot serve on port ${port}: wanted a whole number from 1 to 65535`,
    );
  }
  assertThrows(
    () => createCredentialServer(set, undefined as never),
    UsageError,
    "Cannot serve on port undefined",
  );
  for (const none of [undefined, null, {}, "set"]) {
    assertThrows(
      () => createCredentialServer(none as never, { port: 9911 }),
      UsageError,
      "wanted a set of credentials",
    );
  }
});
