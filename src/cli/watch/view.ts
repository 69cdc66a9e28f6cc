/**
 * What `watch` shows, as text: pure functions of the status.
 *
 * @module
 */

import { formatDuration } from "../../duration.ts";
import { type Cell, type Column, formatTable, visible } from "../../output/table.ts";
import { inColor, inPlain, type Role } from "../../output/style.ts";
import { barWidthFor, formatLeft, narrowColumns } from "../../output/time_left.ts";
import type { CredentialEvent } from "../../refresh/events.ts";
import type { CredentialStatus } from "../../refresh/live.ts";

const roleColumn: Column = { title: "ROLE", least: 6, spare: true };
const gap = 2;

/** How the table is drawn. */
export interface WatchOptions {
  /** The width of the terminal. */
  readonly columns: number;
  /** The maximum number of lines. */
  readonly rows: number;
  readonly color: boolean;
  /** Whether keys are read. */
  readonly hasKeys?: boolean;
}

/**
 * The table of a set, the last errors, and a line of totals, cut to the terminal's size. `now` is in milliseconds since
 * 1970.
 */
export function formatWatch(
  status: readonly CredentialStatus[],
  now: number,
  options: WatchOptions,
): string {
  const roles = options.columns < narrowColumns ? [] : [roleColumn];
  // The name may take what the time leaves.
  const name = { title: "PROFILE", least: Math.max(8, options.columns - gap - leftWidth(options)) };
  const columns = [name, ...roles, { title: "LEFT" }, { title: "RENEWED IN", spare: true }];
  const rows = status.map((one) => row(one, now, options));
  const text = formatTable(columns, rows, options) + formatErrors(status, options);
  return cutLines(text, options.rows - 1) + formatTotals(status, now, options);
}

function leftWidth({ columns }: WatchOptions): number {
  return barWidthFor(columns) + 1 + "expired".length;
}

/** The first lines, and the number of omitted ones if not all fit. */
function cutLines(text: string, most: number): string {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length <= most) return text;
  if (most < 1) return "";
  const shown = lines.slice(0, most - 1);
  return [...shown, `… ${lines.length - shown.length} more`, ""].join("\n");
}

function row(status: CredentialStatus, now: number, options: WatchOptions): Cell[] {
  const isNarrow = options.columns < narrowColumns;
  const left = Math.max(0, status.expires.getTime() - now);
  const life = status.expires.getTime() - status.issued.getTime();
  return [
    status.profile,
    ...(isNarrow ? [] : [status.roleArn?.split("/").at(-1) ?? ""]),
    formatLeft({ left, life, role: barRole(left, life), columns: options.columns }),
    status.nextRefresh === undefined
      ? "-"
      : formatDuration(Math.max(0, status.nextRefresh.getTime() - now) / 1_000),
  ];
}

/** A line for each profile whose last renewal failed. */
function formatErrors(status: readonly CredentialStatus[], options: WatchOptions): string {
  const rows = status.flatMap(({ profile, lastError }): Cell[][] =>
    lastError === undefined ? [] : [[{ text: `${profile}: ${lastError.message}`, role: "error" }]]
  );
  return rows.length === 0 ? "" : formatTable([{ title: "LAST ERRORS", least: 10 }], rows, options);
}

function barRole(left: number, life: number): Role {
  if (left <= 0) return "error";
  return left < life / 4 ? "warning" : "ok";
}

function formatTotals(
  status: readonly CredentialStatus[],
  now: number,
  { columns, color, hasKeys = false }: WatchOptions,
): string {
  const live = status.filter((one) => one.expires.getTime() > now).length;
  const failing = status.filter((one) => one.lastError !== undefined).length;
  const paint = color ? inColor : inPlain;
  const full = `${count(status.length, "profile")}, ${live} live, ${failing} failing`;
  const short = `${live}/${status.length} live, ${failing} failing`;
  const keys = hasKeys ? "; q ends, r renews now, l asks for a new code" : "; ctrl+c ends it";
  const fewKeys = hasKeys ? "; q, r, l" : "";
  const all = [[full, keys], [short, fewKeys], [short, ""]] as const;
  const [totals, help] = all.find(([text, more]) => text.length + more.length <= columns) ??
    [short, ""];
  return `${totals}${paint("dim", help)}\n`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

/** One event as one line: for logs, or as JSON for programs. */
export function formatEventLine(event: CredentialEvent, now: number, json: boolean): string {
  const time = new Date(now).toISOString();
  const { type, profile, attempt, next, reason, error } = event;
  if (json) {
    const fields = { time, type, profile, attempt, next, reason, error: error?.message };
    return `${JSON.stringify(fields)}\n`;
  }
  const parts = [
    profile === undefined ? "" : `"${profile}"`,
    error === undefined ? reason ?? "" : error.message,
    next === undefined ? "" : `next at ${next.toISOString()}`,
  ];
  return `${time} ${type} ${visible(parts.filter((part) => part !== "").join(", "))}\n`;
}
