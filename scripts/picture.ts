/**
 * Draws the screen of a terminal as an SVG, from a transcript with its colors: `deno run --allow-read=. --allow-write=docs
 * scripts/picture.ts`. The picture is light or dark as its reader prefers.
 *
 * @module
 */

import { unicodeWidth } from "@std/cli/unicode-width";

/** The transcripts, and the picture of each. */
export const pictures: Readonly<Record<string, string>> = {
  "tests/pictures/watch.txt": "docs/images/watch.svg",
};

/** The SGR parameters that stsaval writes, and the class of each. */
const classes: Readonly<Record<string, string>> = {
  1: "accent",
  2: "dim",
  31: "error",
  32: "ok",
  33: "warning",
};

const cell = { width: 8.4, height: 20 };
const margin = 20;
const titleBar = 28;

const style = `
text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #1f2328 }
.screen { fill: #ffffff; stroke: #d1d9e0 }
.bar { fill: #f6f8fa }
.accent { font-weight: 600 }
.dim { fill: #59636e }
.ok { fill: #1a7f37 }
.warning { fill: #9a6700 }
.error { fill: #d1242f }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .screen { fill: #0d1117; stroke: #3d444d }
  .bar { fill: #151b23 }
  .dim { fill: #9198a1 }
  .ok { fill: #3fb950 }
  .warning { fill: #d29922 }
  .error { fill: #f85149 }
}
`;

/** The picture of a transcript, in which `‹32›` stands for the beginning of green and `‹0›` for its end. */
export function pictureOf(transcript: string, title: string): string {
  const lines = transcript.trimEnd().split("\n").map(piecesOf);
  const columns = Math.max(...lines.map((line) => line.reduce((sum, { cells }) => sum + cells, 0)));
  const width = Math.ceil(columns * cell.width) + 2 * margin;
  const height = titleBar + lines.length * cell.height + margin + margin / 2;
  const drawn = lines.flatMap((line, row) => drawLine(line, titleBar + margin + row * cell.height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="screen" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<rect class="bar" x="1" y="1" width="${width - 2}" height="${titleBar - 8}" rx="7"/>`,
    ...[0, 1, 2].map((dot) => `<circle class="dim" cx="${margin + dot * 14}" cy="11" r="4"/>`),
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

interface Piece {
  readonly text: string;
  readonly role: string | undefined;
  /** The columns that it takes. */
  readonly cells: number;
}

function piecesOf(line: string): readonly Piece[] {
  let role: string | undefined;
  return line.split(/(‹\d+›)/).flatMap((part) => {
    const [, parameter] = /^‹(\d+)›$/.exec(part) ?? [];
    if (parameter === undefined) {
      return part === "" ? [] : [{ text: part, role, cells: unicodeWidth(part) }];
    }
    role = parameter === "0" ? undefined : classes[parameter];
    if (parameter !== "0" && role === undefined) throw new Error(`unknown color ${parameter}`);
    return [];
  });
}

/** Each piece stands in its own columns, and is as wide as these, whatever font there is. */
function drawLine(pieces: readonly Piece[], y: number): readonly string[] {
  let column = 0;
  return pieces.flatMap(({ text, role, cells }) => {
    const x = margin + column * cell.width;
    column += cells;
    if (text.trim() === "") return [];
    const attributes = [
      ...role === undefined ? [] : [`class="${role}"`],
      `x="${fixed(x)}" y="${y}" textLength="${fixed(cells * cell.width)}"`,
      'lengthAdjust="spacingAndGlyphs" xml:space="preserve"',
    ];
    return [`<text ${attributes.join(" ")}>${escape(text)}</text>`];
  });
}

function fixed(number: number): string {
  return String(Math.round(number * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** What a picture shows, for those who cannot see it: its first line. */
export function titleOf(transcript: string): string {
  const [first = ""] = transcript.split("\n");
  return `A terminal: ${first}`;
}

if (import.meta.main) {
  for (const [from, to] of Object.entries(pictures)) {
    const transcript = await Deno.readTextFile(from);
    await Deno.writeTextFile(to, pictureOf(transcript, titleOf(transcript)));
  }
}
