/**
 * A mutant: one small change of one file.
 *
 * @module
 */

/** A change: the text from `start` to `end` becomes `text`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change of a file, by an operator of the table. */
export interface Mutant extends Change {
  readonly file: string;
  /** The operator's name, such as "comparison". */
  readonly operator: string;
  /** The line where it begins, from 1. */
  readonly line: number;
}

/** What names a mutant in the journal of one state of the project. */
export function idOf({ file, start, end, text }: Mutant): string {
  return `${file}:${start}-${end}:${text}`;
}

/** The source with the change in it. */
export function applyChange(source: string, { start, end, text }: Change): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** The whole lines that a change touches, before and after it. */
export function changedLines(source: string, change: Change): { before: string; after: string } {
  const from = source.lastIndexOf("\n", change.start - 1) + 1;
  const newline = source.indexOf("\n", change.end);
  const to = newline < 0 ? source.length : newline;
  const shift = change.text.length - (change.end - change.start);
  return {
    before: source.slice(from, to),
    after: applyChange(source, change).slice(from, to + shift),
  };
}

/** What names a mutant for samples: it stays when lines are added above it. Equal changes of equal lines share a name. */
export function nameOf(source: string, mutant: Mutant): string {
  const { before, after } = changedLines(source, mutant);
  return `${mutant.file}\n${mutant.operator}\n${before.trim()}\n${after.trim()}`;
}

/** A mutant as a diff. */
export function formatDiff(source: string, mutant: Mutant): string {
  const { before, after } = changedLines(source, mutant);
  const mark = (sign: string, text: string) =>
    text.split("\n").map((line) => `${sign}${line}\n`).join("");
  const heading = `--- ${mutant.file}\n+++ ${mutant.file} (${mutant.operator})\n`;
  return `${heading}@@ line ${mutant.line} @@\n${mark("-", before)}${mark("+", after)}`;
}
