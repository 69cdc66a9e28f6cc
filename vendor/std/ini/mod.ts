/**
 * The part of `@std/ini` that is used, for networks without JSR: written from its behaviour.
 *
 * @module
 */

/** Called for each value, after it was coerced; what it returns takes the value's place. */
export type ReviverFunction = (key: string, value: unknown, section?: string) => unknown;

/** Options of {@linkcode parse}. */
export interface ParseOptions {
  /** Has the last word on each value. */
  reviver?: ReviverFunction;
}

/**
 * Turns INI text into an object: keys before the first section at the top, the others in an object
 * for each section. A section that appears twice replaces the first.
 *
 * @throws {SyntaxError} On a line that is no section, assignment or comment.
 */
export function parse(text: string, options: ParseOptions = {}): Record<string, unknown> {
  const revive = options.reviver ?? ((_key, value) => value);
  const root: Record<string, unknown> = {};
  let target = root;
  let section: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || /^(#|;|\/\/)/.test(line)) continue;
    if (line.startsWith("[")) {
      section = parseSection(line, index + 1);
      target = {};
      define(root, section, target);
    } else {
      const [key, value] = parseAssignment(line, index + 1);
      define(target, key, revive(key, coerce(value), section));
    }
  }
  return root;
}

/** A plain assignment would take the name `__proto__` for the prototype. */
function define(target: object, name: string, value: unknown): void {
  const flags = { configurable: true, enumerable: true, writable: true };
  Object.defineProperty(target, name, { value, ...flags });
}

function parseSection(line: string, lineNumber: number): string {
  if (!line.endsWith("]")) {
    throw new SyntaxError(`Unexpected end of INI section at line ${lineNumber}`);
  }
  const name = line.slice(1, -1).trim();
  if (name === "") throw new SyntaxError(`Unexpected empty section name at line ${lineNumber}`);
  return name;
}

function parseAssignment(line: string, lineNumber: number): readonly [key: string, value: string] {
  const equals = line.indexOf("=");
  if (equals === -1) throw new SyntaxError(`Unexpected token ${line[0]} at line ${lineNumber}`);
  const key = line.slice(0, equals).trim();
  if (key === "") throw new SyntaxError(`Unexpected empty key name at line ${lineNumber}`);
  return [key, line.slice(equals + 1).trim()];
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["null", null],
  ["true", true],
  ["false", false],
]);

function coerce(value: string): unknown {
  if (WORDS.has(value)) return WORDS.get(value);
  if (/^".*"$/s.test(value)) return value.slice(1, -1);
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}
