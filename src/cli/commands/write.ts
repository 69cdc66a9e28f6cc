/**
 * `stsaval write`: credentials as sections of the credentials file.
 *
 * @module
 */

import {
  addSections,
  checkSections,
  removeSections,
  type WrittenSection,
  writtenSections,
} from "../../config/file/edit.ts";
import { type Edit, editSharedFile, readWhole } from "../../config/file/edit_shared_file.ts";
import { pathInHome } from "../../config/home.ts";
import { endOf, setKey } from "../../credentials.ts";
import { UsageError } from "../../errors.ts";
import { formatIni } from "../../output/ini.ts";
import type { CredentialSet } from "../../output/credential_set.ts";
import type { StsCore } from "../../session/core.ts";
import { acquireLockIfAny } from "../../cache/lock.ts";
import type { Command, CommandOption, Invocation } from "../command.ts";
import { mfaCodeOption, openCore, reportWait } from "../context.ts";
import { wantedProfiles } from "../profile_names.ts";
import { coreSettings, typedNames } from "../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { credentialsFile } from "../permissions/config_files.ts";
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

const lockTimeoutOption: CommandOption = {
  name: "lock-timeout",
  value: "SECONDS",
  summary: "Wait SECONDS for a process that prompts for the code or changes the file (120)",
};

/** The record. */
export const write: Command = {
  name: "write",
  topic: "handOut",
  summary: "Put credentials into the credentials file, for tools that read nothing else",
  description:
    "Gets the credentials of the profiles with one MFA code, and puts [sts-<profile>] for each of them into the\n" +
    "credentials file. Everything else in the file stays as it is; --remove makes it what it was before.",
  operands: "[PROFILE…]",
  options: [
    ...profilesOptions,
    {
      name: "remove",
      summary: "Remove the sections again: those of PROFILE, or all that were written",
    },
    ...narrowingOptions,
    ...githubOptions,
    ...mfaOptions,
    lifetimeOption,
    ...cacheOptions.map((option) => option.name === "lock-timeout" ? lockTimeoutOption : option),
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval write dev qa", summary: "[sts-dev] and [sts-qa]" },
    { line: "stsaval write --remove qa", summary: "removes [sts-qa]" },
    { line: "stsaval write --remove", summary: "the file as it was before" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "write-aws"],
  run: (invocation) =>
    invocation.arguments.flag("remove") ? runRemove(invocation) : runWrite(invocation),
};

async function runWrite(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const path = credentialsPath(invocation);
  const names = await wantedProfiles(invocation);
  const core = await openCore(invocation);
  await using _core = core;
  // A code is used up only if the sections can be written.
  checkSections(await readWhole(system.files, path), names.map(setKey), path);
  const set = await core.generateCredentials(names, {
    lifetime: given.text("lifetime"),
    keepFresh: false,
    mfaCode: mfaCodeOption(invocation),
    signal,
  });
  const credentials = set.toJSON();
  const sections = formatSections(credentials, await regionsOf(core), system.clock.now());
  await edit(invocation, path, (text) => addSections(text, sections, path));
  reportWritten(invocation, path, credentials);
  return 0;
}

async function runRemove(invocation: Invocation): Promise<number> {
  const path = credentialsPath(invocation);
  const names = await namesToRemove(invocation);
  let removed: readonly string[] = [];
  await edit(invocation, path, (text) => {
    const written = writtenSections(text, path);
    removed = written.filter((name) => names === "all" || names.includes(name));
    return removeSections(text, names, path);
  });
  reportRemoved(invocation, path, removed);
  return 0;
}

/** One process at a time; a waiter reports the lock holder. */
function edit(invocation: Invocation, path: string, change: Edit): Promise<void> {
  const { arguments: given, logger, signal, system } = invocation;
  const { lockTimeoutMs } = coreSettings(given);
  return editSharedFile(
    system.files,
    path,
    change,
    (file) =>
      acquireLockIfAny({ ...system, logger }, file, {
        purpose: "changes the credentials file",
        goal: `change "${path}"`,
        timeoutMs: lockTimeoutMs,
        signal,
        onWait: (holder) => reportWait(system.terminal, holder),
      }),
  );
}

async function namesToRemove(invocation: Invocation): Promise<readonly string[] | "all"> {
  const { arguments: given } = invocation;
  const stray = [
    ...mfaOptions,
    ...narrowingOptions,
    ...githubOptions,
    lifetimeOption,
    ...stsOptions,
  ]
    .find(({ name }) => given.text(name) !== undefined || given.flag(name));
  if (stray !== undefined) {
    throw new UsageError(`Cannot use --${stray.name} with --remove: STS is not called`);
  }
  if (given.flag("all") || typedNames(given).length === 0) return "all";
  return (await wantedProfiles(invocation)).map(setKey);
}

/** The path of the credentials file in use. */
function credentialsPath({ arguments: given, system: { env } }: Invocation): string {
  const named = credentialsFile({ arguments: given, env });
  const path = pathInHome(named, env);
  if (path !== undefined) return path;
  throw new UsageError(`Cannot find "${named}": the home folder is not known`, {
    hint: "set HOME, or name the file with --credentials-file",
  });
}

/** The regions that the profiles set themselves, by the names of their sections. */
async function regionsOf(core: StsCore): Promise<ReadonlyMap<string, string | undefined>> {
  const profiles = await core.profiles();
  return new Map(profiles.map(({ name, region }) => [setKey(name), region]));
}

function formatSections(
  credentials: CredentialSet,
  regions: ReadonlyMap<string, string | undefined>,
  now: number,
): readonly WrittenSection[] {
  return Object.entries(credentials).map(([name, fields]) => ({
    name,
    text: formatIni({ [name]: fields }, { now, region: regions.get(name) }),
  }));
}

function reportWritten(invocation: Invocation, path: string, credentials: CredentialSet): void {
  const sections = Object.entries(credentials).map(([name, fields]) => ({
    name,
    expiration: endOf(fields)?.toISOString() ?? null,
  }));
  report(
    invocation,
    { file: path, written: sections },
    sections.map(({ name, expiration }) =>
      `Wrote [${name}] to "${path}", ${
        expiration === null ? "without an end" : `until ${expiration}`
      }`
    ),
  );
}

function reportRemoved(invocation: Invocation, path: string, removed: readonly string[]): void {
  const lines = removed.map((name) => `Removed [${name}] from "${path}"`);
  const nothing = `Nothing to remove from "${path}": no such section was written by stsaval`;
  report(invocation, { file: path, removed }, lines.length === 0 ? [nothing] : lines);
}

/** The result is the file, so the report goes to standard error, unless `--json` is given. */
function report(
  { arguments: given, system: { terminal } }: Invocation,
  result: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): void {
  if (given.flag("json")) terminal.out(`${JSON.stringify(result)}\n`);
  else if (!given.flag("quiet")) terminal.err(lines.map((line) => `${line}\n`).join(""));
}
