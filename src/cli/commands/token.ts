/**
 * `stsaval token`: the session token of a user.
 *
 * @module
 */

import { setKey } from "../../credentials.ts";
import type { Command, Invocation } from "../command.ts";
import { mfaCodeOption, openCore } from "../context.ts";
import { chooseFormat, emit } from "../output.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { typedNames } from "../core_settings.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  lifetimeOption,
  profileOption,
  stsOptions,
} from "../options.ts";
import { wantedProfile } from "../profile_names.ts";
import { formats } from "../../output/format.ts";
import { hasColor } from "../../output/style.ts";

const formatNames = formats.map(({ name }) => name);

/** The record. */
export const token: Command = {
  name: "token",
  topic: "get",
  summary: "Get the session token of one IAM user",
  description:
    "Asks for the MFA code of the user's device, if it has one, and prints a session token. Without PROFILE, keys\n" +
    "in the environment (AWS_ACCESS_KEY_ID) count before every profile.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [
    profileOption,
    ...codeOptions,
    lifetimeOption,
    { name: "format", value: "FORMAT", choices: formatNames, summary: formatNames.join(", ") },
    { name: "show-secrets", summary: "Show secrets in the table too" },
    {
      name: "output",
      value: "FILE",
      summary: "Write to FILE (mode 0600) instead of standard output",
    },
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval token --lifetime 5h", summary: "five hours for the default user" },
    {
      line: "stsaval token IAM_USER1 --format env",
      summary: "a named user, for a shell",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "write-output", "kept-answers"],
  run: runToken,
};

/** Undefined stands for the keys of the environment, which come before every profile that is not named. */
function userName(invocation: Invocation): Promise<string | undefined> {
  const { arguments: given, system } = invocation;
  const keysInEnvironment = system.env.get("AWS_ACCESS_KEY_ID") !== undefined;
  const unnamed = typedNames(given).length === 0 && keysInEnvironment;
  return unnamed ? Promise.resolve(undefined) : wantedProfile(invocation);
}

async function runToken(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const core = await openCore(invocation, { profileName: await userName(invocation) });
  await using _core = core;
  const format = chooseFormat(invocation);
  const made = await core.generateSessionToken({
    lifetime: given.text("lifetime"),
    mfaCode: mfaCodeOption(invocation),
    signal,
  });
  // What is kept for stsaval-process may be an older session token.
  const { renewAnswers } = await import("../answers/renew.ts");
  await renewAnswers(invocation);
  const text = format.format({ [setKey(made.profile)]: made.toJSON() }, {
    now: system.clock.now(),
    showSecrets: given.flag("show-secrets"),
    columns: system.terminal.columns(),
    color: given.text("output") === undefined && hasColor(system, "out"),
  });
  await emit(invocation, text);
  return 0;
}
