/**
 * The client against the emulator, which checks every signature: both sides must be wrong in the same way to pass.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { asAccessKeys } from "../../src/credentials.ts";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import type { StsOptions } from "../../src/sts/client.ts";
import type { AssumeRoleCall, GetSessionTokenCall, StsCall } from "../../src/sts/sts.ts";
import { createStsEmulator } from "../../src/testing/emulator.ts";
import type { FaultEffect, FaultRule } from "../../src/testing/http/faults.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";
import { bench } from "./handmade.ts";

/** The client, the emulator behind it, and calls that succeed. */
function scene(options: StsOptions = {}, faults: readonly FaultRule[] = []) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, random: seededRandom() });
  emulator.faults.push(...faults);
  const { sts, lines } = bench((request) => emulator.handle(request), { ...options, clock });
  const [user] = emulator.world.users;
  const [role] = emulator.world.roles;
  assert(user !== undefined && role !== undefined && user.mfa !== undefined);
  const { serial } = user.mfa;
  const base: StsCall = {
    keys: { accessKeyId: user.accessKeyId, secretAccessKey: user.secretAccessKey },
    endpoint: { region: "eu-west-1" },
  };
  const session = (code = emulator.mfaCode(serial)): GetSessionTokenCall => ({
    ...base,
    durationSeconds: 18_000,
    mfa: { serial, code },
  });
  const assume = (keys: StsCall["keys"]): AssumeRoleCall => ({
    ...base,
    keys,
    roleArn: role.arn,
    roleSessionName: "sts-prod",
    durationSeconds: 3_600,
    profile: "prod",
  });
  return { clock, emulator, sts, lines, base, session, assume };
}

function emulatorTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `the STS client ${name}`, fn });
}

emulatorTest("gets a session token, roles with it, and is who it should be", async () => {
  const { sts, base, session, assume, clock } = scene();
  const token = await sts.getSessionToken(session());
  assertEquals(token.StartTime.getTime(), clock.now());
  assertEquals(token.Expiration.getTime(), clock.now() + 18_000_000);
  const role = await sts.assumeRole(assume(asAccessKeys(token)));
  assertEquals(role.Expiration.getTime(), clock.now() + 3_600_000);
  const { arn } = await sts.getCallerIdentity({ ...base, keys: asAccessKeys(role) });
  assert(arn.endsWith("/sts-prod"), arn);
  assertEquals(sts.skewMs(), 0);
});

emulatorTest("says of a wrong and of a reused code to wait for the next one", async () => {
  const { sts, session } = scene();
  const call = session();
  const wrong = call.mfa?.code === "000000" ? "000001" : "000000";
  const hint = "wait for the next code on your device, then try again";
  const refused = await assertRejects(() => sts.getSessionToken(session(wrong)), StsError);
  assertEquals([refused.awsCode, refused.hint], ["AccessDenied", hint]);
  await sts.getSessionToken(call);
  const reused = await assertRejects(() => sts.getSessionToken(call), StsError);
  assertEquals([reused.awsCode, reused.hint], ["AccessDenied", hint]);
});

emulatorTest("explains the refusals of wrong keys, ended tokens and untrusting roles", async () => {
  const { sts, base, session, assume, clock } = scene();
  const token = asAccessKeys(await sts.getSessionToken(session()));
  const long = { ...assume(token), durationSeconds: 7_200 };
  const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
    [() => sts.assumeRole(assume(base.keys)), "AccessDenied", "see 'stsaval explain prod'"],
    [() => sts.assumeRole(long), "ValidationError", "at most 1h"],
    [
      () => sts.getCallerIdentity({ ...base, keys: { ...base.keys, secretAccessKey: "wrong" } }),
      "SignatureDoesNotMatch",
      "does not belong to access key",
    ],
    [
      () =>
        sts.getCallerIdentity({
          ...base,
          keys: { ...base.keys, accessKeyId: "AKIANOBODYNOBODY0000" },
        }),
      "InvalidClientTokenId",
      "was deleted or deactivated",
    ],
    [
      () => {
        clock.jump(18_001_000);
        return sts.assumeRole(assume(token));
      },
      "ExpiredToken",
      "renew them",
    ],
  ];
  for (const [call, code, hint] of cases) {
    const error = await assertRejects(call, StsError);
    assert(error.awsCode?.startsWith(code), error.message);
    assertStringIncludes(error.hint ?? "", hint);
    assert(error.requestId !== undefined);
  }
});

emulatorTest("rides out throttling, outages and dropped connections", async () => {
  const effects: readonly FaultEffect[] = [
    { kind: "throttle" },
    { kind: "fail", code: "ServiceUnavailable", status: 503 },
    { kind: "drop" },
    { kind: "hang" },
  ];
  for (const effect of effects) {
    const { sts, clock, base } = scene({}, [{ when: { times: 2 }, effect }]);
    const found = await clock.runUntil(sts.getCallerIdentity(base));
    assert(found.arn !== "");
    assertEquals(clock.sleeping, 0);

    const lasting = scene({ maxAttempts: 2 }, [{ effect }]);
    const failing = lasting.clock.runUntil(lasting.sts.getCallerIdentity(lasting.base));
    await assertRejects(() => failing, StsUnreachableError, "tried 2 times");
  }
});

emulatorTest("signs with STS's time where this machine's clock is wrong", async () => {
  for (const ms of [-1_200_000, 1_200_000]) {
    const { sts, lines, base } = scene({}, [{ effect: { kind: "skew", ms } }]);
    await sts.getCallerIdentity(base);
    await sts.getCallerIdentity(base);
    assertEquals(sts.skewMs(), ms);
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0] ?? "", ms > 0 ? "20m behind STS's" : "20m ahead of STS's");
  }
});

emulatorTest("assumes a hundred roles at once, each signed right", async () => {
  const { sts, session, assume, emulator } = scene();
  const token = asAccessKeys(await sts.getSessionToken(session()));
  const roles = await Promise.all(
    Array.from(
      { length: 100 },
      (_, index) => sts.assumeRole({ ...assume(token), roleSessionName: `sts-${index}` }),
    ),
  );
  assertEquals(new Set(roles.map(({ AccessKeyId }) => AccessKeyId)).size, 100);
  assertEquals(emulator.count("AssumeRole", "ok"), 100);
});
