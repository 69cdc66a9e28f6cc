/**
 * `stsaval token`: the session token of a user.
 *
 * @module
 */

import { setKey } from "../../credentials.ts";
import type { Command, Invocation } from "../command.ts";
import { chooseFormat, emit, mfaCodeOption, openCore } from "../context.ts";
import { networkEnvironment, profileEnvironment } from "../help/help.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { cacheOptions, fileOptions, lifetimeOption, mfaOptions, stsOptions } from "../options.ts";
import { formats } from "../../output/format.ts";

const formatNames = formats.map(({ name }) => name);

/** The record. */
export const token: Command = {
  name: "token",
  summary: "Get the session token of one IAM user",
  description:
    "Asks for the MFA code of the user's device, if it has one, and prints a session token.",
  options: [
    ...mfaOptions,
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
      line: "stsaval token --profile IAM_USER1 --format env",
      summary: "a named user, for a shell",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "write-output"],
  run: runToken,
};

async function runToken(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const core = await openCore(invocation);
  await using _core = core;
  const format = chooseFormat(invocation);
  const made = await core.generateSessionToken({
    lifetime: given.text("lifetime"),
    mfaCode: mfaCodeOption(invocation),
    signal,
  });
  const text = format.format({ [setKey(made.profile)]: made.toJSON() }, {
    now: system.clock.now(),
    showSecrets: given.flag("show-secrets"),
    columns: system.terminal.columns(),
  });
  await emit(invocation, text);
  return 0;
}
