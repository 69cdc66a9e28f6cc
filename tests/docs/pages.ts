/**
 * The pages that people read, taken apart: headings, links and fenced blocks.
 *
 * @module
 */

/** A fenced block of a page. */
export interface Block {
  /** What stands behind the opening fence, such as "sh". */
  readonly language: string;
  readonly text: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
}

/** A page. */
export interface Page {
  /** From the root of the repository: `docs/mfa_codes.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The anchors of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  /** What its links and pictures lead to. */
  readonly links: readonly string[];
}

const topPages = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md"];

/** All pages, those of `docs/` and `examples/` included. */
export async function readPages(): Promise<readonly Page[]> {
  const below = [...await markdownBelow("docs"), ...await markdownBelow("examples")];
  return await Promise.all([...topPages, ...below].map(readPage));
}

async function markdownBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await markdownBelow(path));
    else if (name.endsWith(".md")) found.push(path);
  }
  return found.sort();
}

/** Reads one page. */
export async function readPage(path: string): Promise<Page> {
  const text = await Deno.readTextFile(path);
  const { blocks, prose } = takeApart(text);
  return { path, text, blocks, anchors: anchorsOf(prose), links: linksOf(prose) };
}

/** The fenced blocks, and the page without them. */
export function takeApart(text: string): { blocks: readonly Block[]; prose: string } {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, language] = /^```(\S*)/.exec(line) ?? [];
    if (open !== undefined && language !== undefined) {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join("\n") });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (language !== undefined) open = { language, line: index + 1, lines: [] };
    else prose.push(line);
  }
  if (open !== undefined) throw new Error(`the block of line ${open.line} is not closed`);
  return { blocks, prose: prose.join("\n") };
}

/** Lower case, without punctuation, with dashes for blanks; the second of a name gets "-1". */
function anchorsOf(prose: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    let number = 0;
    while (anchors.has(number === 0 ? anchor : `${anchor}-${number}`)) number++;
    anchors.add(number === 0 ? anchor : `${anchor}-${number}`);
  }
  return anchors;
}

function linksOf(prose: string): readonly string[] {
  const withoutCode = prose.replaceAll(/`[^`\n]*`/g, "");
  const inline = [...withoutCode.matchAll(/\]\(([^()\s]+)\)/g)];
  const html = [...withoutCode.matchAll(/(?:src|srcset|href)="([^"]+)"/g)];
  return [...inline, ...html].map(([, target = ""]) => target);
}
