/**
 * Keeps answers of `stsaval process` for the script `stsaval-process`.
 *
 * @module
 */

import { createAnswerFolder, isAnswerName } from "../../cache/answers.ts";
import { createLogoutFile } from "../../cache/cache.ts";
import { type Logger, loggerFor } from "../../logger.ts";
import { keptAnswer } from "../../session/kept/answer.ts";
import type { Environment, System } from "../../system.ts";
import type { CommandOption } from "../command.ts";
import { memoizeReads, typedNames } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { programPaths } from "../permissions/config_files.ts";
import { answerVariable } from "./variables.ts";

/** What keeping an answer needs. */
export interface AnswerContext {
  readonly arguments: ParsedArguments;
  readonly system: Pick<System, "clock" | "env" | "files">;
  readonly logger: Logger;
}

/** Options that change no plan: with them `process` answers as without them. */
export const harmlessOptions: readonly string[] = [
  ...["profile", "keep-answer", "mfa-code", "mfa-command"],
  ...["timeout", "max-attempts", "lock-timeout"],
];

/** Keeps the answer of `process --keep-answer` for the profile, if it was named as it is called and by nothing more. */
export async function keepAnswerOf(
  context: AnswerContext,
  profile: string,
  options: readonly CommandOption[],
): Promise<void> {
  const { arguments: given, logger } = context;
  const option = options.find((one) => !harmlessOptions.includes(one.name) && isGiven(given, one));
  const typed = typedNames(given);
  const why = option !== undefined
    ? `--${option.negated ? "no-" : ""}${option.name} was given`
    : typed.length !== 1 || typed[0] !== profile
    ? "the profile was not named as it is called"
    : whyNever(context);
  const log = loggerFor(logger, "answer");
  if (why !== undefined) return log.info(`answer: not kept: ${why}`);
  try {
    await keepAnswer(context, profile);
  } catch (error) {
    // It was printed already.
    log.warn(`answer: not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether the option is on the command line. */
export function isGiven(given: ParsedArguments, { name, negated }: CommandOption): boolean {
  if (negated) return given.isNegated(name);
  return given.flag(name) || given.text(name) !== undefined || given.list(name).length > 0;
}

/** Why no answer can be kept in this environment; undefined if one can. */
export function whyNever({ system: { env } }: Pick<AnswerContext, "system">): string | undefined {
  const variable = answerVariable(env);
  if (variable !== undefined) return `${variable} is set`;
  return env.get("HOME")?.startsWith("/") ? undefined : "HOME is no absolute path";
}

/**
 * Keeps the answer that `stsaval process` would give now from the cache. One that may not be kept is removed; where there
 * is no fresh one, an older one stays. Only warns where that fails.
 */
export async function keepAnswer(
  { system, logger }: Pick<AnswerContext, "system" | "logger">,
  profile: string,
): Promise<void> {
  if (!isAnswerName(profile)) return;
  const env = homeAlone(system.env);
  const folder = createAnswerFolder({ ...system, env, logger });
  if (folder === undefined) return;
  // No logout comes between the look at the cache and the answer, or it removes the answer.
  const lock = await createLogoutFile({ ...system, env, logger })?.lock("writer");
  using _lock = lock;
  const { files, madeOf, isUnchanged } = await watchConfig(system, env);
  if (madeOf === undefined) return;
  const ports = { clock: system.clock, env, files };
  const answer = await keptAnswer(ports, profile);
  if (answer === "never") await folder.remove(profile);
  if (answer === "never" || answer === undefined) return;
  await folder.keep(profile, { ...answer, madeOf }, isUnchanged);
  if (lock === undefined && await keptAnswer(ports, profile) === undefined) {
    await folder.remove(profile);
  }
}

/** The environment that the script takes for granted. */
function homeAlone(env: Environment): Environment {
  return { get: (name) => name === "HOME" ? env.get(name) : undefined };
}

/**
 * Files whose configuration is read once; which files these were before they were read, undefined where that cannot be told;
 * and whether they still are what was read.
 */
async function watchConfig({ files }: AnswerContext["system"], env: Environment) {
  const texts = new Map<string, Promise<string | undefined>>();
  const paths = programPaths({ env });
  const madeOf = await versionsOf(paths, files);
  return {
    files: memoizeReads(files, { only: new Set(paths), texts }),
    madeOf,
    isUnchanged: async () => {
      for (const [path, text] of texts) {
        if (await files.readText(path) !== await text) return false;
      }
      return await versionsOf(paths, files) === madeOf;
    },
  };
}

async function versionsOf(
  paths: readonly string[],
  files: AnswerContext["system"]["files"],
): Promise<string | undefined> {
  const versions: string[] = [];
  for (const path of paths) {
    const facts = await files.facts(path);
    const version = facts === undefined ? "-" : facts.version;
    if (version === undefined) return undefined;
    versions.push(version);
  }
  return versions.join(" ");
}
