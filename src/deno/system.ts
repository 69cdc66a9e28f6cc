/**
 * Puts the ports together. This folder alone touches `Deno`, the global `fetch`, the clock, timers, randomness and the
 * console.
 *
 * @module
 */

import type { ProgramSystem } from "../system.ts";
import { clock } from "./clock.ts";
import { env } from "./environment.ts";
import { files } from "./files.ts";
import { helpers } from "./helpers.ts";
import { network } from "./network.ts";
import { permissions } from "./permissions.ts";
import { processes } from "./processes.ts";
import { digests } from "../web/digests.ts";
import { random } from "../web/random.ts";
import { signals } from "./signals.ts";
import { terminal } from "./terminal.ts";

/** The system that stsaval really runs on. */
export const denoSystem: ProgramSystem = {
  clock,
  random,
  digests,
  env,
  files,
  terminal,
  network,
  signals,
  processes,
  permissions,
  helpers,
};
