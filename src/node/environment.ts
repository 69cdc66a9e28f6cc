/**
 * The environment of the process.
 *
 * @module
 */

import { homedir } from "node:os";
import process from "node:process";
import type { Environment } from "../system.ts";

/** The port `Environment`. */
export const env: Environment = {
  get(name) {
    return read(name) ?? (name === "HOME" && !read("USERPROFILE") ? ownHome() : undefined);
  },
};

function read(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** The home folder of the password database, for programs that are started without HOME. */
function ownHome(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    // Whoever runs it is not in the database.
    return undefined;
  }
}
