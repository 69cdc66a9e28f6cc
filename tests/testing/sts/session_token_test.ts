import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  bench,
  countingRandom,
  keysOf,
  kim,
  mfaNow,
  mfaSession,
  owner,
  robin,
  serial,
} from "../fixtures.ts";
import { assertRefused, codeRefused, expired, invalid, unknownKey } from "./refusal.ts";

Deno.test({
  name: "getSessionToken() gives temporary keys for 12 hours, ending at a whole second",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    clock.jump(1_234);
    const session = await emulator.service.getSessionToken({ keys: kim });
    assertMatch(session.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
    assertMatch(session.SecretAccessKey, /^[A-Za-z0-9+/]{40}$/);
    assertMatch(session.SessionToken, /^[A-Za-z0-9+/]{80}$/);
    assertEquals(session.StartTime.getTime(), clock.now());
    assertEquals(session.Expiration.getTime(), clock.now() - 234 + 43_200_000);
  },
});

Deno.test({
  name: "getSessionToken() takes 900 to 129600 seconds",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const ask = (durationSeconds: number) =>
      emulator.service.getSessionToken({ keys: kim, durationSeconds });
    for (const seconds of [900, 129_600]) {
      const { Expiration } = await ask(seconds);
      assertEquals(Expiration.getTime() - clock.now(), seconds * 1000);
    }
    const constraint = "failed to satisfy constraint: Member must have value";
    await assertRefused(
      () => ask(899),
      invalid(
        `1 validation error detected: Value '899' at 'durationSeconds' ${constraint} greater than or equal to 900`,
      ),
    );
    await assertRefused(
      () => ask(129_601),
      invalid(
        `1 validation error detected: Value '129601' at 'durationSeconds' ${constraint} less than or equal to 129600`,
      ),
    );
  },
});

Deno.test({
  name:
    "getSessionToken() goes below 900 seconds, or gives less than was asked for, where it is told to",
  permissions: "none",
  async fn() {
    const short = bench([], { minimumSeconds: 5 });
    const call = { keys: kim, durationSeconds: 6 };
    const six = await short.emulator.service.getSessionToken(call);
    assertEquals(six.Expiration.getTime() - short.clock.now(), 6_000);
    const fixed = bench([], { sessionSeconds: 6 });
    const alsoSix = await fixed.emulator.service.getSessionToken({ keys: kim });
    assertEquals(alsoSix.Expiration.getTime() - fixed.clock.now(), 6_000);
  },
});

Deno.test({
  name: "getSessionToken() gives a root user one hour at most",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const session = await emulator.service.getSessionToken({ keys: owner });
    assertEquals(session.Expiration.getTime() - clock.now(), 3_600_000);
  },
});

Deno.test({
  name: "getSessionToken() accepts each MFA code once",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const call = { keys: kim, mfa: mfaNow(emulator) };
    const session = await emulator.service.getSessionToken(call);
    assert(emulator.identityOf(session.AccessKeyId)?.mfaPresent);
    await assertRefused(() => emulator.service.getSessionToken(call), codeRefused);
    clock.jump(30_000);
    await assertRefused(() => emulator.service.getSessionToken(call), codeRefused);
    await emulator.service.getSessionToken({ keys: kim, mfa: mfaNow(emulator) });
  },
});

Deno.test({
  name: "getSessionToken() accepts the codes one step to either side, and none further off",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const mfa = mfaNow(emulator);
    clock.jump(-30_000);
    await emulator.service.getSessionToken({ keys: kim, mfa });
    const older = mfaNow(emulator);
    clock.jump(60_000);
    await assertRefused(
      () => emulator.service.getSessionToken({ keys: kim, mfa: older }),
      codeRefused,
    );
    clock.jump(30_000);
    const old = mfaNow(emulator);
    clock.jump(30_000);
    await emulator.service.getSessionToken({ keys: kim, mfa: old });
  },
});

Deno.test({
  name: "getSessionToken() wants the serial number and the code, of a device of the caller's",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const ask = (mfa: { serial?: string; code?: string }, keys = kim) => () =>
      emulator.service.getSessionToken({ keys, mfa });
    const half = "must provide both MFA serial number and one time pass code.";
    const both = {
      code: "AccessDenied",
      status: 403,
      message: `MultiFactorAuthentication failed, ${half}`,
    };
    await assertRefused(ask({ serial }), both);
    await assertRefused(ask({ code: "123456" }), both);
    const message = "MultiFactorAuthentication failed, unable to validate MFA code.  " +
      "Please verify your MFA serial number is valid and associated with this user.";
    const notYours = { code: "AccessDenied", status: 403, message };
    await assertRefused(ask(mfaNow(emulator), robin), notYours);
    await assertRefused(ask({ serial: `${serial}2`, code: "123456" }), notYours);
  },
});

Deno.test({
  name: "getSessionToken() says everything that is malformed in one message",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const mfa = { serial: "a b", code: "12345x" };
    const constraint = "failed to satisfy constraint: Member must";
    await assertRefused(
      () => emulator.service.getSessionToken({ keys: kim, durationSeconds: 1, mfa }),
      invalid(
        `4 validation errors detected: Value '1' at 'durationSeconds' ${constraint} have value greater than or ` +
          `equal to 900; Value 'a b' at 'serialNumber' ${constraint} satisfy regular expression pattern: ` +
          `[\\w+=/:,.@-]*; Value 'a b' at 'serialNumber' ${constraint} have length greater than or equal to 9; ` +
          `Value '12345x' at 'tokenCode' ${constraint} satisfy regular expression pattern: [\\d]*`,
      ),
    );
  },
});

Deno.test({
  name: "getSessionToken() is not for temporary keys",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const keys = await mfaSession(emulator);
    await assertRefused(() => emulator.service.getSessionToken({ keys }), {
      code: "AccessDenied",
      status: 403,
      message: "Cannot call GetSessionToken with session credentials",
    });
  },
});

Deno.test({
  name: "Keys are refused when they are unknown, incomplete, or not the right secret",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const { service } = emulator;
    const session = await mfaSession(emulator);
    const whose = (keys: typeof session) => () => service.getCallerIdentity({ keys });
    const { accessKeyId, secretAccessKey, sessionToken = "" } = session;
    await assertRefused(whose({ ...session, accessKeyId: "ASIAUNKNOWN00000000" }), unknownKey);
    await assertRefused(whose({ accessKeyId, secretAccessKey }), unknownKey);
    await assertRefused(whose({ ...session, sessionToken: `${sessionToken}x` }), unknownKey);
    await assertRefused(whose({ ...kim, sessionToken }), unknownKey);
    await assertRefused(whose({ ...session, secretAccessKey: "wrong" }), {
      code: "SignatureDoesNotMatch",
      status: 403,
      message: "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    });
  },
});

Deno.test({
  name: "Temporary keys work until the moment they end, and are then expired",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const keys = await mfaSession(emulator, 900);
    clock.jump(899_999);
    await emulator.service.getCallerIdentity({ keys });
    clock.jump(1);
    await assertRefused(() => emulator.service.getCallerIdentity({ keys }), expired);
  },
});

Deno.test({
  name: "Keys that ended over an hour ago are forgotten when there are very many",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench([], { random: countingRandom() });
    const { service } = emulator;
    const issueMany = () =>
      Promise.all(
        Array.from({ length: 10_000 }, () =>
          service.getSessionToken({ keys: kim, durationSeconds: 900 })),
      );
    const [old] = await issueMany();
    if (old === undefined) throw new Error("nothing was issued");
    clock.jump(5_000_000);
    await assertRefused(() => service.getCallerIdentity({ keys: keysOf(old) }), expired);
    await issueMany();
    await assertRefused(() => service.getCallerIdentity({ keys: keysOf(old) }), unknownKey);
    await service.getCallerIdentity({ keys: kim });
  },
});
