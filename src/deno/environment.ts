/**
 * The environment of the process.
 *
 * @module
 */

import type { Environment } from "../system.ts";

/** The port `Environment`. */
export const env: Environment = {
  get(name) {
    try {
      return Deno.env.get(name) || undefined;
    } catch (error) {
      // A variable that the user did not allow is, for the program, a variable that is not set.
      if (error instanceof Deno.errors.NotCapable) return undefined;
      throw error;
    }
  },
};
