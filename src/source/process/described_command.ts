/**
 * A program that a profile names, in words: only the program itself is shown, for what follows may be a secret.
 *
 * @module
 */

import { failProfile, settingAt } from "../../config/plan/problem.ts";
import type { Profile, ProfileField } from "../../config/profile.ts";
import type { SourceStep } from "../../plan.ts";
import { CommandFault, type SplitCommand, splitCommand } from "./command_line.ts";

/**
 * What a plan says of a command.
 *
 * @throws {ProfileError} when it cannot be split into words
 */
export function describeCommand(
  command: string,
  asked: string,
  profile: Profile,
  field: ProfileField,
): Required<Pick<SourceStep, "detail" | "notices">> {
  const { words, needsShell } = split(command, asked, profile, field);
  return {
    detail: needsShell === undefined
      ? `${shownProgram(words)}, run without a shell`
      : `${shownProgram(command.trim().split(/\s/))}, run by sh -c, since it holds ${needsShell}`,
    notices: needsShell === undefined ? [] : [
      `${settingAt(profile, field)} is run by sh -c, as most SDKs do; the AWS CLI ` +
      `and boto3 run it without a shell, so to them ${needsShell} is text`,
    ],
  };
}

function split(
  command: string,
  asked: string,
  profile: Profile,
  field: ProfileField,
): SplitCommand {
  try {
    return splitCommand(command);
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    return failProfile(
      asked,
      `${settingAt(profile, field)} ${error.message}`,
      `quote it as for a shell; the program and its arguments are separated by blanks`,
    );
  }
}

/** Only the program is shown, and only where it looks like one: the rest may be a secret. */
function shownProgram([program = ""]: readonly string[]): string {
  return /^[\w./~+@%-]+(?: [\w./~+@%-]+)*$/.test(program) && program.length <= 80
    ? `"${program}"`
    : "a command";
}
