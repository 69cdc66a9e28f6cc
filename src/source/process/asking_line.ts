/**
 * Command lines that ask for the credentials of a profile: stsaval's own, and the AWS CLI's.
 *
 * @module
 */

import { CommandFault, splitCommand } from "./command_line.ts";

/** A command line that asks for the credentials of a profile. */
export interface AskingLine {
  /** Undefined for the profile that is meant where none is named. */
  readonly profile: string | undefined;
  /** True for a line of stsaval that says nothing but the profile: its credentials are those of the profile. */
  readonly isPlain: boolean;
}

/** Options of stsaval that change nothing about the credentials. */
const harmless: ReadonlySet<string> = new Set([
  ...["--quiet", "-q", "--verbose", "-v", "--json", "--keep-answer"],
]);

/** Options by which a name means another profile, or a role on top of it. */
const elsewhere = /^--(?:config-file|credentials-file|role-file|role-arn)\b/;

/** What the command line asks for; undefined where it asks for nothing, or nothing is known of the program. */
export function askingLine(command: string): AskingLine | undefined {
  const words = wordsOf(command);
  const [program = "", ...rest] = words ?? [];
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (name === "stsaval") return rest[0] === "process" ? ofStsaval(rest.slice(1)) : undefined;
  // The script hands whatever it does not answer itself to that command.
  if (name === "stsaval-process") return ofStsaval(rest);
  if (name === "aws") return ofAwsCli(rest);
  const [flag, script, extra] = rest;
  const isShell = name === "sh" || name === "bash";
  if (!isShell || flag !== "-c" || script === undefined || extra !== undefined) return undefined;
  // A shell may change the environment before it, so such a line is followed to find loops and run nevertheless.
  const inner = askingLine(script.replace(/^\s*exec\s/, ""));
  return inner && { ...inner, isPlain: false };
}

function wordsOf(command: string): readonly string[] | undefined {
  try {
    const { words, needsShell } = splitCommand(command);
    return needsShell === undefined ? words : undefined;
  } catch (error) {
    if (error instanceof CommandFault) return undefined;
    throw error;
  }
}

/** `stsaval process NAME`, or with `--profile NAME`. */
function ofStsaval(words: readonly string[]): AskingLine | undefined {
  const names: string[] = [];
  let isPlain = true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, joined] = /^--profiles?=(.*)$/s.exec(word) ?? [];
    if (joined !== undefined) names.push(joined);
    else if (word === "--profile" || word === "--profiles") names.push(words[++at] ?? "");
    else if (!word.startsWith("-")) names.push(word);
    else if (!harmless.has(word)) isPlain = false;
  }
  if (!isPlain && words.some((word) => elsewhere.test(word))) return undefined;
  // What follows an unknown option may be its value.
  const [profile, extra] = isPlain ? names : optionNames(words);
  if (!isPlain && profile === undefined) return undefined;
  return { profile, isPlain: isPlain && extra === undefined && !isSeveral(profile) };
}

/** A list or a pattern is no profile, and without a name it depends on the environment. */
function isSeveral(name: string | undefined): boolean {
  return name === undefined || name === "" || name === "-" || /[,*?[\]{}]/.test(name);
}

function optionNames(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) =>
    word === "--profile"
      ? words.slice(at + 1, at + 2)
      : /^--profile=(.*)$/s.exec(word)?.slice(1) ?? []
  );
}

/** `aws configure export-credentials`, with `--profile NAME` anywhere. */
function ofAwsCli(words: readonly string[]): AskingLine | undefined {
  const start = words.indexOf("configure");
  if (start < 0 || words[start + 1] !== "export-credentials") return undefined;
  return { profile: optionNames(words)[0], isPlain: false };
}
