/**
 * Patterns for names of profiles, as shells have them for files: `*`, `?`, `[ab]`, `[a-d]`, `[!ab]`.
 *
 * @module
 */

import { nearestName } from "../../nearest.ts";

/** True where a word holds what only patterns hold. */
export function isPattern(word: string): boolean {
  return partsOf(word).some((part) => part === "*" || part === "?" || isClass(part));
}

/** Whether the whole name is as the pattern says; upper and lower case differ. */
export function matchesPattern(pattern: string, name: string): boolean {
  return matcherOf(pattern)(name);
}

/**
 * Tells the names that are as the pattern says. What stands between two `*` is searched from left to right, once: one
 * expression for all of it would try each `*` with each other (`*a*a*a*b`), which takes hours for a long name.
 */
export function matcherOf(pattern: string): (name: string) => boolean {
  const pieces: string[] = [""];
  for (const part of partsOf(pattern)) {
    if (part === "*") pieces.push("");
    else pieces.push(`${pieces.pop()}${toPart(part)}`);
  }
  const last = pieces.length - 1;
  const searches = pieces.map((piece, index) =>
    new RegExp(`${index === 0 ? "^" : ""}(?:${piece})${index === last ? "$" : ""}`, "gu")
  );
  return (name) => {
    let end = 0;
    return searches.every((search) => {
      search.lastIndex = end;
      const isFound = search.test(name);
      end = search.lastIndex;
      return isFound;
    });
  };
}

/** Classes, and single characters. */
function partsOf(pattern: string): readonly string[] {
  return pattern.match(/\[[!^]?\]?[^\]]*\]|[^]/gu) ?? [];
}

/** Brackets with nothing in them, such as `[]` and `[!]`, stand for themselves, as in shells. */
function isClass(part: string): boolean {
  return /^\[(?![!^]\]$)[^]+\]$/.test(part);
}

function toPart(part: string): string {
  if (part === "?") return "[^]";
  if (!isClass(part)) return escape(part);
  const negated = /^\[[!^]/.test(part);
  return toClass(part.slice(negated ? 2 : 1, -1), negated);
}

/** A range that is the wrong way round holds nothing, as in shells. */
function toClass(inside: string, negated: boolean): string {
  const ranges = [...inside.matchAll(/(?:([^])-)?([^])/gu)]
    .map(([character, from = character, to = character]) => ({
      from: codePoint(from),
      to: codePoint(to),
    }))
    .filter(({ from, to }) => from <= to)
    .map(({ from, to }) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`);
  return `[${negated ? "^" : ""}${ranges.join("")}]`;
}

function codePoint(character: string): number {
  return Number(character.codePointAt(0));
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/**
 * The pattern with one part of a name spelled as the known names spell it, such as `*-dev` for `*-dve`; undefined where
 * that matches no name either.
 */
export function nearestPattern(pattern: string, names: Iterable<string>): string | undefined {
  const known = [...names];
  const parts = new Set(known.flatMap((name) => name.match(/[A-Za-z0-9]+/g) ?? []));
  for (const part of pattern.match(/[A-Za-z0-9]+/g) ?? []) {
    const nearest = nearestName(part, [...parts].filter((one) => one !== part));
    const mended = nearest === undefined ? pattern : pattern.replace(part, nearest);
    if (mended !== pattern && known.some((name) => matchesPattern(mended, name))) return mended;
  }
  return undefined;
}
