/**
 * The session tokens of instance metadata: who can send a PUT gets one.
 *
 * @module
 */

import type { Clock, Random } from "../system.ts";
import { createSecret, type Secret } from "./secret.ts";

/** How long a token may live, in seconds, as AWS's own service has it. */
const longestSeconds = 21_600;

/**
 * The tokens that are valid now. Those that end in the same second are one token: there are never more than a token may
 * live seconds, however many are asked for, so that each can stay valid for as long as it was promised.
 */
export class MetadataTokens {
  readonly #clock: Pick<Clock, "now">;
  readonly #random: Pick<Random, "bytes">;
  /** By the second since 1970 in which they end. */
  readonly #secrets = new Map<number, Secret>();
  #tidied = -Infinity;

  /** Without any. */
  constructor({ clock, random }: { clock: Pick<Clock, "now">; random: Pick<Random, "bytes"> }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A token for that many seconds, as text; undefined if it is no number from 1 to 21600. */
  issue(seconds: string | null): string | undefined {
    const count = seconds !== null && /^\d{1,5}$/.test(seconds) ? Number(seconds) : 0;
    if (count < 1 || count > longestSeconds) return undefined;
    const ends = Math.ceil(this.#clock.now() / 1_000) + count;
    const secret = this.#secrets.get(ends) ?? createSecret(this.#random);
    this.#secrets.set(ends, secret);
    this.#tidy();
    return `${ends}.${secret.text}`;
  }

  /** Whether a token is valid. Its secret is compared in constant time. */
  accepts(text: string | null): boolean {
    const [, ends, shown] = /^(\d{1,12})\.(.+)$/.exec(text ?? "") ?? [];
    if (ends === undefined || Number(ends) * 1_000 <= this.#clock.now()) return false;
    return this.#secrets.get(Number(ends))?.matches(shown) ?? false;
  }

  /** Removes those that have ended, at most once in a second. */
  #tidy(): void {
    const now = Math.floor(this.#clock.now() / 1_000);
    if (now === this.#tidied) return;
    this.#tidied = now;
    for (const ends of this.#secrets.keys()) if (ends <= now) this.#secrets.delete(ends);
  }
}
