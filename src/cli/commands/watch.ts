/**
 * `stsaval watch`: credentials that stay fresh while it runs.
 *
 * @module
 */

import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { findFormat, type Format, formats } from "../../output/format.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Command, Invocation } from "../command.ts";
import { AnswerRenewal } from "../answers/renew.ts";
import { mfaCodeOption, openCore } from "../context.ts";
import { checkFormat } from "../output.ts";
import { wantedProfiles } from "../profile_names.ts";
import { LiveCredentialFile } from "../files/live_credential_file.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
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
import { defaultLifetime, nextSet, withNewCode } from "../watch/next_set.ts";
import { haltWhenSignInIsNeeded, signInWasNeeded } from "../watch/sign_in_needed.ts";
import { isScreen, reportEnd, reportStart, showSet } from "../watch/show.ts";

/** The record. */
export const watch: Command = {
  name: "watch",
  topic: "keep",
  summary: "Keep the credentials of many profiles fresh for as long as they can be renewed",
  description:
    "Asks for one MFA code if one is needed, and renews every credential in the background until the lifetime\n" +
    "ends, or until ctrl+c. When the session token ends, it gets the next code from --mfa-command or mfa_process,\n" +
    "or asks on the terminal; where there is neither, it exits with status 3. A sign-in that has ended is asked for\n" +
    "when credentials have expired for want of it. On a terminal it shows a table, elsewhere one line per event.\n" +
    "In the table q ends it, r renews everything now, and l asks for a new code before it is needed.",
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
  let core = await openCore(invocation);
  await using _core = { [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() };
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
  const isPersonNeeded = () => signInWasNeeded(set) || codeNeededBefore(end, set, clock);
  let reason: string | undefined;
  try {
    while (true) {
      answers.follow(set);
      const key = await show(invocation, set, file);
      if (signal.aborted || file?.hasFailed) break;
      if (key === "end") reason = "ended with q";
      if (key === "code") {
        ({ core, set } = await withNewCode(invocation, { core, set }, { names, end }));
        continue;
      }
      if (reason !== undefined || !isPersonNeeded()) break;
      reportEnd(invocation, set);
      set = await nextSet(invocation, core, set, { names, end });
    }
  } finally {
    const halted = set.halt(reason);
    // The keys first: the grace period may end while calls are still being aborted.
    await (file?.finish() ?? Promise.resolve()).finally(async () => {
      await halted;
      reportEnd(invocation, set);
    });
  }
  signal.throwIfAborted();
  return 0;
}

/**
 * Shows the set until it is halted, which it is as soon as one of its profiles needs another code, or until a key asks
 * for something.
 */
async function show(
  invocation: Invocation,
  set: CredentialSet,
  file: LiveCredentialFile | undefined,
): ReturnType<typeof showSet> {
  const shown = new AbortController();
  await file?.follow(set);
  if (!isScreen(invocation)) reportStart(invocation, set);
  haltWhenCodeIsNeeded(set, invocation.system.clock, shown.signal).catch(() => {});
  const showing = showSet(invocation, set);
  // After it, so that the event is shown before the halt.
  haltWhenSignInIsNeeded(set, shown.signal);
  const key = await showing;
  shown.abort();
  return key;
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
