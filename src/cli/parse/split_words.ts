/**
 * Splits a command line into words as a POSIX shell would, without a shell.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";

/** Characters that a shell would interpret; in single quotes, or after a backslash, they are text. */
const shellOperators = /[$`|&;<>()]/;
const expandedInQuotes = /[$`]/;

/** The words so far and the current one; undefined between words, so that `''` is a word. */
interface Splitting {
  readonly words: string[];
  word: string | undefined;
}

/**
 * The words of a command: separated by blanks, joined by quotes and backslashes. Nothing is expanded; what a shell would
 * interpret is rejected rather than passed on as text. `what` names the command in errors; its text is never shown.
 *
 * @throws {UsageError} when it is empty, a quote is left open, or it needs a shell
 */
export function splitWords(command: string, what: string): readonly string[] {
  const splitting: Splitting = { words: [], word: undefined };
  for (let at = 0; at < command.length;) at = takeNext(command, at, splitting, what);
  endWord(splitting);
  if (splitting.words[0] === undefined || splitting.words[0] === "") {
    throw new UsageError(`Cannot use ${what}: it names no program`);
  }
  return splitting.words;
}

/** Consumes one token at `at`, and returns the position after it. */
function takeNext(command: string, at: number, splitting: Splitting, what: string): number {
  const character = command.charAt(at);
  if (character === "'") return takeSingleQuoted(command, at, splitting, what);
  if (character === '"') return takeDoubleQuoted(command, at, splitting, what);
  if (character === "\\") return takeEscaped(command, at, splitting, what);
  if (/[ \t\r\n]/.test(character)) endWord(splitting);
  else addText(splitting, plain(character, shellOperators, what));
  return at + 1;
}

function takeSingleQuoted(command: string, at: number, splitting: Splitting, what: string): number {
  const end = command.indexOf("'", at + 1);
  if (end < 0) throw leftOpen(at, what);
  addText(splitting, command.slice(at + 1, end));
  return end + 1;
}

function takeDoubleQuoted(command: string, at: number, splitting: Splitting, what: string): number {
  addText(splitting, "");
  for (let index = at + 1; index < command.length; index++) {
    const character = command.charAt(index);
    if (character === '"') return index + 1;
    const next = command.charAt(index + 1);
    if (character !== "\\" || !/[$`"\\\n]/.test(next)) {
      addText(splitting, plain(character, expandedInQuotes, what));
      continue;
    }
    if (next !== "\n") addText(splitting, next);
    index++;
  }
  throw leftOpen(at, what);
}

function takeEscaped(command: string, at: number, splitting: Splitting, what: string): number {
  const next = command.charAt(at + 1);
  if (next === "") throw new UsageError(`Cannot use ${what}: it ends in a backslash`);
  if (next !== "\n") addText(splitting, next);
  return at + 2;
}

function addText(splitting: Splitting, text: string): void {
  splitting.word = (splitting.word ?? "") + text;
}

function endWord(splitting: Splitting): void {
  if (splitting.word !== undefined) splitting.words.push(splitting.word);
  splitting.word = undefined;
}

function plain(character: string, rejected: RegExp, what: string): string {
  if (!rejected.test(character)) return character;
  throw new UsageError(
    `Cannot use ${what}: found ${character} outside of single quotes, and it runs without a shell`,
    { hint: `quote it, or name the shell: sh -c '…'` },
  );
}

function leftOpen(at: number, what: string): UsageError {
  return new UsageError(`Cannot use ${what}: the quote at character ${at + 1} is not closed`);
}
