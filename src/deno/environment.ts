/**
 * The environment of the process.
 *
 * @module
 */

import type { Environment } from "../system.ts";
import { ownHome } from "./permissions/user.ts";

/** The port `Environment`. */
export const env: Environment = {
  get(name) {
    return read(name) ?? (name === "HOME" && !read("USERPROFILE") ? ownHome() : undefined);
  },
};

function read(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    // A variable that the user did not allow is, for the program, a variable that is not set.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
