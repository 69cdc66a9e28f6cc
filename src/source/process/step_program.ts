/**
 * The program of a step whose settings hold a command line.
 *
 * @module
 */

import { processChainVariable } from "../../config/environment.ts";
import type { SourceStep } from "../../plan.ts";
import type { CommandLine, Environment } from "../../system.ts";
import { splitCommand } from "./command_line.ts";
import { chainVariables, waitingProfiles } from "./process_chain.ts";

/** What is run for a step. */
export function commandLineOf(
  { profile, settings: { command = "" }, place = { file: "" } }: SourceStep,
  env: Environment,
): CommandLine {
  const waiting = waitingProfiles(env.get(processChainVariable));
  return {
    words: splitCommand(command).words,
    env: chainVariables([...waiting, { profile, place }]),
  };
}
