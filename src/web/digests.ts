/**
 * Digests, by the module of Node that every runtime has. Its HMAC is not used: with Deno 2.4 it prints a warning of the
 * runtime.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Digests } from "../system.ts";

/** The port `Digests`. */
export const digests: Digests = { sha256: () => createHash("sha256") };
