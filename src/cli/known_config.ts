/**
 * The configuration that a command line is about, read once however often it is asked for.
 *
 * @module
 */

import { expandHome } from "../config/home.ts";
import { addProfiles, type Config, loadConfig, loadRoleFile, parseOnce } from "../config/load.ts";
import { configOptions } from "../session/plan_settings.ts";
import type { System } from "../system.ts";
import type { Invocation } from "./command.ts";
import { coreSettings, memoizeReads } from "./core_settings.ts";
import { checkOutputFiles } from "./files/output_file.ts";
import { configFile, credentialsFile } from "./permissions/config_files.ts";

/** What is known of one command line's configuration. */
interface Known {
  readonly system: System;
  readonly texts: Map<string, Promise<string | undefined>>;
  readonly roleFiles: string[];
  config?: Promise<Config>;
}

const knownOf = new WeakMap<Invocation, Known>();

function known(invocation: Invocation): Known {
  const found = knownOf.get(invocation) ?? begin(invocation);
  knownOf.set(invocation, found);
  return found;
}

function begin({ arguments: given, system }: Invocation): Known {
  const context = { arguments: given, env: system.env };
  const roleFiles = [...given.list("role-file")];
  const paths = new Set([
    ...[configFile(context), credentialsFile(context)],
    ...roleFiles.map((path) => expandHome(path, system.env)),
  ]);
  const texts = new Map<string, Promise<string | undefined>>();
  const files = parseOnce(memoizeReads(system.files, { only: paths, texts, forgetLong: true }));
  return { system: { ...system, files }, texts, roleFiles };
}

/** The system, where the texts of the configuration's files are remembered: each may be a pipe. */
export function configSystem(invocation: Invocation): System {
  return known(invocation).system;
}

/** The files of role definitions: those of every `--role-file`, and what was added. */
export function roleFilesOf(invocation: Invocation): readonly string[] {
  return known(invocation).roleFiles;
}

/** Adds role definitions that are in no file; `name` stands for the file in messages. */
export function addRoleText(invocation: Invocation, name: string, text: string): void {
  const { roleFiles, texts } = known(invocation);
  texts.set(name, Promise.resolve(text));
  roleFiles.push(name);
}

/**
 * The profiles and groups of the files, with those of every `--role-file`.
 *
 * @throws {ConfigError} when a file cannot be read as configuration
 * @throws {UsageError} when one of them would be written too
 */
export function knownConfig(invocation: Invocation): Promise<Config> {
  return known(invocation).config ??= load(invocation);
}

async function load(invocation: Invocation): Promise<Config> {
  const system = configSystem(invocation);
  await checkOutputFiles(invocation.arguments, system);
  let config = await loadConfig(system, configOptions(coreSettings(invocation.arguments)));
  for (const file of roleFilesOf(invocation)) {
    config = addProfiles(config, await loadRoleFile(system, file));
  }
  return config;
}
