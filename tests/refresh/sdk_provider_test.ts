import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { STSClientConfig } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentityProvider } from "@aws-sdk/types";
import { StsCore } from "../../mod.ts";
import { ExpiredError, UsageError } from "../../src/errors.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";
import { VirtualClock } from "../fake_system.ts";

function bench() {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
  });
  const sts = new StsCore({ system: { ...emulatorSystem(emulator), clock } });
  const mfaCode = (serial: string) => emulator.mfaCode(serial);
  return { clock, emulator, sts, mfaCode };
}

const role = "DynamoDBRole-dev";

Deno.test("provider() is what AWS's SDK takes, with the expiration and the account", async () => {
  const { sts, mfaCode } = bench();
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { mfaCode });
  // Both are checked by the compiler: the interface of the SDK, and the option of a client.
  const provider: AwsCredentialIdentityProvider = set.provider(role);
  const config: STSClientConfig = { credentials: set.provider(role) };
  assertEquals(typeof config.credentials, "function");
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = set[`sts-${role}`];
  assertEquals(await provider(), {
    ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
    ...{ sessionToken: SessionToken, expiration: Expiration, accountId: "123456789012" },
  });
});

Deno.test("provider() gives the newest credentials, and rejects where they have expired", async () => {
  const { clock, sts, mfaCode } = bench();
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { lifetime: 5, mfaCode });
  const provider = set.provider(role);
  const ids = new Set<string>();
  for (let hour = 0; hour < 4; hour++) {
    ids.add((await provider()).accessKeyId);
    await clock.advance(3_600_000);
  }
  assertEquals(ids.size, 4);
  await set.halt();
  await clock.advance(3_600_000);
  await assertRejects(provider, ExpiredError, `Cannot read "sts-${role}"`);
});

Deno.test("provider() of a profile that is not in the set says which one was meant", async () => {
  const { sts, mfaCode } = bench();
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { mfaCode });
  const error = assertThrows(() => set.provider("DynamoDBRole-de"), UsageError);
  assertEquals(error.message, 'Cannot use profile "DynamoDBRole-de": it is not in the set');
  assertEquals(error.hint, `did you mean "${role}"?`);
});
