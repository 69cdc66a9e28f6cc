import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ConnectionDroppedError, type FaultCondition } from "../../../src/testing/mod.ts";
import { seededRandom } from "../../fake_system.ts";
import { settle } from "../../settle.ts";
import { bench, kim, mfaNow, robin, role, roleArn } from "../fixtures.ts";
import { assertRefused, codeRefused, notAuthorized } from "../sts/refusal.ts";

const throttled = { code: "Throttling", status: 400, message: "Rate exceeded" };

Deno.test({
  name: "A throttled call is refused with 400 Throttling, and noted",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    emulator.faults.push({ effect: { kind: "throttle" } });
    await assertRefused(() => emulator.service.getCallerIdentity({ keys: kim }), throttled);
    assertEquals(emulator.count("GetCallerIdentity", "Throttling"), 1);
    emulator.faults.length = 0;
    await emulator.service.getCallerIdentity({ keys: kim });
  },
});

Deno.test({
  name: "A call fails with the code that was chosen",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const { service, faults } = emulator;
    faults.push({
      effect: { kind: "fail", code: "ServiceUnavailable", status: 503, message: "Busy" },
    });
    faults.push({ effect: { kind: "throttle" } });
    const busy = { code: "ServiceUnavailable", status: 503, message: "Busy" };
    await assertRefused(() => service.getCallerIdentity({ keys: kim }), busy);
    faults[0] = { effect: { kind: "fail", code: "InternalFailure", status: 500 } };
    await assertRefused(() => service.getCallerIdentity({ keys: kim }), {
      code: "InternalFailure",
      status: 500,
      message: "InternalFailure",
    });
  },
});

Deno.test({
  name: "Delays add up on the emulator's clock, and what is checked is the time afterwards",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    emulator.faults.push({ effect: { kind: "delay", ms: 300 } }, {
      effect: { kind: "delay", ms: 200 },
    });
    const start = clock.now();
    let answered = false;
    const session = emulator.service.getSessionToken({ keys: kim });
    session.then(() => answered = true);
    await clock.advance(499);
    assert(!answered);
    await clock.advance(1);
    assertEquals((await session).StartTime.getTime(), start + 500);
    assertEquals(emulator.calls[0]?.at, start);
  },
});

Deno.test({
  name: "A signal ends a delayed call and a hanging one, with its reason",
  permissions: "none",
  async fn() {
    for (const effect of [{ kind: "delay", ms: 1e9 }, { kind: "hang" }] as const) {
      const { clock, emulator } = bench();
      emulator.faults.push({ effect });
      const controller = new AbortController();
      const call = emulator.service.getCallerIdentity({ keys: kim, signal: controller.signal });
      call.catch(() => {});
      await settle();
      controller.abort(new Error("enough"));
      await assertRejects(() => call, Error, "enough");
      await assertRejects(
        () => emulator.service.getCallerIdentity({ keys: kim, signal: controller.signal }),
        Error,
        "enough",
      );
      assertEquals(clock.sleeping, 0);
      assertEquals(emulator.count("GetCallerIdentity", "dropped"), 2);
    }
  },
});

Deno.test({
  name: "A dropped connection is a TypeError as with fetch, and STS has done nothing",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    emulator.faults.push({ when: { times: 1 }, effect: { kind: "drop" } });
    const call = { keys: kim, mfa: mfaNow(emulator) };
    const error = await assertRejects(() => emulator.service.getSessionToken(call));
    assertInstanceOf(error, ConnectionDroppedError);
    assertInstanceOf(error, TypeError);
    await emulator.service.getSessionToken(call);
  },
});

Deno.test({
  name: "A lost answer is a dropped connection after the work: the MFA code is used up",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    emulator.faults.push({ when: { times: 1 }, effect: { kind: "lose-answer" } });
    const call = { keys: kim, mfa: mfaNow(emulator) };
    await assertRejects(() => emulator.service.getSessionToken(call), ConnectionDroppedError);
    assertEquals(emulator.count("GetSessionToken", "ok"), 1);
    await assertRefused(() => emulator.service.getSessionToken(call), codeRefused);
  },
});

Deno.test({
  name: "A skewed clock moves what is checked and what is answered",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    emulator.faults.push({ effect: { kind: "skew", ms: 3_600_000 } });
    const session = await emulator.service.getSessionToken({ keys: kim, durationSeconds: 900 });
    assertEquals(session.Expiration.getTime(), clock.now() + 3_600_000 + 900_000);
    const call = { keys: kim, mfa: mfaNow(emulator) };
    await assertRefused(() => emulator.service.getSessionToken(call), codeRefused);
  },
});

Deno.test({
  name: "A forbidden role is AccessDenied while its neighbour is given",
  permissions: "none",
  async fn() {
    const { emulator } = bench([role("Deploy"), role("Audit")]);
    const arn = roleArn("Audit");
    emulator.faults.push({ when: { roleArn: arn }, effect: { kind: "forbid" } });
    const assume = (roleArn: string) => () =>
      emulator.service.assumeRole({ keys: kim, roleArn, roleSessionName: "sts" });
    await assume(roleArn("Deploy"))();
    await assertRefused(assume(arn), notAuthorized("arn:aws:iam::111122223333:user/kim", arn));
  },
});

Deno.test({
  name: "Refused codes are wrong ones and are not used up; calls without a code go on",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    emulator.faults.push({ effect: { kind: "refuse-code" } });
    const call = { keys: kim, mfa: mfaNow(emulator) };
    await assertRefused(() => emulator.service.getSessionToken(call), codeRefused);
    await emulator.service.getSessionToken({ keys: kim });
    emulator.faults.pop();
    await emulator.service.getSessionToken(call);
  },
});

/** Which of `count` calls, a minute apart, are throttled. */
async function hits(when: FaultCondition, count = 12): Promise<number[]> {
  const { clock, emulator } = bench([], { random: seededRandom(3) });
  emulator.faults.push({ when, effect: { kind: "throttle" } });
  const hit: number[] = [];
  for (let call = 0; call < count; call++) {
    const answer = emulator.service.getCallerIdentity({ keys: call % 2 === 0 ? kim : robin });
    await answer.catch(() => hit.push(call));
    clock.jump(60_000);
  }
  return hit;
}

const START = bench().clock.now();
const minute = (count: number) => START + count * 60_000;

const CONDITIONS: readonly [what: string, when: FaultCondition, hit: readonly number[]][] = [
  ["every third call", { every: 3 }, [0, 3, 6, 9]],
  ["the first two", { times: 2 }, [0, 1]],
  ["the first two of every third", { every: 3, times: 2 }, [0, 3]],
  ["a span of time", { from: minute(2), to: minute(4) }, [2, 3]],
  ["windows that come again", {
    from: minute(1),
    window: { periodMs: 300_000, lengthMs: 120_000 },
  }, [1, 2, 6, 7, 11]],
  ["one key", { accessKeyId: robin.accessKeyId, times: 3 }, [1, 3, 5]],
  ["another operation", { operation: "AssumeRole" }, []],
  ["a role, where none is asked for", { roleArn: roleArn("Deploy") }, []],
  ["no share at all", { share: 0 }, []],
  ["a share of one", { share: 1, to: minute(3) }, [0, 1, 2]],
];

for (const [what, when, hit] of CONDITIONS) {
  Deno.test({
    name: `A fault can hit ${what}`,
    permissions: "none",
    fn: async () => assertEquals(await hits(when), hit),
  });
}

Deno.test({
  name: "A fault can hit a share of the calls, by chance",
  permissions: "none",
  async fn() {
    const count = (await hits({ share: 1 / 3 }, 3_000)).length;
    assert(count > 900 && count < 1_100, `${count} of 3000`);
  },
});
