/**
 * `stsaval creds`: the credentials of many profiles at once.
 *
 * @module
 */

import { StsavalError } from "../../errors.ts";
import { formats } from "../../output/format.ts";
import { hasColor } from "../../output/style.ts";
import type { Command, Invocation } from "../command.ts";
import { mfaCodeOption, openCore } from "../context.ts";
import { checkFormat, chooseFormat, emit } from "../output.ts";
import { wantedProfiles } from "../profile_names.ts";
import { withNoStrictHint } from "./shared/partial_failure.ts";
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
  roleOptions,
  stsOptions,
} from "../options.ts";

const formatNames = formats.map((format) => format.name);

/** The record. */
export const creds: Command = {
  name: "creds",
  topic: "get",
  summary: "Get the credentials of many profiles with one MFA code",
  description:
    "Asks for one MFA code if one is needed, gets a session token with it, and assumes the roles of all\n" +
    "the profiles at once. Standard output carries the credentials and nothing else.",
  operands: "[PROFILE…]",
  options: [
    ...profilesOptions,
    ...roleOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...mfaOptions,
    lifetimeOption,
    { name: "format", value: "FORMAT", choices: formatNames, summary: formatNames.join(", ") },
    { name: "show-secrets", summary: "Show secrets in the table too" },
    {
      name: "output",
      value: "FILE",
      summary: "Write to FILE (mode 0600) instead of standard output",
    },
    { name: "strict", negated: true, summary: "Return the profiles that work when others fail" },
    { name: "concurrency", value: "N", summary: "At most N calls at once (100)" },
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval creds dev qa prod", summary: "three roles, one code" },
    { line: "stsaval creds dev --format env", summary: "for a shell" },
    {
      line: "stsaval creds --all --no-strict --output creds.json",
      summary: "all roles, to a file",
    },
    {
      line: "cat names.txt | stsaval creds - --mfa-code 123456",
      summary: "names from a file",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "write-output"],
  run: runCreds,
};

async function runCreds(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const names = await wantedProfiles(invocation);
  const format = chooseFormat(invocation);
  checkFormat(format, names);
  const core = await openCore(invocation);
  await using _core = core;
  const set = await core.generateCredentials(names, {
    lifetime: given.text("lifetime"),
    keepFresh: false,
    mfaCode: mfaCodeOption(invocation),
    strict: given.flag("strict"),
    signal,
  }).catch((error) => {
    throw withNoStrictHint(error, names.length);
  });
  await emit(
    invocation,
    format.format(set.toJSON(), {
      now: system.clock.now(),
      showSecrets: given.flag("show-secrets"),
      columns: system.terminal.columns(),
      color: given.text("output") === undefined && hasColor(system, "out"),
    }),
  );
  reportFailures(set.errors, names.length);
  return 0;
}

/**
 * Reports the profiles that failed with `--no-strict`: one error for all, so that `--json` is one line.
 *
 * @throws {StsavalError} with the code of the first one
 */
function reportFailures(
  errors: Readonly<Record<string, StsavalError>>,
  requested: number,
): void {
  const failed = Object.entries(errors);
  const [first] = failed;
  if (first === undefined) return;
  const lines = failed.map(([profile, error]) => `\n  "${profile}": ${error.message}`);
  throw new StsavalError(
    first[1].code,
    `${failed.length} of ${requested} profiles failed:${lines.join("")}`,
    { hint: first[1].hint },
  );
}
