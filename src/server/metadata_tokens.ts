/**
 * The session tokens of instance metadata: who can send a PUT gets one.
 *
 * @module
 */

import type { Clock, Random } from "../system.ts";
import { createSecret, type Secret } from "./secret.ts";

/** How long a token may live, in seconds, as AWS's own service has it. */
const longestSeconds = 21_600;
/** More than any program needs; beyond it the one that ends first goes, so that no program can fill the memory. */
const mostTokens = 256;

/** The tokens that are valid now. */
export class MetadataTokens {
  readonly #clock: Pick<Clock, "now">;
  readonly #random: Pick<Random, "bytes">;
  #tokens: { readonly secret: Secret; readonly ends: number }[] = [];

  /** Without any. */
  constructor({ clock, random }: { clock: Pick<Clock, "now">; random: Pick<Random, "bytes"> }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A new token for that many seconds, as text; undefined if it is no number from 1 to 21600. */
  issue(seconds: string | null): string | undefined {
    const count = seconds !== null && /^\d{1,5}$/.test(seconds) ? Number(seconds) : 0;
    if (count < 1 || count > longestSeconds) return undefined;
    const secret = createSecret(this.#random);
    this.#tokens = [...this.#valid(), { secret, ends: this.#clock.now() + count * 1_000 }]
      .sort((one, other) => one.ends - other.ends).slice(-mostTokens);
    return secret.text;
  }

  /** Whether a token is valid. Every one is compared, in constant time. */
  accepts(text: string | null): boolean {
    return this.#valid().filter(({ secret }) => secret.matches(text)).length > 0;
  }

  #valid() {
    const now = this.#clock.now();
    return this.#tokens.filter(({ ends }) => ends > now);
  }
}
