/**
 * `stsaval exec`: runs a program with the credentials of a profile.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import { UsageError } from "../../errors.ts";
import { childVariables, nestingVariable, runChild } from "./shared/child.ts";
import type { Command, Invocation } from "../command.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { quoteWord } from "../parse/quote_words.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { servesChild } from "../permissions/served.ts";
import { openProfileCredentials, remember } from "./shared/profile_credentials.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  githubOptions,
  lifetimeOption,
  narrowingOptions,
  profileOption,
  roleOptions,
  sharedRegionOptions,
} from "../options.ts";

/** The record. */
export const exec: Command = {
  name: "exec",
  topic: "handOut",
  summary: "Run a program with the credentials of a profile",
  description:
    "Runs the program with the credentials and the region of the profile in its environment, and without the other\n" +
    "AWS_… variables that lead to credentials. The program inherits the standard streams and gets the signals; when\n" +
    "it is suspended, so is stsaval.\n" +
    "Exits with its exit code, 128+n when signal n ended it, 127 when it does not exist, 126 when it cannot be\n" +
    "executed. What follows -- is run as is, without a shell. The credentials of a role last an hour, and are\n" +
    "renewed only with --serve: the program then gets no keys, but asks a server on 127.0.0.1 that ends with it.",
  operands: "[PROFILE] -- COMMAND [ARGUMENT…]",
  options: [
    profileOption,
    ...roleOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...codeOptions,
    lifetimeOption,
    {
      name: "serve",
      summary: "Give the program a server with fresh credentials, for as long as it runs",
    },
    {
      name: "serve-profiles",
      value: "A,B",
      repeatable: true,
      summary: "Serve these too; their variables begin with STS_A_, STS_B_",
    },
    { name: "nested", summary: "Run even inside another 'stsaval exec'" },
    ...cacheOptions,
    ...sharedRegionOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval exec dev -- aws s3 ls", summary: "one command" },
    { line: "stsaval exec dev -- bash", summary: "a shell to work in" },
    { line: "stsaval exec dev --serve --lifetime 12h -- make", summary: "a job of many hours" },
    {
      line: "stsaval exec dev --mfa-command ~/bin/print-code -- make",
      summary: "with a code from a program",
    },
  ],
  environment: [
    ...profileEnvironment,
    ...networkEnvironment,
    `${nestingVariable}: set to the name of the profile for the program; if it is already set, --nested is needed`,
  ],
  needs: [...credentialNeeds, "run-program", "server-of-child"],
  run: runExec,
};

async function runExec(invocation: Invocation): Promise<number> {
  const { logger, signal, system } = invocation;
  const words = programWords(invocation);
  rejectNesting(invocation);
  if (servesChild(invocation.arguments)) {
    const { runServedChild } = await import("../serve/served_child.ts");
    return await runServedChild(invocation, words);
  }
  const profile = await openProfileCredentials(invocation);
  await remember(invocation, profile);
  // Warnings come before the output of the program.
  await abortable(() => system.terminal.flush(), signal);
  invocation.delegateSignals();
  return await runChild({ ...system, logger }, words, childVariables(profile));
}

function programWords({ arguments: { operands, rest } }: Invocation): readonly string[] {
  if (rest.length > 0) return rest;
  const [profile = "dev"] = operands;
  throw new UsageError("No program given: wanted one after --", {
    hint: `for example 'stsaval exec ${quoteWord(profile)} -- aws s3 ls'`,
  });
}

/** Inside another exec it is easy to forget whose credentials are active. */
function rejectNesting({ arguments: given, system }: Invocation): void {
  const outer = system.env.get(nestingVariable);
  if (outer === undefined || given.flag("nested")) return;
  throw new UsageError(
    `Cannot run exec within exec: already running with the credentials of profile "${outer}"`,
    { hint: "exit it first, or use --nested" },
  );
}
