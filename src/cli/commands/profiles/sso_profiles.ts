/**
 * `stsaval sso profiles`: a profile for each role that a person has in IAM Identity Center.
 *
 * @module
 */

import { acquireLock } from "../../../cache/lock.ts";
import { ProgressState, type Work } from "../../../progress.ts";
import { editSharedFile } from "../../../config/file/edit_shared_file.ts";
import {
  addSsoProfiles,
  type SsoProfilesRequest,
  type SsoProfilesResult,
} from "../../../config/file/sso_sections.ts";
import { pathInHome } from "../../../config/home.ts";
import { UsageError } from "../../../errors.ts";
import { loggerFor } from "../../../logger.ts";
import { visibleLines } from "../../../output/table.ts";
import type { Command, Invocation } from "../../command.ts";
import { reportWait, waitReporter } from "../../context.ts";
import { connectedSystem } from "../../connected_system.ts";
import { coreSettings } from "../../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../../help/environment.ts";
import { knownConfig } from "../../known_config.ts";
import { configFile } from "../../permissions/config_files.ts";
import { parseNameTemplate, placeNames } from "../shared/sso_names.ts";
import { type SsoLogin, ssoLoginOfSession } from "../shared/sso_login.ts";

const defaultTemplate = "{account_name}-{role}";

/** The record. */
export const ssoProfiles: Command = {
  name: "sso profiles",
  topic: "setUp",
  summary: "Write a profile for each role that you have in IAM Identity Center",
  description:
    "Lists the accounts and roles of a sign-in, and adds the profiles that are missing to ~/.aws/config. What is\n" +
    "there stays as it is; profiles that were added here and whose role is gone are removed with --prune.",
  options: [
    {
      name: "sso-session",
      value: "NAME",
      summary: "The [sso-session NAME] section; default: the only one",
    },
    {
      name: "name",
      value: "TEMPLATE",
      summary: `Names of ${placeNames.join(", ")} (${defaultTemplate})`,
    },
    { name: "region", value: "REGION", summary: "The region of the profiles; default: none" },
    { name: "prune", summary: "Remove profiles that were added here and whose role is gone" },
    { name: "dry-run", summary: "Print what would be changed, as a diff" },
    {
      name: "config-file",
      value: "FILE",
      summary: "Read and change FILE instead of ~/.aws/config",
    },
    {
      name: "lock-timeout",
      value: "SECONDS",
      summary: "How long to wait for another process (120)",
    },
  ],
  examples: [
    { line: "stsaval sso profiles --dry-run", summary: "what would be added" },
    { line: "stsaval sso profiles --name '{account}.{role}' --prune", summary: "and removed" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: ["read-aws", "sources", "sts", "write-config"],
  run: runSsoProfiles,
};

async function runSsoProfiles(invocation: Invocation): Promise<number> {
  const { arguments: given } = invocation;
  const path = configPath(invocation);
  const nameOf = parseNameTemplate(given.text("name") ?? defaultTemplate);
  const login = await chooseLogin(invocation);
  const roles = await listRoles(invocation, login);
  const request: SsoProfilesRequest = {
    ...{ roles, nameOf, session: login.name, prune: given.flag("prune") },
    region: given.text("region"),
  };
  const { system } = invocation;
  let result = addSsoProfiles(await system.files.readText(path) ?? "", request);
  if (!given.flag("dry-run")) {
    await edit(invocation, path, (text) => {
      result = addSsoProfiles(text ?? "", request);
      return text === undefined && result.text === "" ? undefined : result.text;
    });
  }
  report(invocation, path, result);
  return 0;
}

async function chooseLogin(invocation: Invocation): Promise<SsoLogin> {
  const config = await knownConfig(invocation);
  const named = invocation.arguments.text("sso-session");
  if (named !== undefined) return ssoLoginOfSession(config, named);
  const [only, another] = config.ssoSessions.keys();
  if (only !== undefined && another === undefined) return ssoLoginOfSession(config, only);
  const names = [...config.ssoSessions.keys()].map((name) => `"${name}"`).join(", ");
  const found = only === undefined
    ? `"${config.files.config}" has no section [sso-session …]`
    : `found ${names}`;
  throw new UsageError(`Cannot choose a sign-in: ${found}`, {
    hint: only === undefined
      ? "add one with its start URL and region; 'aws configure sso' does so too"
      : "name one with --sso-session",
  });
}

async function listRoles(invocation: Invocation, { name, target }: SsoLogin) {
  const { arguments: given, logger, signal } = invocation;
  const system = await connectedSystem(invocation, [name]);
  const { timeoutMs, lockTimeoutMs } = coreSettings(given);
  system.network.callOnly?.([target.oidcUrl, target.portalUrl]);
  const { listSsoRoles } = await import("../../../source/sso/roles.ts");
  const waits = new ProgressState(invocation.onProgress);
  using _signingIn = waits.begin(0, "accounts");
  let work: Work | undefined;
  const count = (_done: number, all: number) => {
    work ??= waits.begin(all, "accounts");
    work.done();
  };
  const listing = listSsoRoles({ ...target, profile: name, isSection: true }, {
    system,
    now: () => system.clock.now(),
    logger: loggerFor(logger, "sso"),
    signal,
    timeoutMs,
    lockTimeoutMs,
    onWait: waitReporter(invocation),
    waits,
  }, count);
  return await listing.finally(() => work?.[Symbol.dispose]());
}

function configPath({ arguments: given, system: { env } }: Invocation): string {
  const named = configFile({ arguments: given, env });
  const path = pathInHome(named, env);
  if (path !== undefined) return path;
  throw new UsageError(`Cannot find "${named}": the home folder is not known`, {
    hint: "set HOME, or name the file with --config-file",
  });
}

/** One process at a time; a waiter reports the lock holder. */
function edit(
  { arguments: given, signal, system }: Invocation,
  path: string,
  change: (text: string | undefined) => string | undefined,
): Promise<void> {
  const { lockTimeoutMs } = coreSettings(given);
  return editSharedFile(system.files, path, change, (file) =>
    acquireLock(system, file, {
      purpose: "changes the config file",
      goal: `change "${path}"`,
      timeoutMs: lockTimeoutMs,
      signal,
      onWait: (holder) => reportWait(system.terminal, holder),
    }));
}

function report(
  { arguments: given, system: { terminal } }: Invocation,
  path: string,
  { added, removed, kept, gone, diff }: SsoProfilesResult,
): void {
  if (given.flag("json")) {
    terminal.out(`${JSON.stringify({ file: path, added, removed, kept, gone })}\n`);
    return;
  }
  if (given.flag("dry-run")) {
    terminal.out(diff.map((line) => `${visibleLines(line)}\n`).join(""));
  }
  if (given.flag("quiet")) return;
  const would = given.flag("dry-run") ? "Would add" : "Added";
  const left = gone.length - removed.length;
  const more = left === 0 ? "" : `; ${left} whose role is gone stay, --prune removes them`;
  terminal.err(
    `${would} ${added.length} profiles, removed ${removed.length}, kept ${kept.length}${more}\n`,
  );
}
