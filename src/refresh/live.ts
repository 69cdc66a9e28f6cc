/**
 * The live view: what `generateCredentials` and `generateSessionToken` return. It shows the newest values whenever it is
 * looked at.
 *
 * @module
 */

import {
  type Credentials,
  type CredentialsFields,
  maskCredentials,
  setKey,
} from "../credentials.ts";
import type { StsavalError } from "../errors.ts";
import { CredentialEvent, type CredentialEventType } from "./events.ts";
import { isUsable } from "../schedule.ts";
import { readSlot, type RenewalSlot } from "./renewal_slot.ts";

/** What is known of one profile of a set. */
export interface CredentialStatus {
  /** The name of the profile. */
  readonly profile: string;
  /** The role that is assumed last; undefined for a profile that is only a user. */
  readonly roleArn: string | undefined;
  /** When the credentials were received, by STS's clock. */
  readonly issued: Date;
  /** When they end. */
  readonly expires: Date;
  /** When the next renewal is due; undefined where none is planned. */
  readonly nextRefresh: Date | undefined;
  /** Until when it can be renewed without another MFA code; undefined where no end is set. */
  readonly renewableUntil: Date | undefined;
  /** Why the last renewal failed; undefined when it worked. */
  readonly lastError: StsavalError | undefined;
}

/** What keeps a set fresh. The set starts it, and ends it when it is halted. */
export interface Renewal {
  /** Ends every sleep and every call in flight, and settles when nothing is left. */
  stop(): Promise<void>;
  /** Looks at once whether something is due. */
  nudge(): void;
}

/** What is called when something happens to a set. */
export type CredentialListener = (event: CredentialEvent) => void;

/** The parts of a set. */
export interface CredentialSetParts {
  readonly slots: readonly RenewalSlot[];
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  /** The profiles that failed, where `strict` was false. */
  readonly errors?: ReadonlyMap<string, StsavalError>;
  /** Starts what keeps the set fresh. */
  readonly renew?: ((set: CredentialSet) => Renewal) | undefined;
}

/**
 * A set of credentials, keyed `sts-<profile>`. Reading a key gives the newest credentials of the profile, and throws
 * `ExpiredError` when they have ended. `JSON.stringify` gives all of them in full, `console.log` masks the secrets.
 */
export class CredentialSet extends EventTarget implements AsyncDisposable {
  readonly #slots: readonly RenewalSlot[];
  readonly #now: () => number;
  readonly #errors: ReadonlyMap<string, StsavalError>;
  readonly #renewal: Renewal | undefined;
  #stopped: Promise<void> = Promise.resolve();
  #haltReason: string | undefined;

  /** Made by `StsCore.generateCredentials`. */
  constructor(parts: CredentialSetParts) {
    super();
    this.#slots = parts.slots;
    this.#now = parts.now;
    this.#errors = parts.errors ?? new Map();
    for (const slot of parts.slots) {
      Object.defineProperty(this, setKey(slot.profile), {
        enumerable: true,
        get: () => this.#read(slot),
      });
    }
    this.#renewal = parts.renew?.(this);
  }

  /** What failed, by profile; empty unless `strict: false` was asked for. */
  get errors(): Readonly<Record<string, StsavalError>> {
    return Object.fromEntries(this.#errors);
  }

  /** The credentials that still live, by their keys; those that have ended are left out. */
  usable(): Record<string, Credentials> {
    const living = this.#slots.filter((slot) =>
      slot.credentials.Expiration.getTime() > this.#now()
    );
    return Object.fromEntries(living.map((slot) => [setKey(slot.profile), slot.credentials]));
  }

  /** Why nothing is renewed any more; undefined while the set is not halted. */
  get haltReason(): string | undefined {
    return this.#haltReason;
  }

  /** When each profile was issued, ends and is renewed, and what went wrong last. */
  status(): CredentialStatus[] {
    return this.#slots.map((slot) => ({
      profile: slot.profile,
      roleArn: slot.plan.roles.at(-1)?.roleArn,
      issued: slot.credentials.StartTime,
      expires: slot.credentials.Expiration,
      nextRefresh: slot.nextRefresh === undefined ? undefined : new Date(slot.nextRefresh),
      renewableUntil: slot.endsAt === Infinity ? undefined : new Date(slot.endsAt),
      lastError: slot.lastError,
    }));
  }

  /** Yields the set each time that something in it was renewed, until it is halted. Ten renewals while nobody looked are one change. */
  async *changes(): AsyncGenerator<this, void, void> {
    let changed = false;
    let wake = () => {};
    const onRefresh = () => {
      changed = true;
      wake();
    };
    const onHalt = () => wake();
    this.addEventListener("refresh", onRefresh);
    this.addEventListener("halt", onHalt);
    try {
      while (changed || this.#haltReason === undefined) {
        if (changed) {
          changed = false;
          yield this;
        } else {
          await new Promise<void>((resolve) => wake = resolve);
        }
      }
    } finally {
      this.removeEventListener("refresh", onRefresh);
      this.removeEventListener("halt", onHalt);
    }
  }

  /** Ends every timer and every call in flight at once. Credentials stay readable until they expire. */
  halt(reason = "halt was called"): Promise<void> {
    if (this.#haltReason !== undefined) return this.#stopped;
    this.#haltReason = reason;
    this.#stopped = this.#renewal?.stop() ?? Promise.resolve();
    for (const slot of this.#slots) slot.nextRefresh = undefined;
    this.dispatchEvent(new CredentialEvent("halt", { reason }));
    return this.#stopped;
  }

  /** Halts, and waits until nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt("the set was disposed");
  }

  /** Calls the listener for every event of that type. */
  override addEventListener(
    type: CredentialEventType,
    listener: CredentialListener | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** As every event target's. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: CredentialListener | EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    // Every event that this target dispatches is a CredentialEvent, so its listeners are given nothing else.
    super.addEventListener(type, listener as EventListener | null, options);
  }

  /** Takes a listener back. */
  override removeEventListener(
    type: CredentialEventType,
    listener: CredentialListener | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /** As every event target's. */
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: CredentialListener | EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener as EventListener | null, options);
  }

  /**
   * Every credential in full, by its key; also what `JSON.stringify` gives.
   *
   * @throws {ExpiredError} when one of them has ended
   */
  toJSON(): Record<string, Credentials> {
    return Object.fromEntries(this.#slots.map((slot) => [setKey(slot.profile), this.#read(slot)]));
  }

  /** What `console.log` and `Deno.inspect` show under Deno. */
  [Symbol.for("Deno.customInspect")](
    inspect: (value: unknown, options?: unknown) => string,
    options?: unknown,
  ): string {
    return `CredentialSet ${inspect(this.#masked(), options)}`;
  }

  /** What `console.log` and `util.inspect` show under Node. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options?: unknown) => string,
  ): string {
    return `CredentialSet ${inspect(this.#masked(), options)}`;
  }

  #read(slot: RenewalSlot): Credentials {
    const now = this.#now();
    if (!isUsable(slot.credentials, now)) this.#renewal?.nudge();
    return readSlot(slot, now, this.#haltReason);
  }

  #masked(): Record<string, CredentialsFields> {
    return Object.fromEntries(
      this.#slots.map((slot) => [setKey(slot.profile), maskCredentials(slot.credentials)]),
    );
  }
}

/** A {@linkcode CredentialSet} whose keys the compiler knows: `sts-` and each profile asked for. */
export type LiveCredentials<Name extends string = string> =
  & CredentialSet
  & { readonly [Key in `sts-${Name}`]: Credentials };
