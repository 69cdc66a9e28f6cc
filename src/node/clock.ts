/**
 * The wall clock.
 *
 * @module
 */

import type { Clock } from "../system.ts";
import { createClock } from "../web/clock.ts";

/** The port `Clock`. A timer is an object under Node and Bun. */
export const clock: Clock = createClock((timer) => (timer as unknown as NodeTimer).unref());

/** What is used of a timer. */
interface NodeTimer {
  unref(): void;
}
