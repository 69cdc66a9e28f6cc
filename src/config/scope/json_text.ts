/**
 * Reads JSON that a person wrote: where its first fault is, by line and column, and the text without white space. The
 * messages of `JSON.parse` have no place for many faults, and quote the text, which may be a secret's.
 *
 * @module
 */

import { quoteValue } from "../file/quote.ts";

/** Text that is not JSON, or has a name twice. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What was found and what was wanted; at most one character or one name of the text. */
  readonly why: string;
}

/** JSON that was read. */
export interface JsonText {
  readonly value: unknown;
  /** The same text without the white space between its tokens. */
  readonly compact: string;
}

/** Nothing that is meant is nested deeper. */
const deepest = 100;

/** The JSON, or its first fault. Of an object, each name may be there once: readers differ in which one counts. */
export function readJson(text: string): JsonText | JsonFault {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { ...placeOf(text, error.at), why: error.why };
  }
  return { value: JSON.parse(text), compact: scanner.tokens.join("") };
}

/** The line and the column of a position, each from 1. */
export function placeOf(
  text: string,
  at: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Stop extends Error {
  readonly at: number;
  readonly why: string;

  constructor(at: number, why: string) {
    super(why);
    this.at = at;
    this.why = why;
  }
}

/** One pass over the text. */
class Scanner {
  readonly tokens: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    if (this.#peek() !== "") this.#stop("wanted nothing more");
  }

  #value(depth: number): void {
    const first = this.#peek();
    if (depth > deepest) this.#stop(`wanted at most ${deepest} levels`);
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#list(depth);
    if (first === '"') return void this.#string();
    const word = this.#match(
      /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y,
    );
    if (word === undefined) this.#stop("wanted a value");
  }

  #object(depth: number): void {
    const names = new Set<unknown>();
    this.#take("{");
    if (this.#peek() === "}") return this.#take("}");
    do {
      const at = this.#skip();
      if (this.#peek() !== '"') this.#stop("wanted a name in double quotes");
      const name: unknown = JSON.parse(this.#string());
      if (names.has(name)) {
        throw new Stop(at, `the name ${quoteValue(String(name))} is there twice`);
      }
      names.add(name);
      this.#take(":");
      this.#value(depth + 1);
    } while (this.#takeIf(","));
    this.#take("}", '," or "');
  }

  #list(depth: number): void {
    this.#take("[");
    if (this.#peek() === "]") return this.#take("]");
    do this.#value(depth + 1); while (this.#takeIf(","));
    this.#take("]", '," or "');
  }

  #string(): string {
    const start = this.#skip();
    // deno-lint-ignore no-control-regex -- JSON allows none of them in a string
    const body = this.#match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y) ?? "";
    const next = this.#text[this.#at];
    if (next === '"') {
      this.#at++;
      this.tokens.push('"');
      return `${body}"`;
    }
    if (next === "\\") this.#stop('wanted one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX');
    throw new Stop(start, "the text that begins here has no closing quote on its line");
  }

  #take(sign: string, orElse = ""): void {
    if (!this.#takeIf(sign)) this.#stop(`wanted "${orElse}${sign}"`);
  }

  #takeIf(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.tokens.push(sign);
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#skip();
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.tokens.push(found);
    this.#at += found.length;
    return found;
  }

  /** The next character that is not white space; empty at the end. */
  #peek(): string {
    return this.#text[this.#skip()] ?? "";
  }

  #skip(): number {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
    return this.#at;
  }

  #stop(wanted: string): never {
    const found = [...this.#text.slice(this.#at, this.#at + 2)][0];
    // Characters that cannot be seen are shown by their number.
    const shown = found === undefined
      ? "the end"
      : /[\p{C}\p{Z}]/u.test(found)
      ? `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`
      : found === '"'
      ? `'"'`
      : `"${found}"`;
    throw new Stop(this.#at, `found ${shown}, ${wanted}`);
  }
}
