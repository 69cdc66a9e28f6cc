/**
 * A terminal's screen as text: what stays of what was written to it. Knows the sequences that stsaval writes, no others.
 *
 * @module
 */

interface Cell {
  readonly character: string;
  /** The SGR parameter that it was written with; "0" without color. */
  readonly color: string;
}

const blank: Cell = { character: " ", color: "0" };

/** The lines of the screen, without colors. The terminal is as wide as it must be. */
export function screenOf(written: string): readonly string[] {
  return cellsOf(written).map((line) => line.map(({ character }) => character).join(""));
}

/** The lines with their colors: `‹32›` stands before what is green, `‹0›` after it. */
export function coloredScreenOf(written: string): readonly string[] {
  return cellsOf(written).map((line) => {
    let text = "";
    let last = "0";
    for (const { character, color } of line) {
      if (color !== last) text += last === "0" ? `‹${color}›` : "‹0›";
      if (color !== last && last !== "0" && color !== "0") text += `‹${color}›`;
      last = color;
      text += character;
    }
    return last === "0" ? text.trimEnd() : `${text}‹0›`;
  });
}

function cellsOf(written: string): readonly (readonly Cell[])[] {
  const lines: Cell[][] = [[]];
  let [row, column, color] = [0, 0, "0"];
  // deno-lint-ignore no-control-regex -- terminals are sent control characters
  for (const [part, count = "", verb] of written.matchAll(/\x1b\[\??(\d*)([A-Za-z])|[^]/gu)) {
    const line = lines[row] ??= [];
    if (part === "\n") [row, column] = [row + 1, 0];
    else if (part === "\r") column = 0;
    else if (part === "\b") column = Math.max(0, column - 1);
    else if (verb === undefined) line[column++] = { character: part, color };
    else if (verb === "A") row = Math.max(0, row - Number(count || 1));
    else if (verb === "C") column += Number(count || 1);
    else if (verb === "K") line.length = Math.min(line.length, column);
    else if (verb === "J") {
      line.length = Math.min(line.length, column);
      lines.length = row + 1;
    } else if (verb === "m") color = count || "0";
    else if (!"hl".includes(verb)) throw new Error(`unknown sequence: ${JSON.stringify(part)}`);
    lines[row] ??= [];
  }
  return Array.from(lines, (line) => Array.from(line ?? [], (cell) => cell ?? blank));
}
