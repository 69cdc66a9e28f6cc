/**
 * The wall clock.
 *
 * @module
 */

import type { Clock } from "../system.ts";
import { createClock } from "../web/clock.ts";

/** The port `Clock`. */
export const clock: Clock = createClock((timer) => Deno.unrefTimer(timer));
