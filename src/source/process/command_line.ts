/**
 * Command lines of AWS's files: split into words as botocore and the AWS CLI do where a shell would come to the same
 * words, and left to `sh -c` otherwise, as the other SDKs do with every one.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @module
 */

/** A command line, ready to run. */
export interface SplitCommand {
  readonly words: readonly string[];
  /** What only a shell understands, such as "|"; undefined where it is run without one. */
  readonly needsShell: string | undefined;
}

/** Why a command line cannot be run. */
export class CommandFault extends Error {}

const shell = "/bin/sh";

/** Unquoted, these mean something to a shell. */
const operators = /[|&;<>()$`*?[]/;
/** At the beginning of a word only. */
const openers = /[#~]/;
/** Commands that only a shell has, and its reserved words. */
const shellWords: ReadonlySet<string> = new Set([
  ...[".", ":", "!", "{", "cd", "eval", "exec", "exit", "export", "set", "shift", "source"],
  ...["trap", "umask", "unset", "if", "case", "for", "while", "until"],
]);

/**
 * Splits a command line.
 *
 * @throws {CommandFault} where a quote is left open, or it names no program
 */
export function splitCommand(text: string): SplitCommand {
  const parts = split(text);
  const [program] = parts.words;
  if (program === undefined || program === "") throw new CommandFault("names no program");
  const assignment = /^[A-Za-z_]\w*=/.exec(program)?.[0];
  const needsShell = parts.needsShell ?? assignment ??
    (shellWords.has(program) ? program : undefined);
  return { words: needsShell === undefined ? parts.words : [shell, "-c", text], needsShell };
}

/** As Python's `shlex.split`, which botocore uses; and the first thing that a shell would read in another way. */
function split(text: string): SplitCommand {
  const words: string[] = [];
  let word: string | undefined;
  let needsShell: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === quote) quote = "";
    else if (quote === "'") word += character;
    else if (character === "\\") {
      if (next === "") throw new CommandFault("ends in a backslash");
      // Between double quotes a shell takes more escapes than shlex does, and outside it drops an escaped line break.
      if (next === "\n" || (quote !== "" && /[$`]/.test(next))) needsShell ??= "\\";
      word = (word ?? "") + (quote !== "" && !/["\\]/.test(next) ? character : "") + next;
      at++;
    } else if (quote !== "") {
      if (/[$`]/.test(character)) needsShell ??= character;
      word += character;
    } else if (/["']/.test(character)) {
      quote = character;
      word ??= "";
    } else if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (operators.test(character) || (word === undefined && openers.test(character))) {
        needsShell ??= character;
      }
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") throw new CommandFault(`has a ${quote} that is not closed`);
  if (word !== undefined) words.push(word);
  return { words, needsShell };
}
