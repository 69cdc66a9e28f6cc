/**
 * Credentials that stay fresh for as long as a server runs, one set after the other: the next one is made, with the next
 * code, while the last one is still served.
 *
 * @module
 */

import { sessionSeconds } from "../../config/limits.ts";
import { Credentials } from "../../credentials.ts";
import { parseDuration } from "../../duration.ts";
import { MfaError, StsavalError, StsError, StsUnreachableError } from "../../errors.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import { refreshWindow } from "../../schedule.ts";
import { keyFinder, rolesOf, type ServedCredentials } from "../../server/served_credentials.ts";
import type { StsCore } from "../../session/core.ts";
import type { MfaCodeOption } from "../../session/mfa.ts";
import type { Invocation } from "../command.ts";
import { mfaCodeOption, openCore } from "../context.ts";

/** How long a session token is asked for where no lifetime is given; the next one follows it. */
const defaultLifetime = "8h";
/** In slices, as the refresher sleeps: laptops sleep too. */
const longestSleepMs = 60_000;
/** How soon the next set is tried again: a login in another terminal may have got a session token. */
const againMs = 30_000;
/** A session token that was made for a lifetime may end some seconds before it. */
const toleranceMs = 30_000;

/** How a set is kept. */
export interface KeeperOptions {
  readonly names: readonly string[];
  /** Where the codes after the first come from. */
  readonly nextCode: MfaCodeOption;
  /** What a program is told that asks while a code is awaited. */
  readonly whereAwaited: string;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** What `openCore` takes. */
  readonly coreSettings?: Parameters<typeof openCore>[1];
  /** Called with each set that is served from now on. */
  onSet?(set: CredentialSet): void;
  /** Called, once for each time, when the next set could not be made; it is tried again. */
  onFailure?(error: StsavalError): void;
  /** Called when a code that was asked for early could not be had: the last set stays. */
  onKept?(): void;
}

interface Made {
  readonly core: StsCore;
  readonly set: CredentialSet;
}

/** Keeps the credentials of profiles fresh. */
export class SetKeeper implements AsyncDisposable {
  readonly #invocation: Invocation;
  readonly #options: KeeperOptions;
  readonly #end: number;
  readonly #keyOf: (profile: string) => string;
  #made: Made;
  #lead = 0;
  #isAwaiting = false;
  /** Aborts when a new code is asked for before it is needed. */
  #asked = new AbortController();
  #ended: string | undefined;

  /** What a server serves: the newest set, whichever that is. */
  readonly served: ServedCredentials;

  private constructor(invocation: Invocation, options: KeeperOptions, made: Made) {
    this.#invocation = invocation;
    this.#options = options;
    this.#made = made;
    const lifetime = invocation.arguments.text("lifetime");
    this.#end = lifetime === undefined
      ? Infinity
      : invocation.system.clock.now() + parseDuration(lifetime) * 1_000;
    const ended = () => this.#ended;
    const roles = rolesOf(made.set);
    this.#keyOf = keyFinder(roles);
    this.served = {
      roles,
      get ended() {
        return ended();
      },
      read: (profile) => this.#read(profile),
    };
    this.#take(made);
  }

  /**
   * Gets the first set, with the code that the command line gives.
   *
   * @throws {StsavalError} when that fails
   */
  static async open(invocation: Invocation, options: KeeperOptions): Promise<SetKeeper> {
    const core = await openCore(invocation, options.coreSettings);
    try {
      const set = await core.generateCredentials(options.names, {
        lifetime: invocation.arguments.text("lifetime"),
        defaultLifetime,
        mfaCode: mfaCodeOption(invocation),
        signal: options.signal,
      });
      return new SetKeeper(invocation, options, { core, set });
    } catch (error) {
      await core[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Gets the next set now, with a new code. Where there is none, the last one stays. */
  askForCode(): void {
    this.#asked.abort();
  }

  /** Renews until the lifetime ends, if one was given, or until the signal aborts. */
  async run(): Promise<void> {
    const { clock } = this.#invocation.system;
    while (!this.#options.signal.aborted) {
      await this.#untilDue();
      if (this.#options.signal.aborted || this.#end - clock.now() <= toleranceMs) break;
      const isEarly = this.#asked.signal.aborted;
      this.#asked = new AbortController();
      const next = isEarly ? await this.#tryNext() : await this.#next();
      if (next === undefined && isEarly) continue;
      if (next === undefined) break;
      const last = this.#made;
      this.#take(next);
      await last.core[Symbol.asyncDispose]();
      // What ends at once must not be made again at once.
      if (next.set.haltReason !== undefined) await this.#pause();
    }
    this.#ended = this.#made.set.haltReason ?? "the lifetime has ended";
  }

  /** Stops every timer and every call. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#made.core[Symbol.asyncDispose]();
  }

  #take(made: Made): void {
    this.#made = made;
    // A code is asked for early enough: what is served while it is awaited stays valid for that long.
    const left = made.set.codeNeededIn();
    this.#lead = left === Infinity ? 0 : refreshWindow(left);
    this.#options.onSet?.(made.set);
  }

  #read(profile: string): Credentials {
    const { set } = this.#made;
    // Read by any name: a set of known names is typed by these alone.
    const all: { readonly [key: string]: unknown } = set as never;
    try {
      // The getter of a profile's key gives credentials, or throws; a profile that failed has none.
      const credentials = all[this.#keyOf(profile)];
      if (credentials instanceof Credentials) return credentials;
    } catch (error) {
      if (!this.#isAwaiting || !(error instanceof StsavalError)) throw error;
      throw new MfaError(
        `The credentials of profile "${profile}" have expired, and an MFA code is awaited`,
        { hint: this.#options.whereAwaited, cause: error },
      );
    }
    // Not by its name alone: every object has a "constructor".
    if (Object.hasOwn(set.errors, profile)) throw set.errors[profile];
    throw new StsavalError("FAILED", `The set does not hold profile "${profile}"`);
  }

  /** Waits until a code is needed soon, or nothing is renewed any longer. */
  async #untilDue(): Promise<void> {
    const { clock } = this.#invocation.system;
    const { set } = this.#made;
    const halted = new AbortController();
    set.addEventListener("halt", () => halted.abort());
    const signal = AbortSignal.any([halted.signal, this.#options.signal, this.#asked.signal]);
    while (set.haltReason === undefined && !signal.aborted) {
      const left = set.codeNeededIn() - this.#lead;
      if (left <= 0) return;
      await clock.sleep(Math.min(left, longestSleepMs), { signal }).catch(() => {});
    }
  }

  /** Tries until there is one; undefined if the signal aborts before. */
  async #next(): Promise<Made | undefined> {
    const { signal, onFailure } = this.#options;
    let told: string | undefined;
    this.#isAwaiting = true;
    while (!signal.aborted) {
      try {
        const made = await this.#make();
        this.#isAwaiting = false;
        return made;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof StsavalError)) throw error;
        if (told !== error.message) onFailure?.(error);
        told = error.message;
        await this.#pause();
      }
    }
    return undefined;
  }

  /** Tries once; the last set is served meanwhile, and after a failure. */
  async #tryNext(): Promise<Made | undefined> {
    try {
      return await this.#make({ renew: true });
    } catch (error) {
      if (this.#options.signal.aborted) return undefined;
      if (!(error instanceof StsavalError) || error.code === "INTERRUPTED") throw error;
      this.#options.onFailure?.(error);
      this.#options.onKept?.();
      return undefined;
    }
  }

  async #pause(): Promise<void> {
    const { signal } = this.#options;
    await this.#invocation.system.clock.sleep(againMs, { signal }).catch(() => {});
  }

  async #make({ renew = false } = {}): Promise<Made> {
    const { coreSettings, names, nextCode, signal } = this.#options;
    const core = await openCore(this.#invocation, coreSettings);
    try {
      const set: CredentialSet = await core.generateCredentials(names, {
        lifetime: this.#lifetimeLeft(),
        defaultLifetime,
        mfaCode: nextCode,
        // A session token that STS rejects is still in the cache.
        renew: renew ||
          this.#made.set.status().some(({ lastError }) => lastError instanceof StsError),
        strict: false,
        signal,
      });
      checkComplete(set);
      return { core, set };
    } catch (error) {
      await core[Symbol.asyncDispose]();
      throw error;
    }
  }

  #lifetimeLeft(): string | undefined {
    if (this.#end === Infinity) return undefined;
    const left = Math.round((this.#end - this.#invocation.system.clock.now()) / 1_000);
    return `${Math.max(sessionSeconds.min, left)}s`;
  }
}

/** One profile that AWS refuses stops no other; what may be had later is waited for, since the last set still has it. */
function checkComplete(set: CredentialSet): void {
  const errors = Object.values(set.errors);
  const later = errors.find((error) =>
    error instanceof MfaError || error instanceof StsUnreachableError ||
    error.code === "SIGN_IN_NEEDED" || error.code === "SOURCE_UNREACHABLE"
  );
  const failure = later ?? (set.status().length === 0 ? errors[0] : undefined);
  if (failure !== undefined) throw failure;
}
