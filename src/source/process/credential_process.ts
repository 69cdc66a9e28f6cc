/**
 * `credential_process`: a program that prints credentials.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @module
 */

import { failProfile, settingAt } from "../../config/plan/problem.ts";
import type { Profile } from "../../config/profile.ts";
import { createStep, type Source } from "../source.ts";
import { commandLineOf } from "./step_program.ts";
import { CommandFault, type SplitCommand, splitCommand } from "./command_line.ts";
import { rejectLoop } from "./program_loop.ts";
import { askingLine } from "./asking_line.ts";

const source = "credential-process";

/** The record. What a program prints is kept in memory alone, as all SDKs do: the program decides how long it serves. */
export const credentialProcess: Source = {
  source,
  isNamedBy: ({ credentialProcess }) => credentialProcess !== undefined,
  behind({ profile: { credentialProcess = "" } }) {
    const line = askingLine(credentialProcess);
    return line?.isPlain ? line.profile : undefined;
  },
  ofProfile(recognition) {
    const { asked, profile } = recognition;
    const { credentialProcess: command } = profile;
    if (command === undefined) return undefined;
    rejectLoop(recognition);
    const { words, needsShell } = split(command, asked, profile);
    return createStep({
      source,
      profile,
      field: "credentialProcess",
      detail: needsShell === undefined
        ? `${shownProgram(words)}, run without a shell`
        : `${shownProgram(command.trim().split(/\s/))}, run by sh -c, since it holds ${needsShell}`,
      settings: { command },
      notices: needsShell === undefined ? [] : [
        `${
          settingAt(profile, "credentialProcess")
        } is run by sh -c, as most SDKs do; the AWS CLI ` +
        `and boto3 run it without a shell, so to them ${needsShell} is text`,
      ],
    });
  },
  programs: (step, env) => [commandLineOf(step, env)],
  async fetch(step, context) {
    const { fetchByProgram } = await import("./credentials.ts");
    return await fetchByProgram(step, context);
  },
};

function split(command: string, asked: string, profile: Profile): SplitCommand {
  try {
    return splitCommand(command);
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    return failProfile(
      asked,
      `${settingAt(profile, "credentialProcess")} ${error.message}`,
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
