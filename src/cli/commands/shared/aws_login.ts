/**
 * The part of `stsaval login` that has the AWS CLI sign in: `aws login`.
 *
 * @module
 */

import { quoteValue } from "../../../config/file/quote.ts";
import type { Config } from "../../../config/load.ts";
import { ProgramError, SignInNeededError, UsageError } from "../../../errors.ts";
import { profileBehind } from "../../../source/profile_behind.ts";
import type { PipedProcess } from "../../../system.ts";
import type { Invocation } from "../../command.ts";

/** The program that signs in, as the table of needs has it. */
const awsProgram = "aws";

/**
 * Runs `aws login` for the profile behind the named one, and gives the exit status. What it prints goes to standard
 * error: standard output is for results.
 *
 * @throws {UsageError} when the profile rests on no `login_session`
 * @throws {SignInNeededError} when the AWS CLI cannot be started, or does not sign in
 */
export async function signInByAwsLogin(
  { arguments: given, signal, system }: Invocation,
  config: Config,
  name: string,
): Promise<number> {
  const profile = profileBehind(
    name,
    config.profiles,
    ({ loginSession }) => loginSession !== undefined,
  );
  if (profile === undefined) {
    throw new UsageError(
      `Cannot use --aws-login: profile ${quoteValue(name)} does not rest on an aws login`,
      { hint: `'stsaval explain ${name}' shows what it rests on` },
    );
  }
  const { name: signedIn, loginSession: session } = profile;
  // One word: a profile may have a name that looks like an option.
  const words = [awsProgram, "login", `--profile=${signedIn}`];
  const status = await run(words, system, signal);
  if (status !== 0) {
    throw new SignInNeededError(
      `Cannot sign in: "${words.join(" ")}" ended with exit code ${status}`,
      { hint: "its messages are above; aws login needs version 2.32 of the AWS CLI or later" },
    );
  }
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ profile: name, session })}\n`
      : `Signed in by aws login for profile "${signedIn}", renewed without a browser until the session ends\n`,
  );
  return 0;
}

async function run(
  words: readonly string[],
  { processes, terminal }: Pick<Invocation["system"], "processes" | "terminal">,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const child = start(words, processes);
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const decoder = new TextDecoder();
    for await (const part of child.stdout) terminal.err(decoder.decode(part, { stream: true }));
    const status = await child.exit;
    signal.throwIfAborted();
    return status;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function start(
  words: readonly string[],
  processes: Invocation["system"]["processes"],
): PipedProcess {
  try {
    return processes.startPiped(words);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new SignInNeededError(`Cannot sign in by aws login: ${error.message}`, {
      hint: "install the AWS CLI, version 2.32 or later, or sign in where it is installed",
      cause: error,
    });
  }
}
