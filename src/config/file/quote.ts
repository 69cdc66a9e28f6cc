/**
 * How values of configuration files are shown in messages.
 *
 * @module
 */

const longest = 80;

/**
 * The value in quotes: its first line only, and at most 80 characters of it. An indented line that was meant as a
 * setting of its own belongs to the value before it, and that line may hold a secret.
 */
export function quoteValue(value: string): string {
  const [first = ""] = value.split("\n", 1);
  const cut = first.length > longest || first.length < value.length;
  // What a terminal would take as a command must not reach it.
  const printable = first.slice(0, longest).replace(/\p{Cc}/gu, "\ufffd");
  return `"${printable}${cut ? "…" : ""}"`;
}
