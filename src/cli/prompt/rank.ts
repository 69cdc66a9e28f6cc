/**
 * Ranks names by how well they match what was typed: every word of it must match, the letters of a word in their order.
 *
 * @module
 */

/** What is searched. */
export interface Searchable {
  readonly name: string;
  /** Other text, in which a word must stand as it is, such as an account number. */
  readonly details: string;
}

/** Texts made ready for {@linkcode rank}. */
export interface SearchIndex {
  readonly names: readonly string[];
  readonly details: readonly string[];
}

/** Makes an index. */
export function indexOf(items: readonly Searchable[]): SearchIndex {
  return {
    names: items.map(({ name }) => fold(name)),
    details: items.map(({ details }) => fold(details)),
  };
}

/** The positions of the items that match, the best first; equally good ones in their order. All of them for no words. */
export function rank({ names, details }: SearchIndex, typed: string): readonly number[] {
  const words = fold(typed).split(/\s+/u).filter((word) => word !== "");
  if (words.length === 0) return names.map((_, index) => index);
  const found: { readonly index: number; readonly score: number }[] = [];
  for (const [index, name] of names.entries()) {
    const score = scoreOf(name, details[index] ?? "", words);
    if (score !== undefined) found.push({ index, score });
  }
  return found.sort((a, b) => b.score - a.score || a.index - b.index).map(({ index }) => index);
}

/** What a way to match is worth; within a way, tight and short ones come first. */
const worth = { whole: 5_000, start: 4_000, wordStart: 3_000, inside: 2_000, letters: 1_000 };
const mostPenalty = 999;

function scoreOf(name: string, details: string, words: readonly string[]): number | undefined {
  let total = 0;
  for (const word of words) {
    const score = scoreOfName(name, word) ?? (details.includes(word) ? 0 : undefined);
    if (score === undefined) return undefined;
    total += score;
  }
  return total;
}

function scoreOfName(name: string, word: string): number | undefined {
  if (name === word) return worth.whole;
  const penalty = Math.min(name.length - word.length, mostPenalty);
  const at = name.indexOf(word);
  if (at === 0) return worth.start - penalty;
  if (at > 0) return (startsWord(name, word) ? worth.wordStart : worth.inside) - penalty;
  const span = tightSpan(name, word);
  return span === undefined ? undefined : worth.letters - Math.min(span, mostPenalty);
}

/** Whether the word stands after a separator somewhere. */
function startsWord(name: string, word: string): boolean {
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(name.charAt(at - 1))) return true;
  }
  return false;
}

/** The length of the part of the name that holds the letters in their order; undefined if none does. */
function tightSpan(name: string, letters: string): number | undefined {
  let end = 0;
  for (const letter of letters) {
    const at = name.indexOf(letter, end);
    if (at < 0) return undefined;
    end = at + letter.length;
  }
  // Backwards from there, so that letters that were matched too early do not count.
  let start = end;
  for (const letter of [...letters].reverse()) {
    start = name.lastIndexOf(letter, start - letter.length);
  }
  return end - start;
}

/** Lower case. */
function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
