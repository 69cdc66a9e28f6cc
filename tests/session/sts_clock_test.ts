/**
 * Whose clock decides what has expired: STS's own, once it has told it; nothing else that answers in its place.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  ExpiredError,
  MfaError,
  StsCore,
  type StsCoreOptions,
  StsUnreachableError,
} from "../../mod.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { fakeSystem, MemoryFiles, VirtualClock } from "../fake_system.ts";

const role = "DynamoDBRole-dev";
const minute = 60_000;
const hour = 60 * minute;
const utc = (ms: number) => new Date(ms).toUTCString();

/** What answers in STS's place, with a date of its choice. */
const strangers: Readonly<Record<string, (date: string) => Response>> = {
  "a portal's redirect": (date) =>
    new Response(null, { status: 302, headers: { date, location: "http://portal.example.com/" } }),
  "a proxy's page": (date) =>
    new Response("<html>blocked</html>", { headers: { date, "content-type": "text/html" } }),
  "a load balancer's 502": (date) => new Response("<html/>", { status: 502, headers: { date } }),
  "a gateway's JSON": (date) =>
    new Response('{"Code":"RequestExpired"}', {
      status: 403,
      headers: { date, "content-type": "application/json" },
    }),
  "an XML error of somebody else": (date) =>
    new Response("<Error><Code>RequestExpired</Code><RequestId>1</RequestId></Error>", {
      status: 403,
      headers: { date, "content-type": "text/xml" },
    }),
};

/** STS in a place where somebody else may answer, on a machine whose clock may be wrong. */
function network() {
  const right = new VirtualClock();
  const emulator = createStsEmulator({ clock: right, world: sampleWorld(5) });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const files = new MemoryFiles({
    "/home/kim/.aws/config": home.config,
    "/home/kim/.aws/credentials": home.credentials,
  });
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  const state: {
    stranger: (() => Response) | undefined;
    ahead: number;
    delay: () => Promise<void>;
  } = { stranger: undefined, ahead: 0, delay: () => Promise.resolve() };
  const fetch = async (request: Request) => {
    const answer = state.stranger?.() ?? await emulator.handle(request);
    await state.delay();
    return answer;
  };
  const clock = {
    now: () => right.now() + state.ahead,
    sleep: right.sleep.bind(right),
  };
  const core = (options: StsCoreOptions = {}) =>
    new StsCore({
      ...options,
      profileName: "IAM_USER1",
      maxAttempts: 1,
      system: { ...fakeSystem({ fetch }), clock, files },
    });
  const mfaCode = () => {
    right.jump(31_000);
    return emulator.mfaCode(serial);
  };
  return { right, emulator, state, core, mfaCode };
}

for (const [name, answer] of Object.entries(strangers)) {
  Deno.test(`${name} with another date moves nothing: what has ended stays ended`, async () => {
    const { right, state, core, mfaCode } = network();
    await using sts = core();
    const set = await sts.generateCredentials([role], { mfaCode: mfaCode() });
    await right.advance(80 * minute);
    assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
    state.stranger = () => answer(utc(right.now() - 40 * minute));
    await assertRejects(
      () => sts.generateSessionToken({ mfaCode: mfaCode() }),
      StsUnreachableError,
    );
    assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
    state.stranger = () => answer(utc(right.now() + 9 * hour));
    await assertRejects(
      () => sts.generateSessionToken({ mfaCode: mfaCode() }),
      StsUnreachableError,
    );
    state.stranger = undefined;
    const token = await sts.generateSessionToken({ mfaCode: mfaCode(), renew: true });
    assertEquals(Math.abs(token.StartTime.getTime() - right.now()) < minute, true);
  });
}

Deno.test("a stranger's date moves nothing before STS has said anything", async () => {
  const { right, state, core, mfaCode } = network();
  await using first = core({ cache: "disk" });
  await first.generateCredentials([role], { mfaCode: mfaCode() });
  await right.advance(50 * minute);
  await using sts = core({ cache: "disk" });
  state.stranger = () =>
    new Response(null, { status: 302, headers: { date: utc(right.now() - 40 * minute) } });
  await assertRejects(
    () => sts.generateCredentials([role], { mfaCode: "123456" }),
    StsUnreachableError,
  );
  await right.advance(11 * minute);
  // Its role and its session token have ended, whatever the stranger said.
  await assertRejects(() => sts.generateCredentials([role]), MfaError, "code");
});

Deno.test("a clock that is slow by hours is set right by STS, and stays so whatever strangers say", async () => {
  const { right, state, core, mfaCode } = network();
  state.ahead = -3 * hour;
  await using sts = core();
  const set = await sts.generateCredentials([role], { mfaCode: mfaCode() });
  assertEquals(set["sts-DynamoDBRole-dev"].Expiration.getTime() > right.now(), true);
  state.stranger = () =>
    new Response(null, { status: 302, headers: { date: utc(right.now() - 3 * hour) } });
  await assertRejects(() => sts.generateSessionToken({ mfaCode: mfaCode() }), StsUnreachableError);
  await right.advance(61 * minute);
  assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
});

Deno.test("another process takes STS's clock from the cache entry", async () => {
  const { right, state, core, mfaCode } = network();
  state.ahead = -3 * hour;
  await using first = core({ cache: "disk" });
  await first.generateCredentials([role], { mfaCode: mfaCode() });
  await using second = core({ cache: "disk" });
  state.stranger = () =>
    new Response(null, { status: 302, headers: { date: utc(right.now() - 3 * hour) } });
  const set = await second.generateCredentials([role]);
  assertEquals(set["sts-DynamoDBRole-dev"].Expiration.getTime() > right.now(), true);
  await assertRejects(
    () => second.generateSessionToken({ mfaCode: "123456", renew: true }),
    StsUnreachableError,
  );
  await right.advance(61 * minute);
  assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
});

Deno.test("of the entries, the newest tells the clock, in whatever order they are read", async () => {
  const { right, state, core, mfaCode } = network();
  // The older entry is of a time at which the clock was slow; it has been set right since.
  state.ahead = -20 * minute;
  await using first = core({ cache: "disk" });
  await first.generateCredentials(["CodeDeployRole-qa"], { mfaCode: mfaCode() });
  state.ahead = 0;
  await using second = core({ cache: "disk" });
  await second.generateCredentials([role], { mfaCode: mfaCode(), renew: true });
  await using third = core({ cache: "disk" });
  const set = await third.generateCredentials([role, "CodeDeployRole-qa"]);
  await right.advance(45 * minute);
  assert(set["sts-DynamoDBRole-dev"].Expiration.getTime() > right.now());
});

Deno.test("an answer that lay waiting while the machine slept does not set the clock back", async () => {
  const { right, state, core, mfaCode } = network();
  await using sts = core();
  const set = await sts.generateCredentials([role], { mfaCode: mfaCode() });
  await right.advance(30 * minute);
  state.delay = () => {
    right.jump(2 * hour);
    return Promise.resolve();
  };
  await sts.generateSessionToken({ mfaCode: mfaCode(), renew: true });
  assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
});
