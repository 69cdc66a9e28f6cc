/**
 * Adds sections to the text of a credentials file and removes them again. Everything else stays as it is, byte for byte.
 *
 * @module
 */

import { ConfigError, UsageError } from "../../errors.ts";
import { findBlock, formatBlock, linesOf, openBlock, withoutBlock } from "./managed_block.ts";
import { readHeader, unwritableWords, writtenName } from "./section_header.ts";

/** A section to write to a file. */
export interface WrittenSection {
  readonly name: string;
  /** The header and the settings, each line terminated by a line feed. */
  readonly text: string;
}

/**
 * The text with the sections: they replace those of the same name that stsaval wrote before, else go into a managed
 * block at the end. Undefined text stands for a file that does not exist.
 *
 * @throws {UsageError} when readers of the file would disagree on a section name
 * @throws {ConfigError} when the file has a section of that name that stsaval did not write, or the block was changed
 */
export function addSections(
  text: string | undefined,
  sections: readonly WrittenSection[],
  file: string,
): string {
  checkSections(text, sections.map(({ name }) => name), file);
  const around = findBlock(text ?? "", file) ?? openBlock(text);
  const added = sections.map((section) => [section.name, section.text] as const);
  return formatBlock({ ...around, sections: new Map([...around.sections, ...added]) });
}

/**
 * Fails if {@linkcode addSections} would for sections of these names, before the user is prompted for a code in vain.
 *
 * @throws {UsageError} when readers of the file would disagree on a section name
 * @throws {ConfigError} when the file has a section of that name that stsaval did not write, or the block was changed
 */
export function checkSections(
  text: string | undefined,
  names: readonly string[],
  file: string,
): void {
  for (const name of names) checkName(name);
  const block = findBlock(text ?? "", file);
  const blockLength = (text ?? "").length - (block?.after.length ?? 0);
  for (const line of linesOf(text ?? "")) {
    const inBlock = block !== undefined && line.start >= block.before.length &&
      line.start < blockLength;
    const name = inBlock ? undefined : headerName(line.text);
    if (name !== undefined && names.includes(name)) failTaken(name, file, line.number);
  }
}

/**
 * The text without the sections of these names, or without all that stsaval wrote. When none of its sections is left,
 * the text is what it was before the first was added: undefined if there was no file. Names of sections that stsaval did
 * not write are ignored.
 *
 * @throws {ConfigError} when the managed block was changed, so that something else could be lost
 */
export function removeSections(
  text: string | undefined,
  names: readonly string[] | "all",
  file: string,
): string | undefined {
  const block = findBlock(text ?? "", file);
  if (block === undefined) return text;
  const kept = [...block.sections].filter(([name]) => names !== "all" && !names.includes(name));
  if (kept.length === 0) return withoutBlock(block);
  return kept.length === block.sections.size
    ? text
    : formatBlock({ ...block, sections: new Map(kept) });
}

/**
 * The names of the sections that stsaval wrote, in file order.
 *
 * @throws {ConfigError} when the managed block was changed
 */
export function writtenSections(text: string | undefined, file: string): readonly string[] {
  return [...findBlock(text ?? "", file)?.sections.keys() ?? []];
}

function checkName(name: string): void {
  if (writtenName(name) !== undefined) return;
  throw new UsageError(
    `Cannot write ${JSON.stringify(name)} as a section name: found ${unwritableWords}`,
    { hint: "'stsaval creds --format json' supports every name" },
  );
}

/** The section name that some reader could see in the line. */
function headerName(line: string): string | undefined {
  const text = line.trim();
  if (!text.startsWith("[")) return undefined;
  const header = readHeader(text, "credentials");
  return "name" in header ? header.name : /^\[([^\]]*)\]/.exec(text)?.[1]?.trim();
}

function failTaken(name: string, file: string, line: number): never {
  throw new ConfigError(
    "Cannot write",
    { file, line },
    `found a section [${name}] that 'stsaval write' did not write`,
    { hint: "rename or remove that section" },
  );
}
