/**
 * The rotation of a user's long-term key, as steps over plain data: what is sealed and what IAM lists in, the next step
 * out. Each step can be repeated, so that a rotation that was broken off goes on where it was.
 *
 * @module
 */

import type { RotationProgress, SealedKey, SealedKeys } from "./port.ts";

/** A key of the user as IAM lists it. */
export interface OnlineKey {
  readonly accessKeyId: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly isActive: boolean;
}

/** What is to be done next. */
export type RotationAction =
  /** The key in use is not listed: wait, since lists may lag; else it is another user's. */
  | { readonly kind: "missing"; readonly accessKeyId: string }
  /** The user has another key, and AWS allows no third: a person decides. */
  | { readonly kind: "choose"; readonly other: OnlineKey }
  /** A key that this rotation made, whose secret was lost before it could be sealed. It must never have been used. */
  | { readonly kind: "discard-lost"; readonly other: OnlineKey; readonly content: SealedKeys }
  /** The new key was deleted or deactivated by another hand before it came into use. */
  | { readonly kind: "discard-next"; readonly accessKeyId: string; readonly content: SealedKeys }
  /** Seal the intention, then make a key. */
  | { readonly kind: "create"; readonly content: SealedKeys }
  /** Wait until STS takes the new key, then seal that it is the one in use. */
  | { readonly kind: "switch"; readonly next: SealedKey; readonly content: SealedKeys }
  /** Deactivate the old key, then seal that. */
  | { readonly kind: "deactivate"; readonly previous: SealedKey; readonly content: SealedKeys }
  /** The old key stays, deactivated, until that moment. */
  | { readonly kind: "keep"; readonly previous: SealedKey; readonly until: number }
  /** Delete the old key, then seal that. */
  | { readonly kind: "delete"; readonly previous: SealedKey; readonly content: SealedKeys };

/** What decides about the next step. */
export interface RotationFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long the old key stays, deactivated, in milliseconds; undefined: as long as the run that deactivated it said. */
  readonly deleteAfterMs?: number | undefined;
}

/** How far IAM's clock may be behind the one that noted an intention; lists lag by less than that too. */
const clockSlackMs = 300_000;
/** How long after it a key can have been made: a call lasts seconds. */
const callMs = 600_000;

/** True where the next step depends on what IAM lists: not once the new key is in use. */
export function dependsOnList(content: SealedKeys): boolean {
  return keyIn(content, "previous") === undefined;
}

/** The next step. The content in it is what is to be sealed: before a key is made, and after everything else. */
export function nextAction(
  content: SealedKeys,
  listed: readonly OnlineKey[],
  facts: RotationFacts,
): RotationAction {
  const previous = keyIn(content, "previous");
  if (previous !== undefined) return retire(content, previous, facts);
  const next = keyIn(content, "next");
  if (next !== undefined) return putToUse(content, next, listed, facts);
  const current = currentKey(content);
  if (!listed.some(({ accessKeyId }) => accessKeyId === current.accessKeyId)) {
    return { kind: "missing", accessKeyId: current.accessKeyId };
  }
  return make(content, current, listed, facts);
}

function make(
  content: SealedKeys,
  current: SealedKey,
  listed: readonly OnlineKey[],
  { now }: RotationFacts,
): RotationAction {
  const { rotation } = content;
  // What the last rotation deleted may be listed for a while.
  const retired = rotation?.step === "done" ? rotation.from : undefined;
  const other = listed.find(({ accessKeyId }) =>
    accessKeyId !== current.accessKeyId && accessKeyId !== retired
  );
  const intended = rotation?.step === "create" ? rotation : undefined;
  if (other !== undefined) {
    return intended !== undefined && isMadeAt(other, Date.parse(intended.at))
      ? { kind: "discard-lost", other, content }
      : { kind: "choose", other };
  }
  const step: RotationProgress = {
    ...{ step: "create", from: current.accessKeyId, at: isoTime(now) },
  };
  return { kind: "create", content: { ...content, rotation: step } };
}

function isMadeAt({ created }: OnlineKey, intended: number): boolean {
  return created >= intended - clockSlackMs && created <= intended + callMs;
}

function putToUse(
  content: SealedKeys,
  next: SealedKey,
  listed: readonly OnlineKey[],
  { now }: RotationFacts,
): RotationAction {
  const { accessKeyId } = next;
  const online = listed.find((key) => key.accessKeyId === accessKeyId);
  if (online?.isActive === false) {
    return { kind: "discard-next", accessKeyId, content: withoutNext(content) };
  }
  const from = currentKey(content);
  return {
    kind: "switch",
    next,
    content: {
      ...content,
      keys: [{ ...next, state: "current" }, { ...from, state: "previous" }],
      rotation: {
        step: "deactivate",
        ...{ from: from.accessKeyId, to: accessKeyId, at: isoTime(now) },
      },
    },
  };
}

function retire(
  content: SealedKeys,
  previous: SealedKey,
  { now, deleteAfterMs }: RotationFacts,
): RotationAction {
  const { rotation } = content;
  const to = currentKey(content).accessKeyId;
  const names = { from: previous.accessKeyId, to };
  if (rotation?.step !== "delete") {
    const deleteAt = isoTime(now + (deleteAfterMs ?? 0));
    const after: RotationProgress = { step: "delete", ...names, at: isoTime(now), deleteAt };
    return { kind: "deactivate", previous, content: { ...content, rotation: after } };
  }
  // The time was STS's then; this machine's clock may be behind it.
  const since = Math.min(Date.parse(rotation.at), now);
  const until = deleteAfterMs === undefined
    ? Date.parse(rotation.deleteAt ?? rotation.at)
    : since + deleteAfterMs;
  if (now < until) return { kind: "keep", previous, until };
  const keys = content.keys.filter(({ state }) => state !== "previous");
  const done: RotationProgress = { step: "done", ...names, at: isoTime(now) };
  return { kind: "delete", previous, content: { ...content, keys, rotation: done } };
}

/** The content once a key was made, beside the one in use. */
export function withNext(
  content: SealedKeys,
  made: Omit<SealedKey, "state">,
  now: number,
): SealedKeys {
  return {
    ...content,
    keys: [...content.keys, { ...made, state: "next" }],
    rotation: {
      step: "switch",
      from: currentKey(content).accessKeyId,
      to: made.accessKeyId,
      at: isoTime(now),
    },
  };
}

/** The content without the new key: the rotation begins again. */
export function withoutNext(content: SealedKeys): SealedKeys {
  const { rotation: _, ...rest } = content;
  return { ...rest, keys: content.keys.filter(({ state }) => state !== "next") };
}

/**
 * The key in use.
 *
 * @throws {RangeError} where there is none: no store seals such a content
 */
export function currentKey(content: SealedKeys): SealedKey {
  const found = keyIn(content, "current");
  if (found === undefined) throw new RangeError("the sealed content has no current key");
  return found;
}

function keyIn({ keys }: SealedKeys, state: SealedKey["state"]): SealedKey | undefined {
  return keys.find((key) => key.state === state);
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
