/**
 * The picker: a list to search, with one or several entries to take. A state, and a transition for each key.
 *
 * @module
 */

import { editLine, emptyLine, endKeys, homeKeys, keyTable, type Line, textOf } from "./line.ts";
import { indexOf, rank, type SearchIndex } from "./rank.ts";

/** One entry. */
export interface PickerItem {
  readonly name: string;
  readonly account: string;
  readonly role: string;
  readonly region: string;
  /** How long its credentials are still good for, as text; empty without any. */
  readonly left: string;
}

/** The size of the terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The state of a picker. */
export interface PickerState {
  /** The entries, those first that are wanted most often. */
  readonly items: readonly PickerItem[];
  readonly index: SearchIndex;
  /** Whether several may be taken. */
  readonly several: boolean;
  readonly size: TerminalSize;
  /** What is searched for. */
  readonly line: Line;
  /** The positions of the entries that match, the best first. */
  readonly found: readonly number[];
  /** The row of `found` that the cursor is on. */
  readonly at: number;
  /** The first row of `found` that is shown. */
  readonly top: number;
  /** The positions of the marked entries, in the order of marking. */
  readonly marked: ReadonlySet<number>;
  readonly outcome: "open" | "taken" | "left";
}

const mostRows = 10;
/** The titles, the count and the line that is typed into. */
const otherRows = 3;

/** A picker that shows everything. */
export function startPicker(
  items: readonly PickerItem[],
  options: { readonly several: boolean; readonly size: TerminalSize },
): PickerState {
  const index = indexOf(items.map(({ name, account, role, region }) => ({
    name,
    details: `${account} ${role} ${region}`,
  })));
  const found = items.map((_, position) => position);
  const rest = { line: emptyLine, found, at: 0, top: 0, marked: new Set<number>() };
  return { items, index, ...options, ...rest, outcome: "open" };
}

/** How many entries are shown at once. */
export function listRows({ items, size }: Pick<PickerState, "items" | "size">): number {
  // One row stays free, for terminals that scroll when the last one is written.
  return Math.max(1, Math.min(mostRows, items.length, size.rows - otherRows - 1));
}

/** The names that were taken: the marked ones, else the one at the cursor. */
export function takenNames({ items, found, at, marked }: PickerState): readonly string[] {
  const current = found[at];
  const positions = marked.size > 0 ? [...marked] : current === undefined ? [] : [current];
  return positions.flatMap((position) => items[position]?.name ?? []);
}

/** The state after one key. */
export function pressPickerKey(state: PickerState, key: string): PickerState {
  if (state.outcome !== "open") return state;
  // Without text to move in, these move in the list.
  const inList = textOf(state.line) === "" ? listKeys[key] : undefined;
  const act = keys[key] ?? inList;
  if (act !== undefined) return act(state);
  const line = editLine(state.line, key);
  if (line === undefined) return state;
  if (textOf(line) === textOf(state.line)) return { ...state, line };
  return { ...state, line, found: rank(state.index, textOf(line)), at: 0, top: 0 };
}

/** The state on a terminal of another size. */
export function resizePicker(state: PickerState, size: TerminalSize): PickerState {
  return moveTo({ ...state, size }, state.at);
}

type Act = (state: PickerState) => PickerState;

const keys: Readonly<Record<string, Act>> = keyTable<Act>([
  [["\x1b", "\x03", "\x04", "\x07"], (state) => ({ ...state, outcome: "left" })],
  [["\r", "\n", "\r\n"], take],
  [["\x1b[A", "\x1bOA", "\x10"], (state) => moveTo(state, state.at - 1)],
  [["\x1b[B", "\x1bOB", "\x0e"], (state) => moveTo(state, state.at + 1)],
  [["\x1b[5~"], (state) => moveTo(state, state.at - listRows(state))],
  [["\x1b[6~"], (state) => moveTo(state, state.at + listRows(state))],
  [["\t"], (state) => mark(state, 1)],
  [["\x1b[Z"], (state) => mark(state, -1)],
]);

const listKeys: Readonly<Record<string, Act>> = keyTable<Act>([
  [homeKeys(), (state) => moveTo(state, 0)],
  [endKeys(), (state) => moveTo(state, state.found.length - 1)],
]);

function take(state: PickerState): PickerState {
  return takenNames(state).length === 0 ? state : { ...state, outcome: "taken" };
}

/** The cursor on another row, and as little scrolled as shows it. */
function moveTo(state: PickerState, row: number): PickerState {
  const rows = listRows(state);
  const at = Math.max(0, Math.min(row, state.found.length - 1));
  const last = Math.max(0, state.found.length - rows);
  const top = Math.min(Math.max(Math.min(state.top, at), at - rows + 1), last);
  return { ...state, at, top };
}

function mark(state: PickerState, step: number): PickerState {
  const position = state.found[state.at];
  if (!state.several || position === undefined) return state;
  const marked = new Set(state.marked);
  if (!marked.delete(position)) marked.add(position);
  return moveTo({ ...state, marked }, state.at + step);
}
