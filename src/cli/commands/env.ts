/**
 * `stsaval env`: the credentials of a profile as shell variables.
 *
 * @module
 */

import { setKey } from "../../credentials.ts";
import { UsageError } from "../../errors.ts";
import { findFormat, type Format, variableFormats } from "../../output/format.ts";
import type { Command, Invocation } from "../command.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { credentialNeeds } from "../permissions/needs.ts";
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
export const env: Command = {
  name: "env",
  topic: "handOut",
  summary: "Print the credentials of a profile as shell variables",
  description:
    "Prints the assignments that set the credentials and the region of the profile, quoted for the shell.\n" +
    "Before them comes what unsets the variables that lead elsewhere, such as AWS_PROFILE. On failure it\n" +
    "prints what makes the shell's eval fail, so that a script with 'set -e' stops.",
  operands: "[PROFILE]",
  options: [
    profileOption,
    ...roleOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...codeOptions,
    lifetimeOption,
    {
      name: "format",
      value: "FORMAT",
      choices: variableFormats,
      summary: "env for bash, zsh and sh (default), fish, powershell, cmd, dotenv",
    },
    { name: "unset", summary: "Print what unsets the variables, the region's too; reads no file" },
    ...cacheOptions,
    ...sharedRegionOptions,
    ...fileOptions,
  ],
  examples: [
    { line: 'eval "$(stsaval env dev)"', summary: "bash, zsh, sh" },
    { line: "stsaval env dev --format fish | source", summary: "fish" },
    {
      line: "stsaval env dev --format powershell | Invoke-Expression",
      summary: "PowerShell",
    },
    { line: 'eval "$(stsaval env dev --unset)"', summary: "unset them again" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: credentialNeeds,
  run: runEnv,
};

async function runEnv(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const format = variableFormat(given.text("format") ?? "env");
  if (given.flag("unset")) {
    system.terminal.out(unsetText(format));
    return 0;
  }
  const profile = await openProfileCredentials(invocation);
  const { name, credentials, region } = profile;
  system.terminal.out(
    format.format({ [setKey(name)]: credentials }, { now: system.clock.now(), region }),
  );
  await remember(invocation, profile);
  return 0;
}

function variableFormat(name: string): Format {
  const format = findFormat(name, variableFormats);
  if (variableFormats.includes(format.name)) return format;
  throw new UsageError(
    `Cannot use --format ${name} for variables: wanted ${variableFormats.join(", ")}`,
    {
      hint: `'stsaval creds NAME --format ${name}' prints it`,
    },
  );
}

/** It is the same for every profile, so that it works for one that no longer exists. */
function unsetText(format: Format): string {
  if (format.formatUnset !== undefined) return format.formatUnset([setKey("default")]);
  throw new UsageError(
    `Cannot use --unset with --format ${format.name}: it cannot unset variables`,
  );
}
