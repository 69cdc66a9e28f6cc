/**
 * The steps of a rotation as plain data: what is sealed and what IAM lists in, the next step out.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import type { RotationProgress, SealedKey, SealedKeys } from "../../src/store/port.ts";
import {
  currentKey,
  dependsOnList,
  nextAction,
  type OnlineKey,
  withNext,
  withoutNext,
} from "../../src/store/rotation.ts";

const now = Date.UTC(2026, 10, 28, 12);
const at = new Date(now).toISOString();

const sealed = (accessKeyId: string, state: SealedKey["state"]): SealedKey => ({
  ...{ accessKeyId, secretAccessKey: `secret of ${accessKeyId}`, state },
});
const online = (accessKeyId: string, change: Partial<OnlineKey> = {}): OnlineKey => ({
  ...{ accessKeyId, created: now - 86_400_000, isActive: true },
  ...change,
});
const content = (keys: readonly SealedKey[], rotation?: RotationProgress): SealedKeys => ({
  ...{ version: 1, keys },
  ...(rotation === undefined ? {} : { rotation }),
});
const old = sealed("AKIAOLD", "current");
const fresh = sealed("AKIANEW", "next");
const intention: RotationProgress = { step: "create", from: "AKIAOLD", at };

Deno.test("nextAction() seals the intention before a key is made", () => {
  assertEquals(nextAction(content([old]), [online("AKIAOLD")], { now }), {
    kind: "create",
    content: content([old], intention),
  });
  const later = nextAction(content([old], intention), [online("AKIAOLD")], { now: now + 60_000 });
  assertEquals(later.kind === "create" && later.content.rotation?.at, "2026-11-28T12:01:00.000Z");
});

Deno.test("nextAction() waits where the key in use is not listed", () => {
  assertEquals(nextAction(content([old]), [online("AKIAOTHER")], { now }), {
    ...{ kind: "missing", accessKeyId: "AKIAOLD" },
  });
});

Deno.test("nextAction() leaves it to a person where there is another key", () => {
  const other = online("AKIAOTHER");
  assertEquals(nextAction(content([old]), [online("AKIAOLD"), other], { now }), {
    ...{ kind: "choose", other },
  });
});

Deno.test("nextAction() takes a key for the lost one of a rotation only if it was made then", () => {
  const minute = 60_000;
  const kindFor = (created: number) =>
    nextAction(
      content([old], intention),
      [online("AKIAOLD"), online("AKIALOST", { created })],
      { now: now + 3_600_000 },
    ).kind;
  assertEquals(
    [now - 5 * minute, now, now + 10 * minute].map(kindFor),
    ["discard-lost", "discard-lost", "discard-lost"],
  );
  assertEquals([now - 5 * minute - 1, now + 10 * minute + 1].map(kindFor), ["choose", "choose"]);
});

Deno.test("nextAction() passes over what the last rotation deleted, which may be listed still", () => {
  const done = content([{ ...fresh, state: "current" }], {
    ...{ step: "done", from: "AKIAOLD", to: "AKIANEW", at },
  });
  const listed = [online("AKIAOLD"), online("AKIANEW")];
  assertEquals(nextAction(done, listed, { now }).kind, "create");
  assertEquals(nextAction(done, [...listed, online("AKIATHIRD")], { now }).kind, "choose");
});

Deno.test("withNext() seals the new key beside the old one, which stays in use", () => {
  const begun = content([old], intention);
  const { state: _, ...made } = fresh;
  const both = withNext(begun, made, now);
  assertEquals(both, {
    version: 1,
    keys: [old, fresh],
    rotation: { step: "switch", from: "AKIAOLD", to: "AKIANEW", at },
  });
  assertEquals(currentKey(both), old);
  assertEquals(withoutNext(both), content([old]));
});

Deno.test("nextAction() changes over to the new key, unless it was deactivated meanwhile", () => {
  const both = withNext(content([old], intention), { ...fresh }, now);
  const action = nextAction(both, [online("AKIAOLD"), online("AKIANEW")], { now });
  assertEquals(action, {
    kind: "switch",
    next: fresh,
    content: {
      version: 1,
      keys: [{ ...fresh, state: "current" }, { ...old, state: "previous" }],
      rotation: { step: "deactivate", from: "AKIAOLD", to: "AKIANEW", at },
    },
  });
  // What was just made may not be listed yet.
  assertEquals(nextAction(both, [online("AKIAOLD")], { now }).kind, "switch");
  const inactive = online("AKIANEW", { isActive: false });
  assertEquals(nextAction(both, [online("AKIAOLD"), inactive], { now }), {
    ...{ kind: "discard-next", accessKeyId: "AKIANEW", content: content([old]) },
  });
});

Deno.test("nextAction() deactivates the old key, keeps it as long as it was said, and deletes it", () => {
  const hour = 3_600_000;
  const switched = content([{ ...fresh, state: "current" }, { ...old, state: "previous" }], {
    ...{ step: "deactivate", from: "AKIAOLD", to: "AKIANEW", at },
  });
  assertEquals(dependsOnList(switched), false);
  const action = nextAction(switched, [], { now, deleteAfterMs: 2 * hour });
  if (action.kind !== "deactivate") throw new Error(action.kind);
  const { content: waiting } = action;
  assertEquals(waiting.rotation, {
    ...{ step: "delete", from: "AKIAOLD", to: "AKIANEW", at },
    deleteAt: "2026-11-28T14:00:00.000Z",
  });
  const kindAt = (ms: number, deleteAfterMs?: number) =>
    nextAction(waiting, [], { now: now + ms, deleteAfterMs }).kind;
  assertEquals([kindAt(2 * hour - 1), kindAt(2 * hour)], ["keep", "delete"]);
  // A later run may say something else.
  assertEquals(kindAt(0, 0), "delete");
  // The time of the first run was STS's, and this machine's clock is behind.
  assertEquals([kindAt(-30_000, 0), kindAt(-30_000, hour)], ["delete", "keep"]);
  assertEquals([kindAt(3 * hour - 1, 3 * hour), kindAt(3 * hour, 3 * hour)], ["keep", "delete"]);
  const last = nextAction(waiting, [], { now: now + 2 * hour });
  assertEquals(last.kind === "delete" && last.content, {
    version: 1,
    keys: [{ ...fresh, state: "current" }],
    rotation: {
      ...{ step: "done", from: "AKIAOLD", to: "AKIANEW", at: "2026-11-28T14:00:00.000Z" },
    },
  });
});

Deno.test("nextAction() deletes at once where nothing is said", () => {
  const switched = content([{ ...fresh, state: "current" }, { ...old, state: "previous" }], {
    ...{ step: "deactivate", from: "AKIAOLD", to: "AKIANEW", at },
  });
  const action = nextAction(switched, [], { now });
  if (action.kind !== "deactivate") throw new Error(action.kind);
  assertEquals(nextAction(action.content, [], { now }).kind, "delete");
});

Deno.test("every step keeps what else is sealed", () => {
  const extra = { ...content([old]), removed: { file: "f" } } as SealedKeys;
  const begun = nextAction(extra, [online("AKIAOLD")], { now });
  if (begun.kind !== "create") throw new Error(begun.kind);
  const both = withNext(begun.content, fresh, now);
  const switched = nextAction(both, [], { now });
  if (switched.kind !== "switch") throw new Error(switched.kind);
  const inactive = nextAction(switched.content, [], { now });
  if (inactive.kind !== "deactivate") throw new Error(inactive.kind);
  const deleted = nextAction(inactive.content, [], { now });
  if (deleted.kind !== "delete") throw new Error(deleted.kind);
  for (const one of [begun.content, both, withoutNext(both), switched.content, deleted.content]) {
    assertEquals("removed" in one, true);
  }
});

Deno.test("currentKey() throws where no key is in use", () => {
  assertThrows(() => currentKey(content([fresh])), RangeError);
});
