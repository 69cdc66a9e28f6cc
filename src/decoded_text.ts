/**
 * Views of a text: verbatim, with escapes decoded, and with separators removed. Each character of a view maps back to its
 * range in the original text.
 *
 * @module
 */

/** One view of a text. */
export interface TextView {
  readonly text: string;
  /** Where each character begins in the original, with the original's length at the end. */
  readonly starts: readonly number[];
  /** Where each character ends in the original. */
  readonly ends: readonly number[];
  /** True if whitespace and punctuation between characters were removed. */
  readonly isJoined: boolean;
}

/** `%252B` takes two passes, `&amp;#x25;2B` three; deeper escaping does not happen by accident. */
const mostPasses = 5;

const namedEntities: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  bsol: "\\",
  equals: "=",
  gt: ">",
  lowbar: "_",
  lt: "<",
  percnt: "%",
  plus: "+",
  quot: '"',
  sol: "/",
};

const escapedCharacters: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Percent encoding, HTML entities, and the backslashes of JSON and of shells. */
const escape =
  /%u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,6});|\\u(?:([\da-f]{4})|\{([\da-f]{1,6})\})|\\x([\da-f]{2})|\\([\\/"'+=&%bfnrt])/gi;

const separators = /[\s\p{Cc}\p{Cf}:,;]+/gu;

/** All views of a text in which a hidden secret may show. The first is the verbatim text. */
export function viewsOf(text: string): readonly TextView[] {
  const views: TextView[] = [];
  let view: TextView | undefined = plainView(text);
  for (let pass = 0; view !== undefined && pass <= mostPasses; pass++) {
    views.push(view);
    const joined = replaced(view, separators, () => "", true);
    if (joined !== undefined) views.push(joined);
    view = replaced(view, escape, decoded, false);
  }
  return views;
}

function plainView(text: string): TextView {
  const starts = Array.from({ length: text.length + 1 }, (_, index) => index);
  return { text, starts, ends: starts.slice(1), isJoined: false };
}

/** The view with each match replaced; undefined if nothing changes. */
function replaced(
  view: TextView,
  pattern: RegExp,
  replace: (match: RegExpMatchArray) => string,
  isJoined: boolean,
): TextView | undefined {
  const [starts, ends]: [number[], number[]] = [[], []];
  let [text, copied, changed] = ["", 0, false];
  const copy = (until: number) => {
    text += view.text.slice(copied, until);
    for (let index = copied; index < until; index++) {
      starts.push(view.starts[index] ?? 0);
      ends.push(view.ends[index] ?? 0);
    }
  };
  for (const match of view.text.matchAll(pattern)) {
    const [whole] = match;
    const replacement = replace(match);
    if (replacement === whole) continue;
    copy(match.index);
    copied = match.index + whole.length;
    changed = true;
    text += replacement;
    for (let index = 0; index < replacement.length; index++) {
      starts.push(view.starts[match.index] ?? 0);
      ends.push(view.ends[copied - 1] ?? 0);
    }
  }
  if (!changed) return undefined;
  copy(view.text.length);
  starts.push(view.starts.at(-1) ?? 0);
  return { text, starts, ends, isJoined };
}

function decoded(match: RegExpMatchArray): string {
  const [whole, wide, percent, hex, decimal, name, unit, unicode, byte, character] = match;
  const digits = wide ?? percent ?? hex ?? unit ?? unicode ?? byte;
  if (digits !== undefined) return fromCode(Number.parseInt(digits, 16)) ?? whole;
  if (decimal !== undefined) return fromCode(Number(decimal)) ?? whole;
  if (name !== undefined) return namedEntities[name.toLowerCase()] ?? whole;
  return escapedCharacters[character ?? ""] ?? character ?? whole;
}

function fromCode(code: number): string | undefined {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}
