/**
 * `stsaval init`: from nothing to a profile that works.
 *
 * @module
 */

import {
  addToConfig,
  addToCredentials,
  type ChangedFile,
  type NewProfiles,
} from "../../config/file/new_profiles.ts";
import { editSharedFile, readWhole } from "../../config/file/edit_shared_file.ts";
import { pathInHome } from "../../config/home.ts";
import type { Config } from "../../config/load.ts";
import { acquireLockIfAny } from "../../cache/lock.ts";
import type { AccessKeys } from "../../credentials.ts";
import { SourceError, StsavalError, UsageError } from "../../errors.ts";
import { visibleLines } from "../../output/table.ts";
import { iamEndpoint } from "../../source/iam/iam_hosts.ts";
import type { Command, Invocation } from "../command.ts";
import { reportWait } from "../context.ts";
import { connectedSystem } from "../connected_system.ts";
import { coreSettings } from "../core_settings.ts";
import { networkEnvironment } from "../help/environment.ts";
import { gatherProfiles } from "../init/questions.ts";
import { knownConfig } from "../known_config.ts";
import { fileOptions } from "../options.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";
import { confirm } from "../prompt/ask_line.ts";

/** The record. */
export const init: Command = {
  name: "init",
  topic: "setUp",
  summary: "Write the profiles of a user, its MFA device and its roles, from nothing",
  description:
    "Asks for what no option gives: the user's keys, its roles, a region. The MFA device is found by\n" +
    "iam:ListMFADevices, where the user may call it. What would be written is shown first, without the secret;\n" +
    "what is in the files stays, and a profile that is there is never overwritten. The secret access key is\n" +
    "typed without echo, or read from standard input: it is no option, which other programs could see.",
  options: [
    { name: "user", value: "NAME", summary: "The profile of the user's keys (default)" },
    { name: "access-key-id", value: "ID", summary: "The user's access key id: AKIA…" },
    { name: "secret-stdin", summary: "Read the secret access key from standard input" },
    { name: "mfa-serial", value: "ARN", summary: "The MFA device; default: asked of IAM" },
    { name: "mfa", negated: true, summary: "Use no MFA device" },
    {
      name: "role",
      value: "ROLE",
      repeatable: true,
      summary: "NAME=ARN, or an ARN alone, whose profile is named like the role",
    },
    { name: "region", value: "REGION", summary: "The region of the profiles" },
    { name: "endpoint-url", value: "URL", summary: "An endpoint for all services: an emulator" },
    { name: "offline", summary: "Make no network call: IAM is not asked for the device" },
    { name: "dry-run", summary: "Print what would be written, and write nothing" },
    { name: "yes", short: "y", summary: "Do not ask before writing" },
    { name: "timeout", value: "SECONDS", summary: "Time out each attempt of a call (10)" },
    {
      name: "lock-timeout",
      value: "SECONDS",
      summary: "How long to wait for another process (120)",
    },
    ...fileOptions.filter(({ name }) => name !== "role-file"),
  ],
  examples: [
    { line: "stsaval init", summary: "asks for everything" },
    {
      line: "stsaval init --role dev=arn:aws:iam::123456789012:role/Dev --region eu-west-1",
      summary: "asks for the rest",
    },
  ],
  environment: networkEnvironment,
  needs: ["read-aws", "default-chain", "iam", "sts", "write-config", "write-aws"],
  run: runInit,
};

async function runInit(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const { clock, terminal } = system;
  const paths = pathsOf(invocation);
  const config = await existingConfig(invocation, paths);
  const added = await gatherProfiles(
    invocation,
    config,
    (keys) => listDevices(invocation, config, keys),
  );
  const changes = await changesOf(invocation, paths, added);
  if (changes.length === 0) {
    throw new UsageError(`Nothing to write: profile "${added.user}" is there already`, {
      hint: "name a role with --role NAME=ARN",
    });
  }
  const shown = changes.flatMap(({ path, diff }) => [`+++ ${path}`, ...diff]);
  const text = shown.map((line) => `${visibleLines(line)}\n`).join("");
  if (given.flag("dry-run")) {
    terminal.out(text);
    return 0;
  }
  terminal.err(text);
  const wanted = given.flag("yes") ||
    await confirm({ clock, signal, terminal }, "Write this?", "add --yes to write without asking");
  if (!wanted) {
    terminal.err("Nothing was written\n");
    return 0;
  }
  await writeAll(invocation, changes);
  report(invocation, added, changes);
  return 0;
}

/** Files that are missing are made, also where an option names them. */
async function existingConfig(
  invocation: Invocation,
  paths: readonly string[],
): Promise<Config> {
  const { files } = invocation.system;
  const facts = await Promise.all(paths.map((path) => files.facts(path).catch(() => undefined)));
  if (facts.every((one) => one !== undefined)) return await knownConfig(invocation);
  const { loadConfig } = await import("../../config/load.ts");
  const { configOptions } = await import("../../session/plan_settings.ts");
  const readText = async (path: string) =>
    await files.readText(path) ?? (paths.includes(path) ? "" : undefined);
  return await loadConfig(
    { env: invocation.system.env, files: { readText } },
    configOptions(coreSettings(invocation.arguments)),
  );
}

function pathsOf({ arguments: given, system: { env } }: Invocation): readonly [string, string] {
  const [config, credentials] = [configFile, credentialsFile].map((named) => {
    const path = named({ arguments: given, env });
    const found = pathInHome(path, env);
    if (found !== undefined) return found;
    throw new UsageError(`Cannot find "${path}": the home folder is not known`, {
      hint: "set HOME, or name both files with --config-file and --credentials-file",
    });
  });
  return [config ?? "", credentials ?? ""];
}

/** The serial numbers; a text says why IAM did not tell them. */
async function listDevices(
  invocation: Invocation,
  { environment, profiles }: Config,
  keys: AccessKeys,
): Promise<readonly string[] | string> {
  const { arguments: given, signal } = invocation;
  const name = given.text("user") ?? "default";
  const profile = profiles.get(name);
  const endpoint = iamEndpoint(
    given.text("region") ?? environment.region ?? profile?.region,
    given.text("endpoint-url") ?? environment.endpointUrl ?? profile?.endpointUrl,
  );
  const system = await connectedSystem(invocation, []);
  system.network.callOnly?.([endpoint.url]);
  const { listMfaSerials } = await import("../../source/iam/mfa_devices.ts");
  const { timeoutMs } = coreSettings(given);
  try {
    return await listMfaSerials({ system, signal, timeoutMs }, keys, endpoint);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError)) throw error;
    return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  }
}

async function changesOf(
  { system: { files } }: Invocation,
  [config, credentials]: readonly [string, string],
  added: NewProfiles,
): Promise<readonly ChangedFile[]> {
  const changes = [
    addToConfig({ path: config, text: await readWhole(files, config) }, added),
    addToCredentials({ path: credentials, text: await readWhole(files, credentials) }, added),
  ];
  return changes.filter((change) => change !== undefined);
}

/** Both files, or none: where the second cannot be written, the first becomes what it was. */
async function writeAll(invocation: Invocation, changes: readonly ChangedFile[]): Promise<void> {
  const written: ChangedFile[] = [];
  try {
    for (const change of changes) {
      await replace(invocation, change.path, change.before, change.after);
      written.push(change);
    }
  } catch (error) {
    for (const { path, before, after } of written) {
      await replace(invocation, path, after, before).catch(() => {});
    }
    throw error;
  }
}

function replace(
  { arguments: given, logger, signal, system }: Invocation,
  path: string,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  const { lockTimeoutMs } = coreSettings(given);
  return editSharedFile(system.files, path, (text) => {
    if (text === before) return after;
    throw new StsavalError("FAILED", `Cannot write "${path}": another program has changed it`, {
      hint: "run stsaval init again",
    });
  }, (lock) =>
    acquireLockIfAny({ ...system, logger }, lock, {
      purpose: "adds profiles",
      goal: `change "${path}"`,
      timeoutMs: lockTimeoutMs,
      signal,
      onWait: (holder) => reportWait(system.terminal, holder),
    }));
}

function report(
  { arguments: given, system: { terminal } }: Invocation,
  { user, roles }: NewProfiles,
  changes: readonly ChangedFile[],
): void {
  const profiles = [user, ...roles.map(({ name }) => name)];
  if (given.flag("json")) {
    terminal.out(`${JSON.stringify({ profiles, files: changes.map(({ path }) => path) })}\n`);
    return;
  }
  if (given.flag("quiet")) return;
  const [first = user] = roles.map(({ name }) => name);
  terminal.err(`Wrote ${changes.map(({ path }) => `"${path}"`).join(" and ")}\n`);
  terminal.err(`Try: stsaval creds ${first}\n`);
}
