/**
 * Roles that no profile names: `--role-arn` puts them on top of the profile that is named, as a role file of their own.
 *
 * @module
 */

import { definedFields } from "../config/fields.ts";
import { settingNames } from "../config/file/setting_names.ts";
import {
  externalIdLimit,
  isWithin,
  roleArnLimit,
  roleSeconds,
  roleSessionNameLimit,
  type TextLimit,
} from "../config/limits.ts";
import type { Config } from "../config/load.ts";
import { resolveChain } from "../config/plan/chain.ts";
import { agreedMfa } from "../config/plan/session_plan.ts";
import { UsageError } from "../errors.ts";
import { visible } from "../output/table.ts";
import { planRequest } from "../session/plan_settings.ts";
import type { Invocation } from "./command.ts";
import { coreSettings } from "./core_settings.ts";
import { addRoleText } from "./known_config.ts";

/** What goes with `--role-arn` alone. */
const companions = ["role-session-name", "external-id", "duration-seconds"];

/**
 * The ARNs of `--role-arn`, each once.
 *
 * @throws {UsageError} when one breaks the rule of STS, or what goes with a role stands without one
 */
export function wantedRoles({ arguments: given }: Invocation): readonly string[] {
  const arns = [...new Set(given.list("role-arn"))];
  for (const arn of arns) check("role-arn", arn, roleArnLimit);
  const stray = companions.find((name) => given.text(name) !== undefined);
  if (arns.length > 0 || stray === undefined) return arns;
  throw new UsageError(`Cannot use --${stray} without --role-arn: it is about that role`);
}

/**
 * Makes profiles of the roles, with `source` as their source profile if there is one, and gives their names: the account, a hyphen and
 * the role's name without its path.
 *
 * @throws {UsageError} when an option breaks a rule of STS, or a name is taken
 * @throws {ProfileError} when the source cannot be used
 */
export function addRoles(
  invocation: Invocation,
  config: Config,
  source: string | undefined,
): string[] {
  const settings = settingsOf(invocation, config, source);
  const roles = new Map<string, Readonly<Record<string, string>>>();
  for (const arn of wantedRoles(invocation)) {
    const name = nameOf(arn);
    if (config.profiles.has(name) || roles.has(name)) {
      throw new UsageError(`Cannot use --role-arn ${arn}: there is a profile "${name}" already`);
    }
    roles.set(name, { [settingNames.roleArn]: arn, ...settings });
  }
  addRoleText(invocation, "--role-arn", JSON.stringify(Object.fromEntries(roles)));
  return [...roles.keys()];
}

/** `arn:aws:iam::123456789012:role/path/Deploy` → `123456789012-Deploy`. */
function nameOf(arn: string): string {
  const [account = "", role = ""] = arn.split(":").slice(4);
  return `${account}-${role.slice(role.lastIndexOf("/") + 1)}`;
}

function settingsOf(
  invocation: Invocation,
  config: Config,
  source: string | undefined,
): Readonly<Record<string, string>> {
  const { arguments: given } = invocation;
  const seconds = given.wholeNumber("duration-seconds");
  if (seconds !== undefined && !isWithin(seconds, roleSeconds)) {
    throw new UsageError(
      `Cannot use "${seconds}" for --duration-seconds: wanted ${roleSeconds.min} to ${roleSeconds.max}`,
    );
  }
  return definedFields<Record<string, string>>({
    [settingNames.sourceProfile]: source,
    [settingNames.roleSessionName]: checked(given, "role-session-name", roleSessionNameLimit),
    [settingNames.externalId]: checked(given, "external-id", externalIdLimit),
    [settingNames.durationSeconds]: seconds?.toString(),
    [settingNames.mfaSerial]: source === undefined
      ? undefined
      : deviceOf(invocation, config, source),
    [settingNames.region]: config.profiles.get(source ?? "")?.region,
  });
}

function checked(
  given: Invocation["arguments"],
  option: string,
  limit: TextLimit,
): string | undefined {
  const text = given.text(option);
  return text === undefined ? undefined : check(option, text, limit);
}

function check(option: string, text: string, limit: TextLimit): string {
  if (limit.pattern.test(text)) return text;
  throw new UsageError(`Cannot use "${visible(text)}" for --${option}: wanted ${limit.wanted}`);
}

/** A user that names no device has the one that all its other roles name. */
function deviceOf(
  { arguments: given, system }: Invocation,
  config: Config,
  source: string,
): string | undefined {
  const request = planRequest(coreSettings(given), {}, system.env);
  const chain = resolveChain(config, source, undefined, { request });
  if (chain.roles.length > 0 || chain.baseProfile.mfaSerial !== undefined) return undefined;
  return agreedMfa(config, ({ sourceProfile }) => sourceProfile === source)?.serial;
}
