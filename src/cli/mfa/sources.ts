/**
 * Where the command line gets MFA codes from, in order of precedence: `--mfa-code`, `--mfa-command`, the environment, the
 * profile's own command, the kept seed of its user, a prompt on the terminal.
 *
 * @module
 */

import { settingNames } from "../../config/profile.ts";
import { UsageError } from "../../errors.ts";
import {
  checkMfaCode,
  type MfaCodeFunction,
  type MfaCodeOption,
  NoCodeError,
} from "../../session/mfa.ts";
import type { Invocation } from "../command.ts";
import { typedNames } from "../core_settings.ts";
import { parseMfaCommand, runMfaCommand } from "./command.ts";
import { mfaCodeVariable } from "./code_variable.ts";
import { type CodeAsker, createCodeAsker } from "./typed_code.ts";

/**
 * The source chosen by the options and the environment. Literal codes are checked now; commands, standard input and the
 * terminal are used only when a code is needed.
 *
 * @throws {UsageError} when a given code or command is malformed
 */
export function chooseMfaSource(invocation: Invocation): MfaCodeOption {
  const { arguments: given, system } = invocation;
  const code = given.text("mfa-code");
  if (code === "-") return codeOfInput(invocation, createCodeAsker(system));
  if (code !== undefined) return checkMfaCode(code);
  const variable = system.env.get(mfaCodeVariable);
  if (variable !== undefined && given.text("mfa-command") === undefined) {
    return checkMfaCode(variable, mfaCodeVariable);
  }
  return nextMfaSource(invocation);
}

/**
 * The source of another code, when the one of `--mfa-code`, of the environment or of standard input is used up: a command
 * or the terminal.
 *
 * @throws {UsageError} when a given command is malformed
 */
export function nextMfaSource({ arguments: given, logger, system }: Invocation): MfaCodeFunction {
  const ask = createCodeAsker(system);
  const command = given.text("mfa-command");
  if (command !== undefined) {
    const parsed = parseMfaCommand(command, "--mfa-command");
    return (serial, { signal }) => runMfaCommand(system, parsed, serial, signal);
  }
  return async (serial, options) => {
    const { mfaProcess, mfaStore: profile, signal } = options;
    if (mfaProcess === undefined && profile !== undefined) {
      const { keptCode } = await import("./kept_seeds.ts");
      return await keptCode({ logger, system, signal }, { profile, serial, signal });
    }
    if (mfaProcess === undefined) return await ask(serial, options);
    return await runMfaCommand(
      system,
      parseMfaCommand(mfaProcess, settingNames.mfaProcess),
      serial,
      signal,
    );
  };
}

/** `--mfa-code -`: standard input holds one code; if it is a terminal, stsaval prompts as usual. */
function codeOfInput(
  { arguments: given, system }: Invocation,
  ask: CodeAsker,
): MfaCodeFunction {
  if (typedNames(given).includes("-")) {
    throw new UsageError(
      "Cannot use - for both profiles and --mfa-code: both read standard input",
      {
        hint: "pass the code in STSAVAL_MFA_CODE",
      },
    );
  }
  let usedFor: string | undefined;
  return async (serial, options) => {
    if (system.terminal.canAsk) return await ask(serial, options);
    if (usedFor !== undefined) {
      throw new NoCodeError(
        `Cannot get an MFA code for "${serial}": the code on standard input was already used for "${usedFor}"`,
        { hint: "AWS accepts each code once; use --mfa-command" },
      );
    }
    usedFor = serial;
    const text = await system.terminal.readInput();
    return checkMfaCode(text, "the MFA code on standard input");
  };
}
