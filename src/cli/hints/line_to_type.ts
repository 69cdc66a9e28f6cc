/**
 * The line to type in place of one that cannot be read: what was typed in a neighbouring tool's way, in the wrong order,
 * or with a slip. Loaded only when something is wrong.
 *
 * @module
 */

import { loadConfig } from "../../config/load.ts";
import { UsageError } from "../../errors.ts";
import { nearestName } from "../../nearest.ts";
import type { System } from "../../system.ts";
import type { Command, CommandDirectory, CommandOption } from "../command.ts";
import { globalOptions } from "../options.ts";
import { parseArguments, takesProgram } from "../parse/parse.ts";
import { quoteWords } from "../parse/quote_words.ts";
import { readForeignLine } from "./foreign_line.ts";
import { verbs } from "./verbs.ts";

/** What the line is looked for with. */
export interface HintContext {
  readonly commands: CommandDirectory;
  readonly system: Pick<System, "env" | "files">;
}

/** The error with the line to type as its hint; as it is where there is no such line. */
export async function withLineToType(
  error: UsageError,
  words: readonly string[],
  context: HintContext,
): Promise<UsageError> {
  const line = await lineToType(words, context);
  if (line === undefined) return error;
  return new UsageError(error.message, { hint: line, cause: error });
}

/** `type 'stsaval exec dev -- make'`; undefined where nothing better is known. */
export async function lineToType(
  words: readonly string[],
  context: HintContext,
): Promise<string | undefined> {
  const all = await context.commands.all();
  const typed = withCommandFirst(withoutTool(words), all);
  const { line, note } = await mend(typed, all, context, typed !== words);
  if (line === undefined) return undefined;
  return `${note === undefined ? "" : `${note}; `}type '${line}'`;
}

interface Mended {
  readonly line?: string;
  readonly note?: string | undefined;
}

/** `isMoved` says that even a line that can be read is not the one that was typed. */
async function mend(
  words: readonly string[],
  all: readonly Command[],
  context: HintContext,
  isMoved: boolean,
): Promise<Mended> {
  const [first = "", ...rest] = words;
  const command = commandOf(words, all) ?? nearestPair(words, all);
  if (command !== undefined) {
    const given = words.slice(command.name.split(" ").length);
    if (asksForVersion(command, given)) return { line: ofVersion };
    const isMended = isMoved || !`${words.join(" ")} `.startsWith(`${command.name} `);
    return lineOf(command, given, isMended);
  }
  if (versionWords.includes(rest[0] ?? "")) return { line: ofVersion };
  const verb = verbs.find(({ verbs }) => verbs.includes(first));
  if (verb !== undefined) {
    const read = readForeignLine(maskSecrets(rest), allOptions(all), verb.runs);
    return { line: verb.line(read, first), note: verb.note };
  }
  if (first.startsWith("-")) return {};
  const isProfile = await isKnown(first, context);
  if (isProfile) {
    const runs = rest.some((word) => !word.startsWith("-"));
    return mend([runs ? "exec" : "creds", ...words], all, context, true);
  }
  const nearest = nearestName(first, all.map(({ name }) => name));
  return nearest === undefined ? {} : mend([...nearest.split(" "), ...rest], all, context, true);
}

/** The line of a command of ours with its options in our spelling; none for a line that can be read as it was typed. */
function lineOf(command: Command, words: readonly string[], isMended: boolean): Mended {
  const line = (words: readonly string[]) => ({
    line: `stsaval ${quoteWords([...command.name.split(" "), ...words])}`,
  });
  if (isReadable(command, words)) return isMended ? line(maskSecrets(words)) : {};
  const runs = takesProgram(command);
  const read = readForeignLine(maskSecrets(words), [...command.options, ...globalOptions], runs);
  const mended = [
    ...[...read.operands, ...read.profiles, ...read.options],
    ...(runs ? ["--", ...read.program ?? ["bash"]] : read.program ?? []),
  ];
  return read.unknown.length === 0 && isReadable(command, mended) ? line(mended) : {};
}

/** Whether a command can read the words; one that runs a program wants `--`, unless there is nothing to run. */
function isReadable(command: Command, words: readonly string[]): boolean {
  try {
    const { operands, rest } = parseArguments(command, words);
    return !takesProgram(command) || rest.length > 0 || operands.length < 2;
  } catch {
    return false;
  }
}

/** The command of two words, or of one. */
function commandOf(
  [first = "", second = ""]: readonly string[],
  all: readonly Command[],
): Command | undefined {
  const find = (wanted: string) => all.find(({ name }) => name === wanted);
  const command = find(`${first} ${second}`) ?? find(first);
  return command !== undefined && second !== "" && takesNoOperand(command, second)
    ? nearestPair([first, second], all) ?? command
    : command;
}

function takesNoOperand({ operands }: Command, word: string): boolean {
  return operands === undefined && !word.startsWith("-");
}

/** The command of two words whose second word was mistyped. */
function nearestPair(
  [first = "", second = ""]: readonly string[],
  all: readonly Command[],
): Command | undefined {
  const group = all.filter(({ name }) => name.startsWith(`${first} `));
  const nearest = nearestName(second, group.map(({ name }) => name.slice(first.length + 1)));
  return group.find(({ name }) => name === `${first} ${nearest}`);
}

/** `aws-vault exec dev` typed after `stsaval`. */
function withoutTool(words: readonly string[]): readonly string[] {
  const tools = ["aws-vault", "aws", "aws-sso", "saml2aws", "granted", "stsaval", "gcreds"];
  return tools.includes(words[0] ?? "") ? words.slice(1) : words;
}

/** What asks for the version: there is one of all commands. */
const versionWords = ["--version", "-V"];
const ofVersion = "stsaval --version";

/** Whether one of the words does, which is no option's value and stands before a program and its own options. */
function asksForVersion(command: Command, words: readonly string[]): boolean {
  const options = [...command.options, ...globalOptions];
  let operands = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (versionWords.includes(word)) return true;
    if (word === "--") return false;
    if (!word.startsWith("-") && ++operands > 1 && takesProgram(command)) return false;
    if (options.some((option) => isFollowedByValue(option, word))) index++;
  }
  return false;
}

function isFollowedByValue({ name, alias, short, value }: CommandOption, word: string): boolean {
  return value !== undefined && [`--${name}`, `--${alias}`, `-${short}`].includes(word);
}

/** `--profile dev exec -- make` → `exec --profile dev -- make`; options alone are for `creds`. */
function withCommandFirst(words: readonly string[], all: readonly Command[]): readonly string[] {
  const [first = ""] = words;
  const standsAlone = ["--help", "-h", ...versionWords].includes(first) ||
    verbs.some(({ verbs }) => verbs.includes(first));
  if (!/^-./.test(first) || standsAlone) return words;
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const at = own.findIndex((word) => all.some(({ name }) => name === word));
  if (at < 0) return [end < 0 ? "creds" : "exec", ...words];
  return [words[at] ?? "", ...words.slice(0, at), ...words.slice(at + 1)];
}

function allOptions(all: readonly Command[]): readonly CommandOption[] {
  return [...all.flatMap(({ options }) => options), ...globalOptions];
}

/** Whether a profile or a group has that name; what cannot be read is not known. */
async function isKnown(name: string, { system }: HintContext): Promise<boolean> {
  try {
    const { groups, profiles } = await loadConfig(system);
    return profiles.has(name) || groups.has(name);
  } catch {
    return false;
  }
}

/** What may be a code, a key or a password is not repeated. */
function maskSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, index) => {
    const before = words[index - 1] ?? "";
    if (/(?:^|=)\d{6,8}$/.test(word)) return word.replace(/\d+$/, "123456");
    if (isSecretOption(before) && !before.includes("=")) return "…";
    if (isSecretOption(word) && word.includes("=")) return word.replace(/=[^]*$/, "=…");
    return /^[A-Za-z0-9/+=]{40,}$|^A[KS]IA[A-Z0-9]{12,}$/.test(word) ? "…" : word;
  });
}

function isSecretOption(word: string): boolean {
  return /^--?[a-z_-]*(?:secret|password|token|mfa[_-]?command|access[_-]?key)[a-z_-]*(?:=|$)/i
    .test(word);
}
