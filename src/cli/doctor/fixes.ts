/**
 * What `stsaval doctor --fix` changes: lines, modes and leftovers, shown as a diff first. Each line is looked at again
 * when it is written: one that has changed meanwhile stays.
 *
 * @module
 */

import { acquireLockIfAny } from "../../cache/lock.ts";
import { editSharedFile } from "../../config/file/edit_shared_file.ts";
import { linesOf } from "../../config/file/managed_block.ts";
import { mask } from "../../masking.ts";
import type { Invocation } from "../command.ts";
import { reportWait } from "../context.ts";
import type { ExaminedFile } from "./examined.ts";
import type { Fix, NamedFinding } from "./finding.ts";

type LineFix = Extract<Fix, { readonly kind: "lines" }>;

/** The fixes of the findings, one for a line. */
export function fixesOf(findings: readonly NamedFinding[]): readonly Fix[] {
  const taken = new Set<string>();
  return findings.flatMap(({ fix }) => {
    if (fix === undefined) return [];
    const key = fix.kind === "lines" ? `${fix.file}\n${fix.line}` : `${fix.kind} ${fix.file}`;
    if (taken.has(key)) return [];
    taken.add(key);
    return [fix];
  });
}

/** The fixes as a diff, without secrets. */
export function formatFixes(fixes: readonly Fix[], files: readonly ExaminedFile[]): string[] {
  return fixes.flatMap((fix) => {
    if (fix.kind === "remove") return [`remove "${fix.file}"`];
    if (fix.kind === "mode") {
      const before = (fix.before & 0o777).toString(8).padStart(4, "0");
      return [`mode of "${fix.file}": ${before} -> 0600`];
    }
    const old = lineOf(files.find(({ path }) => path === fix.file)?.text ?? "", fix.line);
    const show = isSecret(old) ? withoutSecret : (line: string) => line;
    return [
      `@@ "${fix.file}", line ${fix.line} @@`,
      `-${show(old)}`,
      ...fix.replacement.map((line) => `+${show(line)}`),
    ].map((line) => line.replaceAll("\ufeff", "\\ufeff"));
  });
}

/** Keys that may hold a secret; what others hold, people may see of their own files. */
function isSecret(line: string): boolean {
  return /secret|token|password|access_key|_process/i.test(line.split(/[=:]/)[0] ?? "");
}

/** What stands behind the key, and comments, may be an old key. */
function withoutSecret(line: string): string {
  return line.replace(/^(\s*)([#;]).*$/, `$1$2 ${mask}`)
    .replace(/^([^=:#;]*[=:]\s*)\S.*$/, `$1${mask}`);
}

/** Carries them out, file by file. */
export async function applyFixes(
  invocation: Invocation,
  fixes: readonly Fix[],
  files: readonly ExaminedFile[],
): Promise<void> {
  for (const { path, text } of files) {
    const own = fixes.filter(({ file }) => file === path);
    const lines = own.filter((fix) => fix.kind === "lines") as readonly LineFix[];
    if (lines.length > 0) await editLines(invocation, path, text ?? "", lines);
    // The file is replaced by one of mode 0600.
    else if (own.some(({ kind }) => kind === "mode")) await rewrite(invocation, path);
  }
  for (const fix of fixes) {
    if (fix.kind === "remove") await invocation.system.files.remove(fix.file);
  }
}

function editLines(
  invocation: Invocation,
  path: string,
  examined: string,
  fixes: readonly LineFix[],
): Promise<void> {
  return editSharedFile(
    invocation.system.files,
    path,
    (text) => text === undefined ? undefined : replaceLines(text, examined, fixes),
    (lock) => takeLock(invocation, path, lock),
  );
}

async function rewrite(invocation: Invocation, path: string): Promise<void> {
  const { files } = invocation.system;
  using _lock = await takeLock(invocation, path, `${await files.target(path)}.lock`);
  const text = await files.readText(path);
  if (text !== undefined) await files.replaceText(path, text, { mode: 0o600 });
}

function takeLock(
  { arguments: given, logger, signal, system }: Invocation,
  path: string,
  lock: string,
): Promise<Disposable | undefined> {
  const seconds = given.wholeNumber("lock-timeout");
  return acquireLockIfAny({ ...system, logger }, lock, {
    purpose: "corrects the file",
    goal: `change "${path}"`,
    timeoutMs: seconds === undefined ? undefined : seconds * 1_000,
    signal,
    onWait: (holder) => reportWait(system.terminal, holder),
  });
}

/** The text with the lines replaced, each only if it is what was examined; line ends stay as they are. */
export function replaceLines(
  text: string,
  examined: string,
  fixes: readonly Pick<LineFix, "line" | "replacement">[],
): string {
  const byLine = new Map(fixes.map((fix) => [fix.line, fix.replacement]));
  let result = "";
  for (const { text: line, number, start, next } of linesOf(text)) {
    const replacement = byLine.get(number);
    const end = text.slice(start + line.length, next);
    if (replacement === undefined || line !== lineOf(examined, number)) result += line + end;
    else result += replacement.join(end === "" ? "\n" : end) + end;
  }
  return result;
}

function lineOf(text: string, number: number): string {
  for (const line of linesOf(text)) {
    if (line.number === number) return line.text;
  }
  return "";
}
