import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Credentials } from "../../src/credentials.ts";
import { MfaError, StsavalError, StsError, StsUnreachableError } from "../../src/errors.ts";
import { createRefusal } from "../../src/cache/refusal.ts";
import { fileError } from "../../src/file_error.ts";
import type { Logger } from "../../src/logger.ts";
import { silentLogger } from "../../src/logger.ts";
import { isUsable } from "../../src/schedule.ts";
import {
  type SharedRequest,
  sharedSession,
  type SharingPorts,
} from "../../src/cache/shared_session.ts";
import { type FakeSystem, fakeSystem, VirtualClock } from "../fake_system.ts";
import { credentialsFor, diskCache, entryFor, keyOf, start } from "../session/fixtures.ts";
import { settle } from "../settle.ts";

const key = keyOf("a");
const lockFile = `/home/kim/.aws/stsaval/${key}.lock`;
const serial = "arn:aws:iam::111122223333:mfa/kim";
const purpose = `asks for the MFA code of "${serial}"`;
const refused = new StsError("Cannot get a session token: AccessDenied", {
  operation: "GetSessionToken",
  awsCode: "AccessDenied",
});

/** A process of its own: the cache is new, the files and the clock are everybody's. */
function process(system: FakeSystem, parts: Partial<SharingPorts> = {}) {
  const told: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void told.push(message) };
  const ports: SharingPorts = {
    ...system,
    cache: diskCache({ ...system, logger }),
    logger,
    skewMs: () => 0,
    onWait: (holder) => void told.push(holder),
    ...parts,
  };
  return { told, run: (request: SharedRequest) => sharedSession(ports, request) };
}

interface Calls {
  count: number;
}

function requestFor(
  answer: (call: number) => Promise<Credentials>,
  parts: Partial<SharedRequest> = {},
): SharedRequest & { readonly calls: Calls } {
  const calls = { count: 0 };
  return {
    key,
    owner: { profile: "kim", operation: "GetSessionToken", mfaSerial: serial },
    durationSeconds: 3_600,
    signal: new AbortController().signal,
    purpose,
    fetch: () => answer(++calls.count),
    calls,
    ...parts,
  };
}

const issued = () => Promise.resolve(credentialsFor(3_600));

Deno.test({
  name: "two hundred processes that want the same session make one call",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    const request = requestFor(async () => {
      await system.clock.sleep(10_000);
      return credentialsFor(3_600);
    });
    const all = Array.from({ length: 200 }, () => process(system));
    const asked = Promise.all(all.map(({ run }) => run(request)));
    await system.clock.advance(10_000);
    const answers = await asked;
    assertEquals(request.calls.count, 1);
    assertEquals(new Set(answers.map((answer) => answer.AccessKeyId)).size, 1);
    const told = all.flatMap((each) => each.told);
    assertEquals(told.length, 199);
    assertEquals(new Set(told), new Set([`process 4711, which ${purpose}`]));
    assertEquals(system.clock.sleeping, 0);
  },
});

Deno.test({
  name: "a later process takes the session from the cache, without the lock",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const request = requestFor(issued);
    await process(system).run(request);
    using _held = await system.files.lock(lockFile, "holds it for ever");
    assertEquals(await process(system).run(request), credentialsFor(3_600));
    assertEquals(request.calls.count, 1);
  },
});

Deno.test({
  name: "what is kept says for whom it is, how long it was to be and what the clock was",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const cache = diskCache({ ...system, logger: silentLogger });
    await process(system, { cache, skewMs: () => 1_500 }).run(requestFor(issued));
    const [entry] = await cache.list();
    assertEquals(entry?.profile, "kim");
    assertEquals(entry?.mfaSerial, serial);
    assertEquals(entry?.durationSeconds, 3_600);
    assertEquals(entry?.skewMs, 1_500);
  },
});

Deno.test({
  name: "a refusal is the answer to all who waited, and not to who comes later",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    const request = requestFor(async (call) => {
      await system.clock.sleep(10_000);
      return call === 1 ? Promise.reject(refused) : credentialsFor(3_600);
    });
    const asked = Array.from({ length: 20 }, () => process(system).run(request));
    const failed = Promise.all(asked.map((each) => assertRejects(() => each, StsError)));
    await system.clock.advance(10_000);
    assertEquals(new Set((await failed).map((error) => error.message)), new Set([refused.message]));
    assertEquals(request.calls.count, 1);

    const later = process(system).run(request);
    await system.clock.advance(10_000);
    assertEquals(await later, credentialsFor(3_600));
    assertEquals(request.calls.count, 2);
  },
});

Deno.test({
  name:
    "after a call that never reached AWS, or a prompt that was left, the next process takes over",
  permissions: "none",
  async fn() {
    const errors = [
      new StsUnreachableError("Cannot reach STS", { operation: "GetSessionToken" }),
      new MfaError("An MFA code is needed"),
    ];
    for (const error of errors) {
      const system = fakeSystem();
      const request = requestFor(async (call) => {
        await system.clock.sleep(1_000);
        return call < 3 ? Promise.reject(error) : credentialsFor(3_600);
      });
      const asked = Array.from({ length: 5 }, () => process(system).run(request));
      const ended = Promise.allSettled(asked);
      await system.clock.advance(3_000);
      const statuses = (await ended).map(({ status }) => status);
      assertEquals(statuses.filter((status) => status === "rejected").length, 2);
      assertEquals(request.calls.count, 3);
    }
  },
});

Deno.test({
  name: "a code that was refused is not sent again for a minute, by anybody",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const sent: string[] = [];
    const withCode = (code: string) =>
      requestFor(issued, {
        fetch: async (guard) => {
          await guard({ serial, code });
          sent.push(code);
          throw refused;
        },
      });
    const fails = (code: string) =>
      assertRejects(() => process(system).run(withCode(code)), StsError, refused.message);
    await fails("111111");
    await system.clock.advance(40_000);
    await fails("111111");
    assertEquals(sent, ["111111"]);
    await system.clock.advance(20_001);
    await fails("111111");
    await fails("222222");
    await fails("111111");
    assertEquals(sent, ["111111", "111111", "222222", "111111"]);
  },
});

Deno.test({
  name: "who waits too long gives up with the profile's name",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    using _held = await system.files.lock(lockFile, purpose);
    // A person who types a code may take longer than a call without one.
    for (const [lockTimeoutMs, waited] of [[5_000, "5s"], [60_000, "1m"]] as const) {
      const asked = process(system, { lockTimeoutMs }).run(requestFor(issued));
      const failed = assertRejects(() => asked, StsavalError);
      await system.clock.advance(lockTimeoutMs);
      assertStringIncludes(
        (await failed).message,
        `Cannot get credentials for profile "kim": waited ${waited} for process 4711`,
      );
    }
  },
});

Deno.test({
  name: "a signal ends the wait with its reason",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    using _held = await system.files.lock(lockFile, purpose);
    const controller = new AbortController();
    const asked = process(system).run(requestFor(issued, { signal: controller.signal }));
    const failed = assertRejects(() => asked, Error, "halt");
    await system.clock.advance(1_000);
    controller.abort(new Error("halt"));
    await failed;
    assertEquals(system.clock.sleeping, 0);
  },
});

/** A call that needs no code, such as AssumeRole with a session token. */
const repeatable: Partial<SharedRequest> = { purpose: "assumes the role", repeatable: true };

Deno.test({
  name: "a call without a code is made once for many processes, which hear nothing of the wait",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    const request = requestFor(async () => {
      await system.clock.sleep(4_000);
      return credentialsFor(3_600);
    }, repeatable);
    const all = Array.from({ length: 20 }, () => process(system));
    const asked = Promise.all(all.map(({ run }) => run(request)));
    await system.clock.advance(4_000);
    await asked;
    assertEquals(request.calls.count, 1);
    assertEquals(all.flatMap(({ told }) => told), []);
    assertEquals(system.clock.sleeping, 0);
  },
});

Deno.test({
  name: "processes that wait to renew take what was made meanwhile, and nothing older",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    await process(system).run(requestFor(issued, repeatable));
    await system.clock.advance(45 * 60_000);
    const request = requestFor(async () => {
      await system.clock.sleep(1_000);
      return credentialsFor(3_600, system.clock.now() - start);
    }, { ...repeatable, renew: true });
    const asked = Promise.all(Array.from({ length: 20 }, () => process(system).run(request)));
    await system.clock.advance(1_000);
    const times = (await asked).map(({ StartTime }) => StartTime.getTime() - start);
    assertEquals(new Set(times), new Set([45 * 60_000 + 1_000]));
    assertEquals(request.calls.count, 1);
  },
});

Deno.test({
  name: "what STS refuses without a code is refused to all who waited",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    const request = requestFor(async () => {
      await system.clock.sleep(1_000);
      throw refused;
    }, repeatable);
    const asked = Array.from({ length: 20 }, () => process(system).run(request));
    const failed = Promise.all(asked.map((each) => assertRejects(() => each, StsError)));
    await system.clock.advance(1_000);
    await failed;
    assertEquals(request.calls.count, 1);
  },
});

Deno.test({
  name: "where STS is down the processes that waited try at once, not one after another",
  permissions: "none",
  async fn() {
    for (const [isBack, rejected] of [[false, 20], [true, 1]] as const) {
      const system = fakeSystem({ clock: new VirtualClock(start) });
      const request = requestFor(async (call) => {
        await system.clock.sleep(30_000);
        if (isBack && call > 1) return credentialsFor(3_600);
        throw new StsUnreachableError("Cannot reach STS", { operation: "AssumeRole" });
      }, repeatable);
      const asked = Array.from({ length: 20 }, () => process(system).run(request));
      const ended = Promise.allSettled(asked);
      await system.clock.advance(60_000);
      const statuses = (await ended).map(({ status }) => status);
      assertEquals(statuses.filter((status) => status === "rejected").length, rejected);
      assertEquals(system.clock.sleeping, 0);
    }
  },
});

Deno.test({
  name: "a holder that was stopped keeps a call without a code for 40 seconds, not for ever",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    using _held = await system.files.lock(lockFile, "assumes the role");
    const request = requestFor(issued, repeatable);
    const { told, run } = process(system);
    const asked = run(request);
    await system.clock.advance(39_999);
    assertEquals(request.calls.count, 0);
    assertEquals(told, ["process 4711, which assumes the role"]);
    // Who calls by itself is not refused what another was.
    const refusal = createRefusal(refused, system.clock.now(), undefined);
    await diskCache({ ...system, logger: silentLogger }).refuse(key, refusal);
    await system.clock.advance(1);
    await asked;
    assertEquals(request.calls.count, 1);
  },
});

Deno.test({
  name: "what a call builds on is there before the lock is taken",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const order: string[] = [];
    await process(system).run(requestFor(() => {
      order.push(String(system.files.contents.get(lockFile)));
      return issued();
    }, {
      ...repeatable,
      prepare: async () => {
        await settle();
        order.push(String(system.files.contents.get(lockFile)));
      },
    }));
    assertEquals(order, ["undefined", "4711 assumes the role"]);
  },
});

Deno.test({
  name: "renew asks anew, and what it gets takes the old one's place",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const request = requestFor(issued, { renew: true });
    await process(system).run(request);
    await process(system).run(request);
    assertEquals(request.calls.count, 2);
    await process(system).run({ ...request, renew: false });
    assertEquals(request.calls.count, 2);
  },
});

Deno.test({
  name: "serves decides what of the cache will do",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const request = requestFor(issued);
    await process(system).run(request);
    await system.clock.advance(50 * 60_000);
    await process(system).run({ ...request, serves: isUsable });
    assertEquals(request.calls.count, 1);
    await process(system).run(request);
    assertEquals(request.calls.count, 2);
  },
});

Deno.test({
  name: "where the file system has no locks it is said once, and each process asks alone",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const files = {
      readText: system.files.readText.bind(system.files),
      lock: () => Promise.reject(fileError("ENOLCK")),
    };
    const { told, run } = process(system, { files });
    const request = requestFor(issued, { renew: true });
    for (let turn = 0; turn < 3; turn++) await run(request);
    assertEquals(request.calls.count, 3);
    assertEquals(told, [
      `lock: "${lockFile}" cannot be locked, so other processes may do the same at the same time: ` +
      "the file system has no locks",
    ]);
  },
});

Deno.test({
  name: "a call that fails has left its refusal, and else no trace, when the error is thrown",
  permissions: "none",
  async fn() {
    const system = fakeSystem();
    const failing = (error: Error) => requestFor(() => Promise.reject(error));
    await assertRejects(() => process(system).run(failing(new MfaError("no code"))), MfaError);
    assertEquals([...system.files.contents.keys()], [], "the folder was made for the lock alone");
    await assertRejects(() => process(system).run(failing(refused)), StsError);
    const refusals = [...system.files.contents.keys()].filter((path) => path.endsWith(".refused"));
    assertEquals(refusals, [lockFile.replace(/lock$/, "refused")]);
  },
});

Deno.test({
  name: "where the cache may not be used each process asks alone, and nothing is written",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ files: { "/home/kim/.aws/stsaval/other": "" } });
    system.files.said.set("/home/kim/.aws/stsaval", { mode: 0o777 });
    const request = requestFor(issued);
    await Promise.all([1, 2].map(() => process(system).run(request)));
    assertEquals(request.calls.count, 2);
    assertEquals(system.files.contents.size, 1);
  },
});

Deno.test({
  name: "what is renewed is measured with the clock of STS",
  permissions: "none",
  async fn() {
    const hour = 3_600_000;
    for (const skewMs of [hour, -hour]) {
      const system = fakeSystem({ clock: new VirtualClock(start) });
      const cache = diskCache({ ...system, logger: silentLogger, skewMs: () => skewMs });
      await cache.put(key, { ...entryFor(3_600), credentials: credentialsFor(3_600, skewMs) });
      await system.clock.advance(1_000);
      const request = requestFor(
        () => Promise.resolve(credentialsFor(3_600, skewMs + 1_000)),
        { ...repeatable, renew: true },
      );
      const { StartTime } = await process(system, { cache }).run(request);
      assertEquals([request.calls.count, StartTime.getTime()], [1, start + skewMs + 1_000]);
      // What another process made a second after this one began is new enough.
      const held = await system.files.lock(lockFile, "assumes the role");
      const waiting = process(system, { cache }).run(request);
      await system.clock.advance(1_000);
      const newer = credentialsFor(3_600, skewMs + 2_000);
      await cache.put(key, { ...entryFor(3_600), credentials: newer });
      held[Symbol.dispose]();
      assertEquals([await waiting, request.calls.count], [newer, 1]);
    }
  },
});

Deno.test({
  name:
    "who goes on while the cache takes the credentials has them at once, and others wait for both",
  permissions: "none",
  async fn() {
    const system = fakeSystem({ clock: new VirtualClock(start) });
    const taken = Promise.withResolvers<void>();
    const cache = diskCache({ ...system, logger: silentLogger });
    const put = cache.put.bind(cache);
    cache.put = async (...parts) => {
      await taken.promise;
      await put(...parts);
    };
    const kept: Promise<void>[] = [];
    const request = requestFor(issued, { keeping: (end) => void kept.push(end) });
    await process(system, { cache }).run(request);
    assertEquals([kept.length, await cache.list()], [1, []]);
    const other = process(system).run(request);
    await settle();
    taken.resolve();
    await Promise.all(kept);
    assertEquals(await other, credentialsFor(3_600));
    assertEquals([request.calls.count, kept.length], [1, 1]);
  },
});
