/**
 * Masks secrets in foreign text before it is shown: known secrets in every encoding that a server may use, and anything
 * that looks like a token.
 *
 * @module
 */

import { keyTail } from "./credentials.ts";
import { type TextView, viewsOf } from "./decoded_text.ts";

/** The replacement for a secret. */
export const mask = "********";

/** The known secrets of a text. */
export interface MaskOptions {
  /** Secrets that the text may repeat, such as those that were sent. */
  readonly secrets?: readonly (string | undefined)[];
  /** Access key ids: their last four characters are kept. */
  readonly keyIds?: readonly (string | undefined)[];
  /** Texts that are not secret although they may look like it, such as a role ARN. */
  readonly harmless?: readonly (string | undefined)[];
}

/** No message is that long; the rest is cut off. */
const longestText = 16_384;
/** Any part of a secret of this length is masked, so that a truncated secret is masked too. */
const pieceLength = 12;
/** Anything shorter occurs in ordinary text. */
const shortestSecret = 4;
/** Anything longer is recognized as a token in base64 and in hexadecimal. */
const longestEncoded = 128;

const tokenLength = 32;
const run = /[A-Za-z0-9+/=_-]{32,}/g;
const unbroken = /[A-Za-z0-9]{32,}/g;
const digest = /[\da-f]{32,}/gi;
const uuid = /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi;
const keyId = /(?:AKIA|ASIA)[A-Z0-9]{12,}/gi;

/** A range of a text; the end is exclusive. */
type Range = readonly [start: number, end: number];

/** The text with every secret masked. */
export function maskSecrets(text: string, options: MaskOptions = {}): string {
  const shown = text.slice(0, longestText);
  const known = new KnownSecrets(options.secrets ?? [], options.keyIds ?? []);
  const harmless = (options.harmless ?? []).filter((part) => part !== undefined);
  const found = viewsOf(shown).flatMap((view) =>
    [
      ...known.find(view),
      ...(view.isJoined ? digestsIn(view.text) : unknownIn(view.text, harmless)),
    ].map(([start, end]): Range => [view.starts[start] ?? 0, view.ends[end - 1] ?? 0])
  );
  return replaceRanges(shown, merge(found), (part) => known.replacementFor(part));
}

/** Secrets, indexed for a search that ignores case and the base64 alphabet. */
class KnownSecrets {
  readonly #pieces = new Set<string>();
  readonly #whole = new Set<string>();
  readonly #keyIds: readonly string[];

  constructor(
    secrets: readonly (string | undefined)[],
    keyIds: readonly (string | undefined)[],
  ) {
    this.#keyIds = keyIds.filter((id) => id !== undefined);
    for (const secret of [...secrets, ...this.#keyIds]) {
      if (secret !== undefined && secret.length >= shortestSecret) this.#add(secret);
    }
  }

  #add(secret: string): void {
    const folded = fold(secret);
    if (folded.length < pieceLength) this.#whole.add(folded);
    for (let start = 0; start + pieceLength <= folded.length; start++) {
      this.#pieces.add(folded.slice(start, start + pieceLength));
    }
    if (secret.length > longestEncoded) return;
    for (const form of formsOf(secret)) this.#whole.add(fold(form));
  }

  find({ text }: TextView): Range[] {
    const folded = fold(text);
    const found: Range[] = [];
    for (let start = 0; start + pieceLength <= folded.length; start++) {
      if (this.#pieces.has(folded.slice(start, start + pieceLength))) {
        found.push([start, start + pieceLength]);
      }
    }
    for (const whole of this.#whole) {
      for (let at = folded.indexOf(whole); at >= 0; at = folded.indexOf(whole, at + 1)) {
        found.push([at, at + whole.length]);
      }
    }
    return found;
  }

  /** The replacement of a masked part: an access key id keeps its last four characters. */
  replacementFor(part: string): string {
    const isKeyId = this.#keyIds.includes(part) || new RegExp(`^${keyId.source}$`).test(part);
    return isKeyId ? keyTail(part) : mask;
  }
}

/** Folds case and the base64 alphabets; keeps the length. */
function fold(text: string): string {
  return text.replace(
    /[A-Z_-]/g,
    (character) => character === "-" ? "+" : character === "_" ? "/" : character.toLowerCase(),
  );
}

/** A secret in base64, at any offset in a longer text, and in hexadecimal; also percent-encoded first. */
function formsOf(secret: string): readonly string[] {
  const upper = encodeURIComponent(secret.toWellFormed());
  const lower = upper.replace(/%../g, (escaped) => escaped.toLowerCase());
  return [...new Set([secret, upper, lower])].flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    return [hexOf(bytes), ...[0, 1, 2].map((before) => base64Core(bytes, before))];
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The base64 characters that depend on these bytes alone, if `before` bytes precede them. */
function base64Core(bytes: Uint8Array, before: number): string {
  const all = [...new Array(before).fill(0), ...bytes];
  const text = btoa(all.map((byte) => String.fromCharCode(byte)).join(""));
  return text.slice(Math.ceil(before * 8 / 6), Math.floor(all.length * 8 / 6));
}

function matchesOf(text: string, pattern: RegExp): Range[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => [index, index + match.length]);
}

function unknownIn(text: string, harmless: readonly string[]): Range[] {
  return [...matchesOf(text, keyId), ...tokensIn(text, harmless)];
}

/** Hexadecimal digits that were separated; once words are joined, other runs say nothing. */
function digestsIn(text: string): Range[] {
  return matchesOf(text, digest).filter(([start, end]) => isMixed(text.slice(start, end)));
}

function tokensIn(text: string, harmless: readonly string[]): Range[] {
  return matchesOf(text, run).filter(([start, end]) => {
    const found = text.slice(start, end);
    return !harmless.some((part) => part.includes(found)) && isTokenLike(found.replace(uuid, ""));
  });
}

/** Names consist of words: they change between upper case, lower case and digits far less often than random text. */
function isTokenLike(found: string): boolean {
  const straight = found.match(unbroken) ?? [];
  return straight.some(isMixed) || hasRandomStretch(found.replace(/[^A-Za-z0-9]/g, ""));
}

/** Digits in several places of one long word; fewer suffice in a single case, as in hexadecimal and base32. */
function isMixed(text: string): boolean {
  const isOneCase = text === text.toUpperCase() || text === text.toLowerCase();
  return (text.match(/\d+/g) ?? []).length >= (isOneCase ? 2 : 3);
}

/** True if some 32 characters change class at every second step, as random ones do. */
function hasRandomStretch(text: string): boolean {
  const classes = Array.from(text, classOf);
  let [changes, digits] = [0, 0];
  for (let index = 0; index < classes.length; index++) {
    if (classes[index] === "digit") digits++;
    if (index > 0 && classes[index] !== classes[index - 1]) changes++;
    const gone = index - tokenLength;
    if (gone >= 0 && classes[gone] === "digit") digits--;
    if (gone >= 0 && classes[gone] !== classes[gone + 1]) changes--;
    if (index >= tokenLength - 1 && digits >= 2 && changes * 2 >= tokenLength - 2) return true;
  }
  return false;
}

function classOf(character: string): "digit" | "upper" | "lower" {
  if (character <= "9") return "digit";
  return character <= "Z" ? "upper" : "lower";
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function replaceRanges(
  text: string,
  ranges: readonly Range[],
  replacementFor: (part: string) => string,
): string {
  let [result, copied] = ["", 0];
  for (const [start, end] of ranges) {
    result += text.slice(copied, start) + replacementFor(text.slice(start, end));
    copied = end;
  }
  return result + text.slice(copied);
}
