/**
 * The token that a program prints, run anew at every fetch. What it prints is never shown.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import { ProgramFault, programOutput } from "../../program_output.ts";
import { commandLineOf } from "../process/process_chain.ts";
import type { SourceContext } from "../source.ts";
import { checkToken } from "./token.ts";

/** A program that can ask a person gets the time that a person takes. */
const seconds = { alone: 60, asking: 300 };
const mostBytes = 65_536;

const hint =
  "run its command line by itself: standard output must hold one JSON Web Token and nothing else";

/**
 * Runs the program of the step.
 *
 * @throws {SourceError} when it fails, takes too long or prints no token
 */
export async function printedToken(step: SourceStep, context: SourceContext): Promise<string> {
  const { system, signal } = context;
  const limits = {
    seconds: system.terminal.canAsk ? seconds.asking : seconds.alone,
    bytes: mostBytes,
  };
  try {
    const line = commandLineOf(step, system.env);
    const output = await programOutput(system, line, limits, signal);
    return checkToken(new TextDecoder().decode(output), (why) => {
      throw failure(step, `printed no token: ${why}`);
    });
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    throw failure(step, error.message, error);
  }
}

function failure(
  { detail, profile, reason, source }: SourceStep,
  why: string,
  cause?: ProgramFault,
): SourceError {
  return new SourceError(
    cause?.kind === "time" ? "SOURCE_UNREACHABLE" : "SOURCE_REFUSED",
    source,
    `Cannot get the web identity token of profile "${profile}": ${
      detail.replace(/, run .*/, "")
    } ${why} (${reason})`,
    { hint, cause },
  );
}
