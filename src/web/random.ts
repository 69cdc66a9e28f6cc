/**
 * Randomness, by what every runtime has.
 *
 * @module
 */

import type { Random } from "../system.ts";

/** The port `Random`. */
export const random: Random = {
  number: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
