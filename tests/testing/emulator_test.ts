import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Sts } from "../../src/sts/sts.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import {
  bench,
  countingRandom,
  kim,
  mfaNow,
  mfaSession,
  role,
  roleArn,
  serial,
} from "./fixtures.ts";

Deno.test({
  name: "createStsEmulator() works with nothing given: the sample world, the wall clock",
  permissions: "none",
  async fn() {
    const emulator = createStsEmulator();
    const [user] = emulator.world.users;
    if (user?.mfa === undefined) throw new Error("the sample user has no device");
    const mfa = { serial: user.mfa.serial, code: emulator.mfaCode(user.mfa.serial) };
    const session = await emulator.service.getSessionToken({ keys: user, mfa });
    assert(session.Expiration > session.StartTime);
  },
});

Deno.test({
  name: "The service of an emulator takes the calls that stsaval makes of STS",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const sts: Omit<Sts, "skewMs"> = emulator.service;
    const endpoint = {};
    const identity = await sts.getCallerIdentity({ keys: kim, endpoint });
    assertEquals(identity.arn, "arn:aws:iam::111122223333:user/kim");
  },
});

Deno.test({
  name: "calls says who asked for what, when, and what came of it",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench([role("Deploy", { requireMfa: true })]);
    const call = { keys: kim, roleArn: roleArn("Deploy"), roleSessionName: "sts" };
    await emulator.service.assumeRole(call).catch(() => {});
    clock.jump(1_000);
    await emulator.service.assumeRole({ ...call, mfa: mfaNow(emulator) });
    const { accessKeyId } = kim;
    const common = { operation: "AssumeRole", accessKeyId, roleArn: roleArn("Deploy") };
    assertEquals(emulator.calls, [
      { ...common, at: clock.now() - 1_000, outcome: "AccessDenied" },
      { ...common, at: clock.now(), outcome: "ok", serial },
    ]);
    assertEquals(emulator.count("AssumeRole"), 2);
    assertEquals(emulator.count("AssumeRole", "ok"), 1);
    assertEquals(emulator.count("AssumeRole", "Throttling"), 0);
    assertEquals(emulator.count("GetSessionToken"), 0);
  },
});

for (const [callLimit, kept] of [[4, 3], [0, 0], [1, 1]] as const) {
  Deno.test({
    name: `calls keeps at most ${callLimit} where it is told to, and count() counts on`,
    permissions: "none",
    async fn() {
      const { emulator } = bench([], { callLimit });
      for (let call = 0; call < 5; call++) await emulator.service.getCallerIdentity({ keys: kim });
      assertEquals(emulator.calls.length, kept);
      assertEquals(emulator.count("GetCallerIdentity", "ok"), 5);
    },
  });
}

Deno.test({
  name: "identityOf() tells whose key it is and when it ends, and knows no other keys",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const { accessKeyId } = await mfaSession(emulator, 900);
    const identity = emulator.identityOf(accessKeyId);
    assertEquals(identity?.kind, "user-session");
    assertEquals(identity?.expiration, clock.now() + 900_000);
    assertEquals(emulator.identityOf(kim.accessKeyId)?.kind, "user");
    assertEquals(emulator.identityOf("AKIAUNKNOWN"), undefined);
  },
});

Deno.test({
  name: "mfaCode() names the devices that it knows when it is asked for another",
  permissions: "none",
  fn() {
    const known = `the known devices are "${serial}"`;
    assertThrows(() => bench().emulator.mfaCode("GAHT12345678"), TypeError, known);
    const empty = createStsEmulator({ world: { users: [], roles: [] } });
    assertThrows(() => empty.mfaCode(serial), TypeError, "the known devices are none");
  },
});

Deno.test({
  name: "An emulator answers 180,000 calls over 36 hours of a virtual clock within seconds",
  permissions: "none",
  async fn() {
    const roles = [role("Deploy", { requireMfa: true })];
    const { clock, emulator } = bench(roles, { random: countingRandom() });
    const keys = await mfaSession(emulator, 129_600);
    const call = { keys, roleArn: roleArn("Deploy"), roleSessionName: "sts", durationSeconds: 900 };
    for (let made = 0; made < 180_000; made++) {
      clock.jump(700);
      await emulator.service.assumeRole(call);
    }
    assertEquals(emulator.count("AssumeRole", "ok"), 180_000);
  },
});
