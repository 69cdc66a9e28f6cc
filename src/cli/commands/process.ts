/**
 * `stsaval process`: a credential_process provider.
 *
 * @module
 */

import { MfaError } from "../../errors.ts";
import { formatProcessLine, formatProcessOutput } from "../../output/process.ts";
import type { Command, Invocation } from "../command.ts";
import { openCore } from "../context.ts";
import { namedProfile } from "../core_settings.ts";
import { wantedProfile } from "../profile_names.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { processRecord } from "./shared/process_record.ts";
import { NoTerminalError } from "../mfa/no_terminal.ts";
import { credentialsOfOne, remember } from "./shared/profile_credentials.ts";

/** The record. */
export const processCommand: Command = {
  ...processRecord,
  topic: "handOut",
  summary: "Print the credentials of a profile for credential_process",
  description:
    "Prints the JSON that the AWS CLI and the SDKs read from credential_process, and nothing else. It uses what\n" +
    "'stsaval login' has cached. If a code is needed and there is no terminal to prompt on, it exits at once with\n" +
    "status 3. Leave --lifetime out of a credential_process line: with it, a session token of more than 15 minutes\n" +
    "cannot serve, and each call asks for another code.\n\n" +
    "With credential_process = stsaval-process dev, a shell script that is installed beside stsaval answers in a\n" +
    "few milliseconds: it runs 'stsaval process --keep-answer', which keeps the answer in ~/.aws/stsaval/answers,\n" +
    "and prints that for as long as it is fresh and the configuration is unchanged. Only what rests on\n" +
    "~/.aws/config and ~/.aws/credentials alone is kept.",
  examples: [
    { line: "stsaval process dev", summary: "what a program would get" },
    {
      line: "aws configure set profile.dev-sdk.credential_process 'stsaval process dev'",
      summary: "let the AWS CLI and the SDKs ask stsaval",
    },
    {
      line: "stsaval process --profile dev --keep-answer",
      summary: "what stsaval-process runs where it keeps no answer",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  run: runProcess,
};

async function runProcess(invocation: Invocation): Promise<number> {
  const { system } = invocation;
  const name = await wantedProfile(invocation);
  try {
    const core = await openCore(invocation, {});
    await using _core = core;
    const credentials = await credentialsOfOne(invocation, core, name);
    if (!invocation.arguments.flag("keep-answer")) {
      system.terminal.out(formatProcessOutput(credentials));
      await remember(invocation, { name, credentials });
      return 0;
    }
    system.terminal.out(formatProcessLine(credentials));
    const { keepAnswerOf } = await import("../answers/keep.ts");
    await keepAnswerOf(invocation, name, processRecord.options);
    return 0;
  } catch (error) {
    if (!(error instanceof NoTerminalError)) throw error;
    const { quoteWord } = await import("../parse/quote_words.ts");
    throw new MfaError(error.message, {
      hint: `run 'stsaval login ${
        quoteWord(namedProfile(invocation) ?? name)
      }' in a terminal first`,
      cause: error,
    });
  }
}
