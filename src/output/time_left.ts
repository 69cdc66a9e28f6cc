/**
 * The time that is left of credentials, as a bar and as text.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import type { Role } from "./style.ts";
import { type Cell, formatBar, formatTimeLeft } from "./table.ts";

/** Below this width of the terminal bars are short, and columns are few. */
export const narrowColumns = 60;
const barWidth = 10;
const narrowBarWidth = 4;
/** Programs treat credentials with less left as if they had ended. */
const soonMs = 15 * 60_000;

/** The width of a bar on a terminal of that width. */
export function barWidthFor(columns: number): number {
  return columns < narrowColumns ? narrowBarWidth : barWidth;
}

/** `███████░░░ 42m10s`; times in milliseconds. Without a known life there is no bar, but its space. */
export function formatLeft(
  { left, life, role, columns }: {
    readonly left: number;
    readonly life: number | undefined;
    readonly role: Role;
    readonly columns: number;
  },
): Cell {
  const width = barWidthFor(columns);
  const bar = life === undefined ? " ".repeat(width) : formatBar(life > 0 ? left / life : 0, width);
  // Padded, so that the columns do not move from second to second.
  return { text: `${bar} ${formatTimeLeft(left).padEnd(6)}`, role };
}

/** The role of a time left that is not renewed: a warning once programs may refuse the credentials. */
export function roleOfLeft(left: number): Role {
  if (left <= 0) return "error";
  return left < soonMs ? "warning" : "ok";
}

/** `1h59m`, `43m`, `42s`: what does not change each second while there is a minute left. */
export function formatRoughly(ms: number): string {
  const seconds = Math.max(0, ms / 1_000);
  return formatDuration(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60);
}
