/**
 * A terminal's screen as text: what stays of what was written to it. Knows the sequences that stsaval writes, no others.
 *
 * @module
 */

/** The lines of the screen, without colors. The terminal is as wide as it must be. */
export function screenOf(written: string): readonly string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  // deno-lint-ignore no-control-regex -- terminals are sent control characters
  for (const [part, count, verb] of written.matchAll(/\x1b\[\??(\d*)([A-Za-z])|[^]/gu)) {
    const line = lines[row] ??= [];
    if (part === "\n") [row, column] = [row + 1, 0];
    else if (part === "\r") column = 0;
    else if (part === "\b") column = Math.max(0, column - 1);
    else if (verb === undefined) line[column++] = part;
    else if (verb === "A") row = Math.max(0, row - Number(count || 1));
    else if (verb === "C") column += Number(count || 1);
    else if (verb === "K") line.length = Math.min(line.length, column);
    else if (verb === "J") {
      line.length = Math.min(line.length, column);
      lines.length = row + 1;
    } else if (!"mhl".includes(verb)) throw new Error(`unknown sequence: ${JSON.stringify(part)}`);
    lines[row] ??= [];
  }
  return Array.from(
    lines,
    (line) => Array.from(line ?? [], (character) => character ?? " ").join(""),
  );
}
