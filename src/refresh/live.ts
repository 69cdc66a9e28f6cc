/**
 * The live view that `generateCredentials` and `generateSessionToken` return. Every read returns the newest values.
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
import { type Logger, silentLogger } from "../logger.ts";
import { CredentialEvent, type CredentialEventType } from "./events.ts";
import { SafeListeners } from "./listeners.ts";
import { isUsable } from "../schedule.ts";
import { readSlot, type RenewalSlot } from "./renewal_slot.ts";
import { createSdkProvider, type SdkCredentialProvider } from "./sdk_provider.ts";

/** The status of one profile of a set. */
export interface CredentialStatus {
  /** The name of the profile. */
  readonly profile: string;
  /** The last role of the chain; undefined for a profile without a role. */
  readonly roleArn: string | undefined;
  /** When the credentials were received, by STS's clock. */
  readonly issued: Date;
  /** When they expire. */
  readonly expires: Date;
  /** When the next renewal is due; undefined if none is scheduled. */
  readonly nextRefresh: Date | undefined;
  /** Until when it can be renewed without another MFA code; undefined if there is no limit. */
  readonly renewableUntil: Date | undefined;
  /** Why the last renewal failed; undefined if it succeeded. */
  readonly lastError: StsavalError | undefined;
}

/** Keeps a set fresh. The set starts it, and stops it when it is halted. */
export interface Renewal {
  /** Aborts every sleep and every call in flight, and settles when all have finished. */
  stop(): Promise<void>;
  /** Checks immediately whether something is due. */
  nudge(): void;
  /** Makes everything due now, as fast as the ceiling of calls allows. */
  renewNow(): void;
}

/** A listener for the events of a set. */
export type CredentialListener = (event: CredentialEvent) => void;

/** The parts of a set. */
export interface CredentialSetParts {
  readonly slots: readonly RenewalSlot[];
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  /** The profiles that failed, where `strict` was false. */
  readonly errors?: ReadonlyMap<string, StsavalError>;
  /** Receives the failures of listeners. */
  readonly logger?: Logger | undefined;
  /** Starts the renewal of the set. */
  readonly renew?: ((set: CredentialSet) => Renewal) | undefined;
}

/**
 * A set of credentials, keyed `sts-<profile>`. Reading a key returns the newest credentials of the profile, and throws
 * `ExpiredError` if they have expired. `JSON.stringify` gives all of them in full, `console.log` masks the secrets.
 */
export class CredentialSet extends EventTarget implements AsyncDisposable {
  readonly #slots: readonly RenewalSlot[];
  readonly #now: () => number;
  readonly #errors: ReadonlyMap<string, StsavalError>;
  readonly #renewal: Renewal | undefined;
  readonly #listeners: SafeListeners;
  #stopped: Promise<void> = Promise.resolve();
  #haltReason: string | undefined;

  /** Created by `StsCore.generateCredentials`. */
  constructor(parts: CredentialSetParts) {
    super();
    this.#slots = parts.slots;
    this.#now = parts.now;
    this.#errors = parts.errors ?? new Map();
    this.#listeners = new SafeListeners(parts.logger ?? silentLogger);
    for (const slot of parts.slots) {
      Object.defineProperty(this, setKey(slot.profile), {
        enumerable: true,
        get: () => this.#read(slot),
      });
    }
    this.#renewal = parts.renew?.(this);
  }

  /** The errors by profile; empty unless `strict` was false. */
  get errors(): Readonly<Record<string, StsavalError>> {
    return Object.fromEntries(this.#errors);
  }

  /** The credentials that have not expired, by key. */
  usable(): Record<string, Credentials> {
    const valid = this.#slots.filter((slot) => slot.credentials.Expiration.getTime() > this.#now());
    return Object.fromEntries(valid.map((slot) => [setKey(slot.profile), slot.credentials]));
  }

  /** Why the set was halted; undefined while it is not. */
  get haltReason(): string | undefined {
    return this.#haltReason;
  }

  /** Issue time, expiration, next renewal and last error of each profile. */
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

  /**
   * Milliseconds, by STS's clock, until one of the profiles needs another MFA code to go on; 0 or less once it does;
   * Infinity if the lifetime ends first, or no code is involved.
   */
  codeNeededIn(): number {
    const bound = this.#slots.filter(({ endsWithCode }) => endsWithCode);
    return bound.reduce((least, { endsAt }) => Math.min(least, endsAt), Infinity) - this.#now();
  }

  /**
   * The credentials of a profile for a client of the AWS SDK for JavaScript: always the newest, with their expiration.
   *
   * @throws {UsageError} when the set does not hold the profile
   */
  provider(profile: string): SdkCredentialProvider {
    return createSdkProvider(profile, this.#slots, (slot) => this.#read(slot));
  }

  /** Yields the set after each renewal, until it is halted. Renewals between two reads are coalesced into one. */
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

  /**
   * Renews every profile now, as far as that needs no MFA code, and no faster than renewals are made at all. The events
   * say how that ends. Does nothing once the set is halted, or if it is not renewed in the background.
   */
  renewNow(): void {
    if (this.#haltReason === undefined) this.#renewal?.renewNow();
  }

  /** Stops every timer and every call in flight at once. Credentials stay readable until they expire. */
  halt(reason = "halt was called"): Promise<void> {
    if (this.#haltReason !== undefined) return this.#stopped;
    this.#haltReason = reason;
    this.#stopped = this.#renewal?.stop() ?? Promise.resolve();
    for (const slot of this.#slots) slot.nextRefresh = undefined;
    this.dispatchEvent(new CredentialEvent("halt", { reason }));
    return this.#stopped;
  }

  /** Halts, and waits until everything has stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt("the set was disposed");
  }

  /** Calls the listener for every event of that type. One that fails is logged, and keeps the event from no other. */
  override addEventListener(
    type: CredentialEventType,
    listener: CredentialListener | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** As for any event target. */
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
    // Every event that this target dispatches is a CredentialEvent, so its listeners receive nothing else.
    super.addEventListener(type, this.#listeners.wrap(listener as EventListener | null), options);
  }

  /** Removes a listener. */
  override removeEventListener(
    type: CredentialEventType,
    listener: CredentialListener | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /** As for any event target. */
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
    super.removeEventListener(
      type,
      this.#listeners.wrap(listener as EventListener | null),
      options,
    );
  }

  /**
   * Every credential in full, by its key; also used by `JSON.stringify`.
   *
   * @throws {ExpiredError} when one of them has expired
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
    if (isUsable(slot.credentials, now)) return slot.credentials;
    this.#renewal?.nudge();
    return readSlot(slot, now, this.#haltReason);
  }

  #masked(): Record<string, CredentialsFields> {
    return Object.fromEntries(
      this.#slots.map((slot) => [setKey(slot.profile), maskCredentials(slot.credentials)]),
    );
  }
}

/**
 * A {@linkcode CredentialSet} whose keys are typed: `sts-` and each requested profile; every other key is undefined. A
 * set of known names can be used wherever a set of any names is wanted, in which every key may be undefined.
 */
export type LiveCredentials<Name extends string = string> =
  & CredentialSet
  & (string extends Name ? { readonly [key: `sts-${string}`]: Credentials | undefined }
    :
      & { readonly [Key in `sts-${Name}`]: Credentials }
      & { readonly [key: `sts-${string}`]: undefined });
