/**
 * `stsaval exec`: another program, with the credentials of a profile.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { childVariables, nestingVariable, runChild } from "./shared/child.ts";
import type { Command, Invocation } from "../command.ts";
import { networkEnvironment, profileEnvironment } from "../help/help.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { openProfileCredentials } from "./shared/profile_credentials.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  lifetimeOption,
  oneProfileOption,
  sharedRegionOptions,
} from "../options.ts";

/** The record. */
export const exec: Command = {
  name: "exec",
  summary: "Run a program with the credentials of a profile",
  description:
    "Runs the program with the credentials and the region of the profile in its environment, and without the other\n" +
    "AWS_… variables that lead to credentials. Standard streams and signals are the program's. Ends with its exit\n" +
    "code; with 128+n when signal n ended it, 127 when it does not exist, 126 when it cannot be executed.\n" +
    "What follows -- is taken as it is; no shell reads it. The credentials of a role last an hour, and are not\n" +
    "renewed while the program runs.",
  operands: "-- COMMAND [ARGUMENT…]",
  options: [
    oneProfileOption,
    ...codeOptions,
    lifetimeOption,
    { name: "nested", summary: "Run even where this is run by 'stsaval exec' itself" },
    ...cacheOptions,
    ...sharedRegionOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval exec --profile dev -- aws s3 ls", summary: "one command" },
    { line: "stsaval exec --profile dev -- bash", summary: "a shell to work in" },
    {
      line: "stsaval exec --profile dev --mfa-command ~/bin/print-code -- make",
      summary: "with a code that is not typed",
    },
  ],
  environment: [
    ...profileEnvironment,
    ...networkEnvironment,
    `${nestingVariable}: set for the program to the name of the profile; where it is set, --nested is needed`,
  ],
  needs: [...credentialNeeds, "run-program"],
  leavesSignals: true,
  run: runExec,
};

async function runExec(invocation: Invocation): Promise<number> {
  const { signal, system } = invocation;
  const words = programWords(invocation);
  refuseNesting(invocation);
  const profile = await openProfileCredentials(invocation);
  signal.throwIfAborted();
  return await runChild(system, words, childVariables(profile));
}

function programWords({ arguments: { operands, rest } }: Invocation): readonly string[] {
  if (operands.length === 0 && rest.length > 0) return rest;
  const message = operands.length === 0
    ? "No program named: wanted one after --"
    : `Unexpected word "${operands[0]}" before --: the program and its arguments come after it`;
  throw new UsageError(message, { hint: "such as 'stsaval exec --profile dev -- aws s3 ls'" });
}

/** Within another exec, somebody may well have forgotten whose credentials are in force. */
function refuseNesting({ arguments: given, system }: Invocation): void {
  const outer = system.env.get(nestingVariable);
  if (outer === undefined || given.flag("nested")) return;
  throw new UsageError(
    `Cannot run exec within exec: this is run with the credentials of profile "${outer}" already`,
    { hint: "leave it first, or give --nested" },
  );
}
