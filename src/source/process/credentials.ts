/**
 * The credentials of a `credential_process` step.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";
import { OutputFault, parseProcessOutput, type ProcessOutput } from "./process_output.ts";
import { ProgramFault, programOutput } from "../../program_output.ts";
import { commandLineOf } from "./process_chain.ts";

const mostBytes = 65_536;
/** A program that can ask a person gets the time that a person takes. */
const seconds = { alone: 60, asking: 300 };

/**
 * Runs the program, and reads what it prints.
 *
 * @throws {SourceError} where it cannot be run, fails, takes too long, or prints anything but credentials that are valid
 */
export async function fetchByProgram(
  step: SourceStep,
  context: SourceContext,
): Promise<SourceCredentials> {
  const { system, signal, now } = context;
  const limits = {
    seconds: system.terminal.canAsk ? seconds.asking : seconds.alone,
    bytes: mostBytes,
  };
  const { keys, expiration } = await output();
  if (expiration === undefined) return { keys, expiration };
  const end = new Date(expiration);
  if (expiration > now()) return { keys, expiration: end };
  throw fault(step, `printed credentials that ended at ${end.toISOString()}`, {
    hint: "it may print from a cache of its own: remove that, or sign in where it gets them from",
  });

  async function output(): Promise<ProcessOutput> {
    try {
      const line = commandLineOf(step, system.env);
      return parseProcessOutput(await programOutput(system, line, limits, signal));
    } catch (error) {
      if (error instanceof OutputFault) throw fault(step, error.message, { hint: outputHint });
      if (!(error instanceof ProgramFault)) throw error;
      throw fault(step, error.message, { hint: hints[error.kind], cause: error.cause }, error.kind);
    }
  }
}

const outputHint = "run its command line by itself: standard output must hold " +
  '{"Version": 1, "AccessKeyId": …, "SecretAccessKey": …} and nothing else';

const hints: Readonly<Record<ProgramFault["kind"], string>> = {
  start: "give the whole path of the program, and make it executable",
  exit: "its own message, if it has one, is above",
  output: outputHint,
  time: "run its command line by itself: it must end without being asked anything",
};

function fault(
  { profile, detail, reason, source }: SourceStep,
  why: string,
  details: { readonly hint: string; readonly cause?: unknown },
  kind?: ProgramFault["kind"],
): SourceError {
  return new SourceError(
    kind === "time" ? "SOURCE_UNREACHABLE" : "SOURCE_REFUSED",
    source,
    `Cannot get credentials for profile "${profile}": ${
      detail.replace(/, run .*/, "")
    } ${why} (${reason})`,
    details,
  );
}
