/**
 * The environment of the process.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { Environment } from "../system.ts";
import { slashed } from "./platform/paths.ts";
import { ownHome } from "./permissions/user.ts";

/** The folders that paths begin with. */
const homeNames = ["HOME", "USERPROFILE"];

/** The port `Environment`. */
export const env: Environment = {
  get(name) {
    const value = read(name) ??
      (name === "HOME" && !read("USERPROFILE") ? ownHome() : undefined);
    return value !== undefined && homeNames.includes(name) ? slashed(value) : value;
  },
};

function read(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    // A variable that the user did not allow is, for the program, a variable that is not set.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    if (error instanceof Deno.errors.InvalidData) throw notText(name);
    throw error;
  }
}

/** The value may be a secret, so it is not shown. */
function notText(name: string): UsageError {
  return new UsageError(`Cannot read the variable ${name}: its value is not valid UTF-8`, {
    hint:
      `unset ${name}, or set it to text in UTF-8; a path with other bytes can be given by a link`,
  });
}
