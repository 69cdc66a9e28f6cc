/**
 * Puts the ports together, for Node and Bun. This folder alone touches `process` and Node's modules; it has what the
 * module needs, and nothing of what only commands do.
 *
 * @module
 */

import { isatty } from "node:tty";
import type { ModuleSystem } from "../system.ts";
import { digests } from "../web/digests.ts";
import { random } from "../web/random.ts";
import { clock } from "./clock.ts";
import { env } from "./environment.ts";
import { files } from "./files.ts";
import { network } from "./network.ts";
import { processes } from "./processes.ts";

/** The system that the module runs on under Node and Bun. */
export const nodeSystem: ModuleSystem = {
  clock,
  random,
  digests,
  env,
  files,
  network,
  processes,
  terminal: { canAsk: isatty(0) && isatty(2) },
};
