/**
 * The keys that IAM lists. Its lists lag: what was deleted may show for a while, and what was made may not show yet.
 *
 * @module
 */

import type { OnlineKey } from "../../store/rotation.ts";
import type { Clock } from "../../system.ts";
import type { IamKeys } from "./iam_keys.ts";

/** How long a list may lag behind. */
const patienceMs = 60_000;
const pauseMs = 2_000;

/** Lists the keys, and knows which of them it has deleted. */
export class OnlineKeys {
  readonly #ports: { readonly clock: Clock; readonly signal: AbortSignal };
  readonly #iam: () => Promise<IamKeys>;
  readonly #gone = new Set<string>();

  /** Calls nothing yet. */
  constructor(
    ports: { readonly clock: Clock; readonly signal: AbortSignal },
    iam: () => Promise<IamKeys>,
  ) {
    this.#ports = ports;
    this.#iam = iam;
  }

  /** The keys of the user, without those that were deleted. */
  async list(): Promise<readonly OnlineKey[]> {
    const iam = await this.#iam();
    const listed = await iam.list();
    return listed.filter(({ accessKeyId }) => !this.#gone.has(accessKeyId));
  }

  /** Lists again until it shows what is waited for: false where it does not in that time. */
  async listUntil(
    isShown: (keys: readonly OnlineKey[]) => boolean,
    longestMs: number = patienceMs,
  ): Promise<boolean> {
    const { clock, signal } = this.#ports;
    const end = clock.now() + longestMs;
    while (!isShown(await this.list())) {
      if (clock.now() >= end) return false;
      await clock.sleep(pauseMs, { signal });
    }
    return true;
  }

  /** Deletes a key; one that is not there is no error. */
  async delete(accessKeyId: string): Promise<void> {
    const iam = await this.#iam();
    await iam.delete(accessKeyId);
    this.#gone.add(accessKeyId);
  }
}
