/**
 * Carries out a rotation: step after step, each sealed before the next, so that a run that was broken off is gone on with.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { SourceError, StsavalError, UsageError } from "../../errors.ts";
import type { NewKey } from "../../source/iam/change_keys.ts";
import { IamRefusal } from "../../source/iam/query.ts";
import type { SealedKey, SealedKeys } from "../../store/port.ts";
import {
  currentKey,
  dependsOnList,
  nextAction,
  type OnlineKey,
  type RotationAction,
  withNext,
  withoutNext,
} from "../../store/rotation.ts";
import type { Clock } from "../../system.ts";
import type { IamKeys } from "./iam_keys.ts";
import { OnlineKeys } from "./online_keys.ts";
import { decideAboutOther, type DecisionPorts, tail } from "./two_keys.ts";
import { untilTaken } from "./until_taken.ts";

/** What a rotation works with. */
export interface RotationPorts extends Pick<DecisionPorts, "confirm" | "tell"> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly store: {
    read(): Promise<SealedKeys>;
    write(content: SealedKeys): Promise<void>;
  };
  /** The user's keys in IAM, in a session with MFA, or with the key in use. Called once for each key in use. */
  readonly connect: (current: AccessKeys) => Promise<{ iam: IamKeys; userName: string }>;
  /** `sts:GetCallerIdentity`: the ARN. */
  readonly identify: (keys: AccessKeys) => Promise<string>;
}

/** What is asked for. */
export interface RotationOptions {
  /** How long the old key stays, deactivated, in milliseconds; undefined: as an earlier run said, or not at all. */
  readonly deleteAfterMs?: number | undefined;
  /** The id, or its last characters, of a second key that may be deleted. */
  readonly deleteKey?: string | undefined;
}

/** How it ended. */
export interface RotationResult {
  /** The id of the key in use. */
  readonly inUse: string;
  /** The id of the key that was in use before; undefined where nothing was changed. */
  readonly old?: string | undefined;
  /** When the old key may be deleted, in milliseconds since 1970, where it was not yet. */
  readonly keptUntil?: number | undefined;
}

/** Without a response it is not known whether a key was made: then the list says it. */
const mostCreations = 3;
const shortWaitMs = 2_000;

/** Rotates the sealed key, or goes on with a rotation that was begun. */
export async function rotate(
  ports: RotationPorts,
  options: RotationOptions,
): Promise<RotationResult> {
  return await new Rotation(ports, options, await ports.store.read()).run();
}

class Rotation {
  readonly #ports: RotationPorts;
  readonly #options: RotationOptions;
  readonly #online: OnlineKeys;
  #content: SealedKeys;
  #connected: { readonly to: string; readonly iam: IamKeys; readonly userName: string } | undefined;
  #creations = 0;

  constructor(ports: RotationPorts, options: RotationOptions, content: SealedKeys) {
    this.#ports = ports;
    this.#options = options;
    this.#content = content;
    this.#online = new OnlineKeys(ports, async () => (await this.#connect()).iam);
  }

  async run(): Promise<RotationResult> {
    this.#checkNamed();
    while (true) {
      const facts = { now: this.#ports.clock.now(), ...this.#options };
      const listed = dependsOnList(this.#content) ? await this.#online.list() : [];
      const action = nextAction(this.#content, listed, facts);
      const end = await this.#carryOut(action, listed);
      if (end !== undefined) return end;
    }
  }

  /** @throws {UsageError} when --delete-key names a key that is in the store */
  #checkNamed(): void {
    const { deleteKey } = this.#options;
    if (deleteKey === undefined) return;
    const own = this.#content.keys.find(({ accessKeyId }) => accessKeyId.endsWith(deleteKey));
    if (own === undefined || own.state === "previous") return;
    throw new UsageError(
      `Cannot delete ${tail(own.accessKeyId)}: it is the key in the store, wanted the other one`,
      { hint: "leave out --delete-key: the key in use is deleted once a new one has replaced it" },
    );
  }

  async #carryOut(
    action: RotationAction,
    listed: readonly OnlineKey[],
  ): Promise<RotationResult | undefined> {
    switch (action.kind) {
      case "missing":
        return await this.#waitFor(action.accessKeyId);
      case "choose":
        return await this.#choose(action.other, listed);
      case "discard-lost":
        return await this.#discardLost(action.other, listed);
      case "discard-next":
        return await this.#discardNext(action.accessKeyId, action.content);
      case "create":
        return await this.#create(action.content);
      case "switch":
        return await this.#switch(action.next, action.content);
      case "deactivate":
        return await this.#deactivate(action.previous, action.content);
      case "keep":
        return this.#result(action.previous.accessKeyId, action.until);
      case "delete":
        return await this.#delete(action.previous, action.content);
    }
  }

  async #choose(
    other: OnlineKey,
    listed: readonly OnlineKey[],
  ): Promise<RotationResult | undefined> {
    const { iam, userName } = await this.#connect();
    const { accessKeyId } = currentKey(this.#content);
    const current = listed.find((key) => key.accessKeyId === accessKeyId);
    if (current === undefined) return await this.#waitFor(accessKeyId);
    const { tell, confirm } = this.#ports;
    const named = this.#options.deleteKey;
    const isWanted = await decideAboutOther(
      { iam, tell, confirm, named },
      { userName, current, other },
    );
    if (!isWanted) return { inUse: accessKeyId };
    await this.#online.delete(other.accessKeyId);
    tell(`Deleted ${tail(other.accessKeyId)}\n`);
    return undefined;
  }

  /** A key whose secret was lost was never used: if it was, it is another one. */
  async #discardLost(
    other: OnlineKey,
    listed: readonly OnlineKey[],
  ): Promise<RotationResult | undefined> {
    const { iam } = await this.#connect();
    const isUnused = await iam.lastUse(other.accessKeyId).then(
      (use) => use === undefined,
      isRefused,
    );
    if (!isUnused) return await this.#choose(other, listed);
    this.#ports.tell(
      `Access key ${
        tail(other.accessKeyId)
      } was made by a rotation that was broken off, and its secret is ` +
        "lost: it was never used, and is deleted\n",
    );
    await this.#online.delete(other.accessKeyId);
    return undefined;
  }

  async #discardNext(accessKeyId: string, content: SealedKeys): Promise<undefined> {
    this.#ports.tell(
      `The new access key ${
        tail(accessKeyId)
      } was deactivated or deleted before it came into use: another ` +
        "one is made\n",
    );
    await this.#online.delete(accessKeyId);
    await this.#seal(content);
  }

  async #create(intention: SealedKeys): Promise<undefined> {
    await this.#seal(intention);
    const made = await this.#make();
    if (made === undefined) return;
    const { accessKeyId, secretAccessKey, created } = made;
    const key = { accessKeyId, secretAccessKey, created: new Date(created).toISOString() };
    await this.#seal(withNext(this.#content, key, this.#ports.clock.now()));
    this.#ports.tell(`Made access key ${tail(accessKeyId)}, and sealed it beside the old one\n`);
  }

  /** Undefined where it is not known whether a key was made, or the list does not show why none could be. */
  async #make(): Promise<NewKey | undefined> {
    const { iam } = await this.#connect();
    this.#creations++;
    try {
      return await iam.create();
    } catch (error) {
      const isFinal = this.#creations >= mostCreations;
      const isLate = error instanceof IamRefusal && error.refusal === "LimitExceeded";
      const isLost = error instanceof SourceError && error.code === "SOURCE_UNREACHABLE";
      if (isFinal || !(isLate || isLost)) throw error;
      // A key that was made shows in the list, sooner or later.
      await this.#online.listUntil((keys) => keys.length > 1, isLate ? undefined : shortWaitMs);
      return undefined;
    }
  }

  async #switch(next: SealedKey, content: SealedKeys): Promise<undefined> {
    const { tell } = this.#ports;
    const id = tail(next.accessKeyId);
    const taken = await untilTaken(this.#ports, next);
    if (taken === "nowhere") return await this.#notTaken(next);
    if (taken === "here and there") {
      tell(`STS does not take ${id} everywhere after 60 seconds: going on, since it will soon\n`);
    }
    await this.#seal(content);
    tell(`Access key ${id} is in use from now on\n`);
  }

  async #notTaken({ accessKeyId }: SealedKey): Promise<undefined> {
    const id = tail(accessKeyId);
    const listed = await this.#online.list();
    if (!listed.some((key) => key.accessKeyId === accessKeyId) && this.#creations === 0) {
      return await this.#discardNext(accessKeyId, withoutNext(this.#content));
    }
    throw new StsavalError(
      "STS_REFUSED",
      `Cannot change over to access key ${id}: STS does not take it after 60 seconds`,
      { hint: "the old key is still in use; run the command again, which goes on from here" },
    );
  }

  async #deactivate(previous: SealedKey, content: SealedKeys): Promise<undefined> {
    const { iam } = await this.#connect();
    await iam.deactivate(previous.accessKeyId);
    await this.#seal(content);
    this.#ports.tell(`Deactivated ${tail(previous.accessKeyId)}\n`);
  }

  async #delete(previous: SealedKey, content: SealedKeys): Promise<RotationResult> {
    await this.#online.delete(previous.accessKeyId);
    await this.#seal(content);
    return this.#result(previous.accessKeyId);
  }

  async #seal(content: SealedKeys): Promise<void> {
    await this.#ports.store.write(content);
    this.#content = content;
  }

  async #connect() {
    const current = currentKey(this.#content);
    const { accessKeyId: to } = current;
    if (this.#connected?.to !== to) {
      this.#connected = { to, ...await this.#ports.connect(current) };
    }
    return this.#connected;
  }

  /** @throws {StsavalError} when the key in use is not listed, however long it is waited for */
  async #waitFor(accessKeyId: string): Promise<undefined> {
    const isShown = (keys: readonly OnlineKey[]) =>
      keys.some((key) => key.accessKeyId === accessKeyId);
    if (await this.#online.listUntil(isShown)) return undefined;
    const { userName } = await this.#connect();
    throw new StsavalError(
      "FAILED",
      `Cannot rotate access key ${
        tail(accessKeyId)
      }: IAM does not list it among the keys of user "${userName}"`,
      { hint: "compare the user's keys in IAM with 'stsaval keys list'" },
    );
  }

  #result(old: string, keptUntil?: number): RotationResult {
    const { accessKeyId: inUse } = currentKey(this.#content);
    return { inUse, old, keptUntil };
  }
}

/** Without the right to know when a key was used, it is not known that it never was. */
function isRefused(error: unknown): false {
  if (error instanceof IamRefusal) return false;
  throw error;
}
