import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsavalError } from "../../src/errors.ts";
import { acquireLock, type LockOptions } from "../../src/cache/lock.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";
import { start } from "../session/fixtures.ts";

const path = "/home/kim/.aws/stsaval/a.lock";
const options: LockOptions = {
  purpose: 'asks for the MFA code of "GAHT12345678"',
  goal: 'get credentials for profile "kim"',
};

function setUp() {
  const clock = new VirtualClock(start);
  const system = fakeSystem({ clock });
  const told: string[] = [];
  return { ...system, told, onWait: (holder: string) => void told.push(holder) };
}

Deno.test({
  name: "acquireLock() lets one after the other work",
  permissions: "none",
  async fn() {
    const { files, clock, told, onWait } = setUp();
    const order: string[] = [];
    const work = async (name: string) => {
      using _lock = await acquireLock({ files, clock }, path, { ...options, onWait });
      order.push(`${name} begins`);
      await settle();
      order.push(`${name} ends`);
    };
    await Promise.all(["a", "b", "c"].map(work));
    assertEquals(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    assertEquals(told, []);
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "who waits is told for whom and for what, and again when it is another",
  permissions: "none",
  async fn() {
    const { files, clock, told, onWait } = setUp();
    const first = await acquireLock({ files, clock }, path, options);
    const second = acquireLock({ files, clock }, path, { ...options, purpose: "assumes a role" });
    const third = acquireLock({ files, clock }, path, { ...options, onWait });
    await clock.advance(299);
    assertEquals(told, []);
    await clock.advance(5_000);
    assertEquals(told, ['process 4711, which asks for the MFA code of "GAHT12345678"']);
    first[Symbol.dispose]();
    await clock.advance(5_000);
    assertEquals(told.slice(1), ["process 4711, which assumes a role"]);
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "who waits too long gives up with an error that names the holder",
  permissions: "none",
  async fn() {
    const { files, clock } = setUp();
    using _held = await acquireLock({ files, clock }, path, options);
    for (const [timeoutMs, said] of [[undefined, "2m"], [5_000, "5s"]] as const) {
      const waiting = acquireLock({ files, clock }, path, { ...options, timeoutMs });
      const failed = assertRejects(() => waiting, StsavalError);
      await clock.advance((timeoutMs ?? 120_000) - 1);
      assertEquals(clock.sleeping, 1);
      await clock.advance(1);
      const error = await failed;
      assertEquals(
        error.message,
        `Cannot get credentials for profile "kim": waited ${said} for process 4711, ` +
          'which asks for the MFA code of "GAHT12345678"',
      );
      assertStringIncludes(error.hint ?? "", "--lock-timeout");
    }
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "a wait of no time still takes a lock that is free",
  permissions: "none",
  async fn() {
    const { files, clock } = setUp();
    const held = await acquireLock({ files, clock }, path, { ...options, timeoutMs: 0 });
    const waiting = acquireLock({ files, clock }, path, { ...options, timeoutMs: 0 });
    const failed = assertRejects(() => waiting, StsavalError, "waited 0s for process 4711");
    await clock.advance(300);
    await failed;
    held[Symbol.dispose]();
  },
});

Deno.test({
  name: "a signal ends the wait at once, and the lock goes to who is next",
  permissions: "none",
  async fn() {
    const { files, clock } = setUp();
    const controller = new AbortController();
    const held = await acquireLock({ files, clock }, path, options);
    const signal = controller.signal;
    const waiting = acquireLock({ files, clock }, path, { ...options, signal });
    const next = acquireLock({ files, clock }, path, options);
    controller.abort(new Error("halt"));
    await assertRejects(() => waiting, Error, "halt");
    assertEquals(clock.sleeping, 1);
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    assertEquals(clock.sleeping, 0);
  },
});

Deno.test({
  name: "what a holder wrote cannot steer a terminal, and a note that is none is another process",
  permissions: "none",
  async fn() {
    const notes: readonly [string, string][] = [
      ["4711 asks\x1b[2J\u202efor\r\n a code", "process 4711, which asks[2Jfor a code"],
      ["", "another process"],
      ["4711", "another process"],
      ["asks for a code", "another process"],
    ];
    for (const [note, said] of notes) {
      const { files, clock, told, onWait } = setUp();
      const held = await acquireLock({ files, clock }, path, options);
      await files.replaceText(path, note);
      const waiting = acquireLock({ files, clock }, path, { ...options, onWait });
      await clock.advance(1_000);
      assertEquals(told, [said]);
      held[Symbol.dispose]();
      (await waiting)[Symbol.dispose]();
    }
  },
});

Deno.test({
  name: "a note that cannot be read is another process too",
  permissions: "none",
  async fn() {
    const { files, clock, told, onWait } = setUp();
    const held = await acquireLock({ files, clock }, path, options);
    const unreadable = {
      lock: files.lock.bind(files),
      readText: () => Promise.reject(new Error("permission denied")),
    };
    const waiting = acquireLock({ files: unreadable, clock }, path, { ...options, onWait });
    await clock.advance(1_000);
    assertEquals(told, ["another process"]);
    held[Symbol.dispose]();
    assert(await waiting);
  },
});
