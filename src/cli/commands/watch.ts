/**
 * `stsaval watch`: credentials that stay fresh while it runs.
 *
 * @module
 */

import { sessionSeconds } from "../../config/limits.ts";
import { parseDuration } from "../../duration.ts";
import { MfaError, SignInNeededError, StsError, UsageError } from "../../errors.ts";
import { findFormat, type Format, formats } from "../../output/format.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { StsCore } from "../../session/core.ts";
import { NoCodeError } from "../../session/mfa.ts";
import type { Command, Invocation } from "../command.ts";
import { AnswerRenewal } from "../answers/renew.ts";
import { checkFormat, mfaCodeOption, openCore } from "../context.ts";
import { wantedProfiles } from "../profile_names.ts";
import { nextMfaSource } from "../mfa/sources.ts";
import { LiveCredentialFile } from "../files/live_credential_file.ts";
import { networkEnvironment, profileEnvironment } from "../help/help.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import {
  cacheOptions,
  fileOptions,
  githubOptions,
  lifetimeOption,
  mfaOptions,
  narrowingOptions,
  profilesOptions,
  stsOptions,
} from "../options.ts";
import { codeNeededBefore, haltWhenCodeIsNeeded } from "../watch/code_needed.ts";
import { haltWhenSignInIsNeeded, signInWasNeeded, waitForSignIn } from "../watch/sign_in_needed.ts";
import { isScreen, reportEnd, reportStart, showSet } from "../watch/show.ts";

const defaultLifetime = "8h";

/** The record. */
export const watch: Command = {
  name: "watch",
  topic: "keep",
  summary: "Keep the credentials of many profiles fresh for as long as they can be renewed",
  description:
    "Asks for one MFA code if one is needed, and renews every credential in the background until the lifetime\n" +
    "ends, or until ctrl+c. When the session token ends, it gets the next code from --mfa-command or mfa_process,\n" +
    "or asks on the terminal; where there is neither, it exits with status 3. A sign-in that has ended is asked for\n" +
    "when credentials have expired for want of it. On a terminal it shows a table, elsewhere one line per event.",
  operands: "[PROFILE…]",
  options: [
    ...profilesOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...mfaOptions,
    {
      ...lifetimeOption,
      summary: `How long to renew: hours, or 90m; 15m to 36h (what is left, or ${defaultLifetime})`,
    },
    {
      name: "write",
      value: "FILE",
      summary: "Keep FILE (mode 0600) up to date with the credentials",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: formats.filter(({ holdsSecrets }) => holdsSecrets).map(({ name }) => name),
      summary: "The format of FILE: json (default), ini, env, …",
    },
    { name: "ephemeral", summary: "Remove FILE at the end, whatever ends the command" },
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval watch dev qa --lifetime 5h", summary: "two roles for five hours" },
    {
      line: "stsaval watch dev --lifetime 8h --write ~/.aws/dev.json --ephemeral",
      summary: "a file for programs that only read files",
    },
  ],
  environment: [
    ...profileEnvironment,
    ...networkEnvironment,
    "NO_COLOR: lines instead of a table, and no colors",
    "TERM: lines instead of a table where it is dumb",
  ],
  needs: [...credentialNeeds, "write-file", "kept-answers"],
  run: runWatch,
};

async function runWatch(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system: { clock } } = invocation;
  const file = credentialFile(invocation);
  const names = await wantedProfiles(invocation);
  const core = await openCore(invocation);
  await using _core = core;
  if (file !== undefined) checkFormat(file.format, names);
  const answers = new AnswerRenewal(invocation);
  await using _answers = answers;
  let set: CredentialSet = await core.generateCredentials(names, {
    lifetime: given.text("lifetime"),
    defaultLifetime,
    mfaCode: mfaCodeOption(invocation),
    signal,
  });
  const lifetime = given.text("lifetime");
  const end = lifetime === undefined ? Infinity : clock.now() + parseDuration(lifetime) * 1_000;
  try {
    answers.follow(set);
    await show(invocation, set, file);
    const isPersonNeeded = () => signInWasNeeded(set) || codeNeededBefore(end, set, clock);
    while (!signal.aborted && !file?.hasFailed && isPersonNeeded()) {
      reportEnd(invocation, set);
      set = await nextSet(invocation, core, set, { names, end });
      answers.follow(set);
      await show(invocation, set, file);
    }
  } finally {
    const halted = set.halt();
    // The keys first: the grace period may end while calls are still being aborted.
    await (file?.finish() ?? Promise.resolve()).finally(async () => {
      await halted;
      reportEnd(invocation, set);
    });
  }
  signal.throwIfAborted();
  return 0;
}

/** Shows the set until it is halted, which it is as soon as one of its profiles needs another code. */
async function show(
  invocation: Invocation,
  set: CredentialSet,
  file: LiveCredentialFile | undefined,
): Promise<void> {
  const shown = new AbortController();
  await file?.follow(set);
  if (!isScreen(invocation)) reportStart(invocation, set);
  haltWhenCodeIsNeeded(set, invocation.system.clock, shown.signal).catch(() => {});
  const showing = showSet(invocation, set);
  // After it, so that the event is shown before the halt.
  haltWhenSignInIsNeeded(set, shown.signal);
  await showing;
  shown.abort();
}

/**
 * The next set, with a code from a command or the terminal, or with a session token that a login has made meanwhile.
 *
 * @throws {MfaError} when neither can be had
 * @throws {SignInNeededError} when a sign-in is needed, and there is no terminal to ask on
 */
async function nextSet(
  invocation: Invocation,
  core: StsCore,
  last: CredentialSet,
  { names, end }: { readonly names: readonly string[]; readonly end: number },
): Promise<CredentialSet> {
  const { signal, system: { clock } } = invocation;
  const seconds = Math.max(sessionSeconds.min, Math.round((end - clock.now()) / 1_000));
  try {
    return await core.generateCredentials(names, {
      lifetime: end === Infinity ? undefined : `${seconds}s`,
      defaultLifetime,
      mfaCode: nextMfaSource(invocation),
      // A session token that STS rejects is still in the cache.
      renew: last.status().some(({ lastError }) => lastError instanceof StsError),
      signal,
    });
  } catch (error) {
    if (error instanceof SignInNeededError) {
      await waitForSignIn(invocation, error);
      return await nextSet(invocation, core, last, { names, end });
    }
    if (!(error instanceof NoCodeError)) throw error;
    throw new MfaError(`Cannot renew the credentials any longer: ${lowerFirst(error.message)}`, {
      hint: "run 'stsaval login', then watch again; with --mfa-command it goes on by itself",
      cause: error,
    });
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function credentialFile({ arguments: given, system }: Invocation): LiveCredentialFile | undefined {
  const path = given.text("write");
  if (path === undefined) {
    const stray = ["format", "ephemeral"].find((name) => given.flag(name) || given.text(name));
    if (stray === undefined) return undefined;
    throw new UsageError(`Cannot use --${stray} without --write: it applies to the file`);
  }
  return new LiveCredentialFile(system, path, fileFormat(given.text("format") ?? "json"), {
    ephemeral: given.flag("ephemeral"),
  });
}

function fileFormat(name: string): Format {
  const format = findFormat(name);
  if (format.holdsSecrets) return format;
  throw new UsageError(`Cannot use --format ${name} for a file: its secrets are masked`);
}
