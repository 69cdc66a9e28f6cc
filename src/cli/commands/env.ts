/**
 * `stsaval env`: the credentials of a profile as shell variables.
 *
 * @module
 */

import { setKey } from "../../credentials.ts";
import { UsageError } from "../../errors.ts";
import { findFormat, type Format } from "../../output/format.ts";
import type { Command, Invocation } from "../command.ts";
import { openCore } from "../context.ts";
import { networkEnvironment, profileEnvironment } from "../help/help.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { namedProfile, typedNames } from "../core_settings.ts";
import { wantedProfile } from "../profile_names.ts";
import { openProfileCredentials, regionOf } from "./shared/profile_credentials.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  lifetimeOption,
  profileOption,
  roleOptions,
  sharedRegionOptions,
} from "../options.ts";

/** The formats that set variables. */
const formatNames = ["env", "fish", "powershell", "cmd", "dotenv"];

/** The record. */
export const env: Command = {
  name: "env",
  topic: "handOut",
  summary: "Print the credentials of a profile as shell variables",
  description:
    "Prints the assignments that set the credentials and the region of the profile, quoted for the shell.",
  operands: "[PROFILE]",
  options: [
    profileOption,
    ...roleOptions,
    ...codeOptions,
    lifetimeOption,
    {
      name: "format",
      value: "FORMAT",
      choices: formatNames,
      summary: "env for bash, zsh and sh (default), fish, powershell, cmd, dotenv",
    },
    { name: "unset", summary: "Print what unsets the variables; makes no network call" },
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
  const { arguments: given, logger, system } = invocation;
  const format = variableFormat(given.text("format") ?? "env");
  if (given.flag("unset")) {
    system.terminal.out(await unsetText(invocation, format));
    return 0;
  }
  const { name, credentials, region } = await openProfileCredentials(invocation);
  system.terminal.out(
    format.format({ [setKey(name)]: credentials }, { now: system.clock.now(), region }),
  );
  if (system.env.get("AWS_PROFILE") !== undefined) {
    logger.warn(
      "env: AWS_PROFILE is set, and some programs prefer it to these variables; unset it",
    );
  }
  return 0;
}

function variableFormat(name: string): Format {
  const format = findFormat(name);
  if (formatNames.includes(name)) return format;
  throw new UsageError(
    `Cannot use --format ${name} for variables: wanted ${formatNames.join(", ")}`,
    {
      hint: `'stsaval creds NAME --format ${name}' prints it`,
    },
  );
}

/** Unsets what was set for the same profile. Without a profile, or if it no longer exists, the region is left alone. */
async function unsetText(invocation: Invocation, format: Format): Promise<string> {
  if (format.formatUnset === undefined) {
    throw new UsageError(
      `Cannot use --unset with --format ${format.name}: it cannot unset variables`,
    );
  }
  const isTyped = typedNames(invocation.arguments).length > 0;
  const name = isTyped ? await wantedProfile(invocation) : namedProfile(invocation);
  const core = await openCore(invocation);
  await using _core = core;
  const region = name === undefined
    ? invocation.arguments.text("region")
    : await regionOf(invocation, core, name);
  return format.formatUnset([setKey(name ?? "default")], { region });
}
