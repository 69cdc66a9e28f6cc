/**
 * Quotes values of configuration files for messages.
 *
 * @module
 */

const longest = 80;

const quote = "[\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb]";
const quotedText = new RegExp(`^${quote}.*${quote}$`, "s");
const halfQuoted = new RegExp(`^${quote}|${quote}$`);

/** True for a value between quotes, a word processor's included: AWS's files know none, so they would be part of it. */
export function standsInQuotes(value: string): boolean {
  return quotedText.test(value);
}

/** True for a value with a quote at its beginning or its end. */
export function hasQuote(value: string): boolean {
  return halfQuoted.test(value);
}

/**
 * The value in quotes: its first line only, and at most 80 characters of it. An indented line that was meant as a
 * setting of its own is part of the value before it, and may hold a secret.
 */
export function quoteValue(value: string): string {
  const [first = ""] = value.split("\n", 1);
  const cut = first.length > longest || first.length < value.length;
  // Control characters must not reach a terminal.
  const printable = first.slice(0, longest).replace(/\p{Cc}/gu, "\ufffd");
  return `"${printable}${cut ? "…" : ""}"`;
}

/**
 * The key of a setting in quotes, where it looks like one. A line that was torn off a secret may look like a setting,
 * so nothing else is shown.
 */
export function quoteKey(key: string): string {
  return /^(?=.{1,40}$)[a-z]+(?:[_-][a-z0-9]+)*$/.test(key) ? `"${key}"` : "its key";
}
