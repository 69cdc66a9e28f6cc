/**
 * The picker as lines of text, each shorter than the terminal is wide.
 *
 * @module
 */

import { inColor } from "../../output/style.ts";
import { cutToWidth, visible } from "../../output/table.ts";
import { textOf } from "./line.ts";
import { listRows, type PickerItem, type PickerState } from "./picker.ts";
import { displayWidth } from "../../output/width.ts";

/** What is drawn: the list above, the line that is typed into below. */
export interface PickerView {
  readonly lines: readonly string[];
  /** The width of each line. */
  readonly widths: readonly number[];
  /** The column of the cursor, in the last line. */
  readonly cursor: number;
}

/** The roles without a color of their own, so that it can be read on dark and on light. */
const bold = (text: string) => inColor("accent", text);
const dim = (text: string) => inColor("dim", text);
const plain = (text: string) => text;

/** Draws the state; `styled: false` leaves bold and dim out. */
export function renderPicker(
  state: PickerState,
  { styled = true }: { readonly styled?: boolean } = {},
): PickerView {
  const width = Math.max(8, state.size.columns - 1);
  const columns = layOut(state, width - markerWidth);
  const { text: input, cursor } = renderInput(state, width);
  const parts: [text: string, style: typeof plain][] = [
    [`  ${renderRow(columns, ({ title }) => title)}`, dim],
    ...renderList(state, columns),
    [countsOf(state), dim],
    [input, plain],
  ];
  const shown = parts.map(([text, style]) => ({ text: cutToWidth(text.trimEnd(), width), style }));
  return {
    lines: shown.map(({ text, style }, index) => {
      if (index === shown.length - 1) return text;
      return styled && text !== "" ? style(text) : text;
    }),
    widths: shown.map(({ text }) => displayWidth(text)),
    cursor,
  };
}

const markerWidth = 2;
const gap = 2;
/** A name is not cut below this while there are other columns to leave out. */
const leastName = 16;
const leastRole = 10;

interface ViewColumn {
  readonly title: string;
  readonly of: keyof PickerItem;
  readonly width: number;
}

/** Those that matter least come last: they are the first to be left out. */
const detailColumns = [
  { title: "LEFT", of: "left" },
  { title: "ROLE", of: "role" },
  { title: "ACCOUNT", of: "account" },
  { title: "REGION", of: "region" },
] as const;
const shownOrder: readonly string[] = ["role", "account", "region", "left"];

const naturalWidths = new WeakMap<readonly PickerItem[], Readonly<Record<string, number>>>();

/** The width of each column over all entries, so that nothing moves while scrolling. */
function naturalOf(items: readonly PickerItem[]): Readonly<Record<string, number>> {
  const known = naturalWidths.get(items);
  if (known !== undefined) return known;
  const widest = (of: keyof PickerItem, least: number) => {
    const longest = items.reduce(
      (most, item) => Math.max(most, displayWidth(visible(item[of]))),
      0,
    );
    return longest === 0 ? 0 : Math.max(longest, least);
  };
  const found = Object.fromEntries([
    ["name", widest("name", "PROFILE".length)],
    ...detailColumns.map(({ of, title }) => [of, widest(of, title.length)]),
  ]);
  naturalWidths.set(items, found);
  return found;
}

function layOut({ items }: PickerState, width: number): readonly ViewColumn[] {
  const natural = naturalOf(items);
  const wanted = (of: string) => natural[of] ?? 0;
  const least = (of: string) => of === "role" ? Math.min(wanted(of), leastRole) : wanted(of);
  const kept = detailColumns.filter(({ of }) => wanted(of) > 0);
  const roomFor = () => kept.reduce((room, { of }) => room - gap - least(of), width);
  while (kept.length > 0 && roomFor() < Math.min(wanted("name"), leastName)) kept.pop();
  const name = Math.max(1, Math.min(wanted("name"), roomFor()));
  const spare = Math.max(0, roomFor() - name);
  const details = kept.map((column) => ({
    ...column,
    width: Math.min(wanted(column.of), least(column.of) + (column.of === "role" ? spare : 0)),
  }));
  details.sort((a, b) => shownOrder.indexOf(a.of) - shownOrder.indexOf(b.of));
  return [{ title: "PROFILE", of: "name", width: name }, ...details];
}

function renderRow(columns: readonly ViewColumn[], cell: (column: ViewColumn) => string): string {
  return columns.map((column) => {
    const text = cutToWidth(visible(cell(column)), column.width);
    return text + " ".repeat(column.width - displayWidth(text));
  }).join(" ".repeat(gap));
}

function renderList(
  state: PickerState,
  columns: readonly ViewColumn[],
): readonly [text: string, style: typeof plain][] {
  const { items, found, at, top, marked } = state;
  return Array.from({ length: listRows(state) }, (_, row) => {
    const position = found[top + row];
    const item = position === undefined ? undefined : items[position];
    if (item === undefined || position === undefined) return ["", plain];
    const isCurrent = top + row === at;
    const marker = `${isCurrent ? ">" : " "}${marked.has(position) ? "*" : " "}`;
    return [`${marker}${renderRow(columns, ({ of }) => item[of])}`, isCurrent ? bold : plain];
  });
}

function countsOf({ items, found, marked, several, size }: PickerState): string {
  const count = found.length === items.length
    ? `${items.length} profiles`
    : `${found.length} of ${items.length} profiles`;
  const counts = marked.size === 0 ? count : `${count}, ${marked.size} marked`;
  const help = several ? "tab marks, enter takes, esc leaves" : "enter takes, esc leaves";
  const all = `${counts}; ${help}`;
  return all.length < size.columns ? all : counts;
}

function renderInput({ line, several }: PickerState, width: number) {
  const label = several ? "Profiles: " : "Profile: ";
  const room = width - label.length - 1;
  let before = visible(line.before);
  // What does not fit is left out at the beginning: the cursor is always shown.
  while (displayWidth(before) > room) before = [...before].slice(1).join("");
  const after = visible(textOf({ before: "", after: line.after }));
  return { text: `${label}${before}${after}`, cursor: label.length + displayWidth(before) };
}
