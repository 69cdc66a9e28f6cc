/**
 * Tables and bars for the terminal: aligned by display width, never wider than it, without raw control characters.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { inColor, type Role } from "./style.ts";
import { displayWidth } from "./width.ts";

/** Text, or text in the color of a role. */
export type Cell = string | { readonly text: string; readonly role: Role };

/** One column of a table; a plain title stands for a column that may be truncated. */
export interface Column {
  /** The column header. */
  readonly title: string;
  /** Default: "left". */
  readonly align?: "left" | "right";
  /** The minimum width that its cells may be truncated to. Default: never truncated. */
  readonly least?: number;
  /** Whether it may be dropped if the table is too wide; the rightmost goes first. Default: false. */
  readonly spare?: boolean;
}

/** The layout of a table. */
export interface TableOptions {
  /** The maximum width. Default: unlimited. */
  readonly columns?: number | undefined;
  /** Whether colors may be used. Default: false. */
  readonly color?: boolean | undefined;
}

const gap = 2;

/** Escapes control, invisible and bidirectional characters, so that a terminal shows them and does not act on them. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length < 3 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** `visible` for several lines; all but the first are indented, so that one message cannot pass for two. */
export function visibleLines(text: string): string {
  const [first = "", ...rest] = text.split("\n").map(visible);
  return [first, ...rest.map((line) => line.startsWith("  ") ? line : `  ${line}`)].join("\n");
}

/** Beyond this, in milliseconds, it is the end of keys that do not end. */
const boundless = 1e15;

/** `59m42s`, "expired" if no time is left, "no end" for keys that do not end. Takes milliseconds. */
export function formatTimeLeft(ms: number): string {
  if (ms > boundless) return "no end";
  return ms > 0 ? formatDuration(ms / 1_000) : "expired";
}

/** A bar of `width` characters, filled by a share of 0 to 1; any share above 0 shows at least one mark. */
export function formatBar(share: number, width: number): string {
  const part = share > 0 ? Math.min(share, 1) : 0;
  const filled = Math.ceil(part * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** The table, one line per row after the header, each newline-terminated. */
export function formatTable(
  titlesOrColumns: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  return [...tableLines(titlesOrColumns, rows, (row) => row, options)].join("");
}

/**
 * The lines of a table one by one, its rows made of records: twice, once for the widths of the columns, so that a long
 * table is never in memory.
 */
export function* tableLines<Record>(
  titlesOrColumns: readonly (string | Column)[],
  records: readonly Record[],
  rowOf: (record: Record) => readonly Cell[],
  options: TableOptions = {},
): Generator<string> {
  const columns = titlesOrColumns.map((column): Column =>
    typeof column === "string" ? { title: column, least: 8 } : column
  );
  const limit = options.columns ?? Infinity;
  const titles: readonly Cell[] = columns.map(({ title }) => ({ text: title, role: "accent" }));
  const rows = function* () {
    yield titles.map(visibleCell);
    for (const record of records) yield rowOf(record).map(visibleCell);
  };
  const widths = fitWidths(columns, rows(), limit);
  for (const row of rows()) yield `${formatRow(columns, row, widths, limit, options.color)}\n`;
}

function visibleCell(cell: Cell): Cell {
  return typeof cell === "string" ? visible(cell) : { ...cell, text: visible(cell.text) };
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : cell ?? "";
}

/** The width of each column; 0 for a dropped one. */
function fitWidths(
  columns: readonly Column[],
  rows: Iterable<readonly Cell[]>,
  limit: number,
): readonly number[] {
  const natural = columns.map(() => 1);
  for (const row of rows) {
    for (const [index, width] of natural.entries()) {
      natural[index] = Math.max(width, displayWidth(textOf(row[index])));
    }
  }
  const least = natural.map((width, index) => Math.min(width, columns[index]?.least ?? width));
  for (const index of spareFromTheRight(columns)) {
    if (total(least) <= limit) break;
    natural[index] = 0;
    least[index] = 0;
  }
  return shrink(natural, least, limit);
}

function spareFromTheRight(columns: readonly Column[]): readonly number[] {
  return columns.flatMap(({ spare }, index) => spare === true ? [index] : []).reverse();
}

/** Shrinks the widest column that can shrink, until all fit or none can. */
function shrink(
  natural: readonly number[],
  least: readonly number[],
  limit: number,
): readonly number[] {
  const widths = [...natural];
  for (let over = total(widths) - limit; over > 0; over--) {
    const shrinkable = widths.map((width, index) => width > (least[index] ?? 0) ? width : 0);
    const widest = shrinkable.indexOf(Math.max(...shrinkable));
    if ((shrinkable[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width, gap * (shown.length - 1));
}

function formatRow(
  columns: readonly Column[],
  row: readonly Cell[],
  widths: readonly number[],
  limit: number,
  color = false,
): string {
  const last = widths.findLastIndex((width) => width > 0);
  let line = "";
  let spaceLeft = limit;
  for (const [index, column] of columns.entries()) {
    const width = Math.min(widths[index] ?? 0, spaceLeft);
    if (width <= 0) continue;
    const cell = row[index] ?? "";
    const padded = pad(cutToWidth(textOf(cell), width), width, column.align, index === last);
    line += color ? paint(padded, cell) : padded;
    if (index === last) break;
    line += " ".repeat(Math.min(gap, spaceLeft - width));
    spaceLeft -= width + gap;
  }
  return line.trimEnd();
}

function pad(text: string, width: number, align: Column["align"], isLast: boolean): string {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)));
  if (align === "right") return blanks + text;
  return isLast ? text : text + blanks;
}

function paint(text: string, cell: Cell): string {
  return typeof cell === "object" ? inColor(cell.role, text) : text;
}

/** The text, or as much of its beginning as fits before an ellipsis. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
