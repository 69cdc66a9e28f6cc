import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ExpiredError, ProfileError, StsUnreachableError } from "../../src/errors.ts";
import { type Logger, silentLogger } from "../../src/logger.ts";
import { CredentialEvent } from "../../src/refresh/events.ts";
import { CredentialSet, type LiveCredentials, type Renewal } from "../../src/refresh/live.ts";
import { createRenewalSlot } from "../../src/refresh/renewal_slot.ts";
import { LiveToken } from "../../src/session/token.ts";
import { settle } from "../settle.ts";
import { base, credentialsFor, role, start } from "../session/fixtures.ts";

const nodeInspect = Symbol.for("nodejs.util.inspect.custom");

/** A set of the profile "deploy" whose credentials live an hour, and what its renewal was told. */
function createSet(
  { errors = new Map(), logger }: { errors?: Map<string, ProfileError>; logger?: Logger } = {},
) {
  const told: string[] = [];
  const time = { now: start };
  const slot = createRenewalSlot({
    plan: { profile: "deploy", base, roles: [role], notices: [] },
    credentials: credentialsFor(3_600),
    endsAt: start + 7_200_000,
    endsWithCode: false,
    endReason: "the lifetime of 2h has ended",
    phase: 0,
  });
  const renewal: Renewal = {
    stop: () => Promise.resolve(void told.push("stop")),
    nudge: () => void told.push("nudge"),
    renewNow: () => void told.push("renewNow"),
  };
  const set = new CredentialSet({
    slots: [slot],
    now: () => time.now,
    errors,
    logger,
    renew: () => renewal,
  }) as LiveCredentials<"deploy">;
  return { set, slot, time, told };
}

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("a reading is one property read: it gives the very credentials, and the newest", () => {
  const { set, slot } = createSet();
  assertStrictEquals(set["sts-deploy"], slot.credentials);
  slot.credentials = credentialsFor(3_600, 1_000);
  assertStrictEquals(set["sts-deploy"], slot.credentials);
  assertThrows(() => Object.assign(set, { "sts-deploy": credentialsFor(1) }), TypeError);
});

pure("reading what has ended throws why, and wakes the renewal", () => {
  const { set, slot, time, told } = createSet();
  time.now = start + 3_600_000;
  slot.lastError = new StsUnreachableError("Cannot reach STS: it snows", {
    operation: "AssumeRole",
    hint: "wait for the spring",
  });
  const error = assertThrows(() => set["sts-deploy"], ExpiredError, "Cannot reach STS: it snows");
  assertEquals([error.hint, error.cause], ["wait for the spring", slot.lastError]);
  assertEquals(told, ["nudge"]);
});

pure("renewNow() renews, unless the set is halted", async () => {
  const { set, told } = createSet();
  set.renewNow();
  assertEquals(told, ["renewNow"]);
  await set.halt();
  set.renewNow();
  assertEquals(told, ["renewNow", "stop"]);
});

pure(
  "status() tells the times, the role and the last error, and no end where there is none",
  () => {
    const { set, slot } = createSet();
    slot.nextRefresh = start + 60_000;
    assertEquals(set.status(), [{
      profile: "deploy",
      roleArn: role.roleArn,
      issued: new Date(start),
      expires: new Date(start + 3_600_000),
      nextRefresh: new Date(start + 60_000),
      renewableUntil: new Date(start + 7_200_000),
      lastError: undefined,
    }]);
    slot.endsAt = Infinity;
    slot.nextRefresh = undefined;
    const [{ renewableUntil, nextRefresh } = {}] = set.status();
    assertEquals([renewableUntil, nextRefresh], [undefined, undefined]);
  },
);

pure("errors are told by profile, in a copy", () => {
  const error = new ProfileError([{ profile: "typo", message: 'Unknown profile "typo"' }]);
  const { set } = createSet({ errors: new Map([["typo", error]]) });
  assertEquals(Object.keys(set.errors), ["typo"]);
  assertStrictEquals(set.errors["typo"], error);
  assertEquals(createSet().set.errors, {});
});

pure("a listener has the fields of its event, is called once a time, and can be taken back", () => {
  const { set } = createSet();
  const seen: (readonly [string, string | undefined, number | undefined])[] = [];
  const listener = ({ type, profile, attempt }: CredentialEvent) =>
    void seen.push([type, profile, attempt]);
  set.addEventListener("retry", listener);
  set.addEventListener("retry", listener);
  set.addEventListener("refresh", listener, { once: true });
  const tell = (type: "retry" | "refresh", attempt: number) =>
    void set.dispatchEvent(new CredentialEvent(type, { profile: "deploy", attempt }));
  for (const attempt of [1, 2]) {
    tell("retry", attempt);
    tell("refresh", attempt);
  }
  set.removeEventListener("retry", listener);
  tell("retry", 3);
  assertEquals(seen, [["retry", "deploy", 1], ["refresh", "deploy", 1], ["retry", "deploy", 2]]);
});

pure("listeners of other kinds are taken as every event target takes them", () => {
  const { set } = createSet();
  const seen: string[] = [];
  const listener = { handleEvent: ({ type }: Event) => void seen.push(type) };
  set.addEventListener("own", listener);
  set.addEventListener("halt", null);
  set.dispatchEvent(new Event("own"));
  set.removeEventListener("own", listener);
  set.removeEventListener("halt", null);
  set.dispatchEvent(new Event("own"));
  assertEquals(seen, ["own"]);
});

pure(
  "halt() stops the renewal once, tells the first reason once, and leaves the credentials",
  async () => {
    const { set, slot, told } = createSet();
    slot.nextRefresh = start + 60_000;
    const reasons: (string | undefined)[] = [];
    set.addEventListener("halt", ({ reason }) => reasons.push(reason));
    await set.halt("enough");
    await set.halt("again");
    await set[Symbol.asyncDispose]();
    assertEquals([told, reasons, set.haltReason], [["stop"], ["enough"], "enough"]);
    assertEquals(set.status()[0]?.nextRefresh, undefined);
    assertStrictEquals(set["sts-deploy"], slot.credentials);
  },
);

pure("disposal is a reason of its own", async () => {
  const { set } = createSet();
  await set[Symbol.asyncDispose]();
  assertEquals(set.haltReason, "the set was disposed");
});

pure("changes() makes one change of many renewals, and ends with the halt", async () => {
  const { set } = createSet();
  const refresh = () => set.dispatchEvent(new CredentialEvent("refresh", { profile: "deploy" }));
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const changed of set.changes()) {
      seen.push(changed);
      if (seen.length === 1) { for (let renewal = 0; renewal < 10; renewal++) refresh(); }
    }
  })();
  await settle();
  assertEquals(seen.length, 0);
  refresh();
  await settle();
  assertEquals(seen.length, 2, "the first renewal, and the ten after it as one");
  assertStrictEquals(seen[1], set);
  refresh();
  void set.halt();
  await reading;
  assertEquals(seen.length, 3, "what was renewed before the halt is told still");
  for await (const _changed of set.changes()) throw new Error("it is halted");
});

pure("usable() leaves out what has ended", () => {
  const { set, slot, time } = createSet();
  assertStrictEquals(set.usable()["sts-deploy"], slot.credentials);
  time.now = start + 3_600_000;
  assertEquals(set.usable(), {});
});

pure("every inspection masks the secrets of a set and of a token, ended or not", () => {
  const { set, slot, time } = createSet();
  const token = new LiveToken("kim", () => slot.credentials, () => time.now);
  const { SecretAccessKey, SessionToken, AccessKeyId } = slot.credentials;
  for (const when of [start, start + 3_600_000]) {
    time.now = when;
    for (const [name, value] of Object.entries({ CredentialSet: set, LiveToken: token })) {
      const show = Reflect.get(value, nodeInspect) as Inspection;
      for (const shown of [show.call(value, 2, {}, JSON.stringify), Deno.inspect(value)]) {
        assert(shown.startsWith(`${name} {`), shown);
        assert(shown.includes(AccessKeyId) && shown.includes("********"), shown);
        assert(!shown.includes(SecretAccessKey) && !shown.includes(SessionToken), shown);
      }
    }
  }
});

/** How Node asks a value how it looks. */
type Inspection = (
  depth: number,
  options: object,
  inspect: (value: unknown) => string,
) => string;

pure("a token tells all its fields, and when it ended", () => {
  const { slot, time } = createSet();
  const token = new LiveToken("kim", () => slot.credentials, () => time.now);
  const { AccessKeyId, SecretAccessKey, SessionToken, StartTime, Expiration } = token;
  assertEquals(token.toJSON(), {
    ...{ AccessKeyId, SecretAccessKey, SessionToken },
    ...{ StartTime, Expiration },
  });
  time.now = start + 3_600_000;
  for (const field of ["AccessKeyId", "SecretAccessKey", "SessionToken"] as const) {
    assertThrows(() => token[field], ExpiredError, "it expired at 2026-01-01T01:00:00.000Z");
  }
  assertEquals(token.Expiration, Expiration);
});

pure("a listener that fails is logged, and keeps the event from no other", async () => {
  const logged: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => void logged.push(message) };
  const { set } = createSet({ logger });
  const seen: string[] = [];
  set.addEventListener("refresh", () => {
    throw new Error("first");
  });
  // deno-lint-ignore require-await -- that is what goes unnoticed
  set.addEventListener("refresh", async () => {
    throw new Error("second");
  });
  set.addEventListener("refresh", {
    handleEvent() {
      throw new Error("third");
    },
  });
  set.addEventListener("refresh", (event) => void seen.push(event.type));
  set.dispatchEvent(new CredentialEvent("refresh"));
  await settle();
  assertEquals(seen, ["refresh"]);
  assertEquals(
    logged.sort(),
    ["first", "second", "third"].map((why) => `refresh: a listener of "refresh" failed: ${why}`),
  );
});

pure("a listener is called once, as often as it is added, and no more when it is removed", () => {
  const { set } = createSet();
  let calls = 0;
  const listener = () => void calls++;
  set.addEventListener("refresh", listener);
  set.addEventListener("refresh", listener);
  set.dispatchEvent(new CredentialEvent("refresh"));
  set.removeEventListener("refresh", listener);
  set.dispatchEvent(new CredentialEvent("refresh"));
  assertEquals(calls, 1);
  set.addEventListener("refresh", listener, { once: true });
  set.addEventListener("refresh", null);
  for (const _time of [1, 2]) set.dispatchEvent(new CredentialEvent("refresh"));
  assertEquals(calls, 2);
});

pure("a listener that fails at the halt does not keep the set from halting", async () => {
  const { set, told } = createSet();
  set.addEventListener("halt", () => {
    throw new Error("late");
  });
  await set.halt();
  assertEquals([set.haltReason, told], ["halt was called", ["stop"]]);
});

pure("codeNeededIn() is the time to the first profile that a code bounds", () => {
  const slotOf = (profile: string, endsAt: number, endsWithCode: boolean) =>
    createRenewalSlot({
      plan: { profile, base, roles: [role], notices: [] },
      credentials: credentialsFor(3_600),
      endReason: "",
      phase: 0,
      ...{ endsAt, endsWithCode },
    });
  const slots = [
    slotOf("free", start + 1_000, false),
    slotOf("late", start + 9_000, true),
    slotOf("soon", start + 5_000, true),
  ];
  const time = { now: start + 2_000 };
  assertEquals(new CredentialSet({ slots, now: () => time.now }).codeNeededIn(), 3_000);
  time.now = start + 6_000;
  assertEquals(new CredentialSet({ slots, now: () => time.now }).codeNeededIn(), -1_000);
  const free = new CredentialSet({ slots: slots.slice(0, 1), now: () => time.now });
  assertEquals(free.codeNeededIn(), Infinity);
});

pure("a set that is not renewed has no errors, can be halted, and lists its keys", async () => {
  const slot = createSet().slot;
  const set = new CredentialSet({ slots: [slot], now: () => start });
  assertEquals([set.errors, Object.keys(set)], [{}, ["sts-deploy"]]);
  await set.halt("over");
  assertEquals(set.haltReason, "over");
  assert(set.halt("again") instanceof Promise);
});

pure("disposing a set waits until its renewal has stopped", async () => {
  const { slot } = createSet();
  let isStopped = false;
  const stop = async () => {
    await settle();
    isStopped = true;
  };
  const renewal: Renewal = { stop, nudge: () => {}, renewNow: () => {} };
  {
    await using _set = new CredentialSet({ slots: [slot], now: () => start, renew: () => renewal });
  }
  assertEquals(isStopped, true);
});

pure(
  "changes() ends with the set, also while it is waited for, and listens no longer then",
  async () => {
    const { set } = createSet();
    const listening = new Set<string>();
    Object.assign(set, {
      addEventListener(type: string, listener: EventListener) {
        listening.add(type);
        CredentialSet.prototype.addEventListener.call(set, type, listener);
      },
      removeEventListener: (type: string) => void listening.delete(type),
    });
    const changes = set.changes();
    const next = changes.next();
    await settle();
    assertEquals([...listening], ["refresh", "halt"]);
    await set.halt();
    assertEquals([(await next).done, listening.size], [true, 0]);
  },
);

pure("a reading of what is still good wakes no renewal", () => {
  const { set, told } = createSet();
  assert(set["sts-deploy"].AccessKeyId !== "");
  assertEquals(told, []);
});
