/**
 * What the checks of `stsaval doctor` look at: gathered once, so that a check is a function of it.
 *
 * @module
 */

import { leftoversOf } from "../../config/file/leftovers.ts";
import type { Config } from "../../config/load.ts";
import type { FileFacts } from "../../system.ts";
import type { Invocation } from "../command.ts";
import { configSystem, knownConfig } from "../known_config.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";

/** One of the two files. */
export interface ExaminedFile {
  readonly kind: "config" | "credentials";
  readonly path: string;
  /** Undefined where there is none, or it cannot be read. */
  readonly text: string | undefined;
  /** Why it cannot be read. */
  readonly error: unknown;
  readonly facts: FileFacts | undefined;
  /** Temporary files of killed processes. */
  readonly leftovers: readonly string[];
}

/** Everything that was looked at. */
export interface Examined {
  readonly invocation: Invocation;
  readonly files: readonly ExaminedFile[];
  /** Undefined where the files cannot be read as configuration. */
  readonly config: Config | undefined;
  /** Why they cannot. */
  readonly configError: unknown;
}

/** Looks at the two files and loads them. */
export async function examine(invocation: Invocation): Promise<Examined> {
  const context = { arguments: invocation.arguments, env: invocation.system.env };
  const files = await Promise.all([
    examineFile(invocation, "config", configFile(context)),
    examineFile(invocation, "credentials", credentialsFile(context)),
  ]);
  try {
    const config = await knownConfig(invocation);
    return { invocation, files, config, configError: undefined };
  } catch (configError) {
    return { invocation, files, config: undefined, configError };
  }
}

async function examineFile(
  invocation: Invocation,
  kind: ExaminedFile["kind"],
  path: string,
): Promise<ExaminedFile> {
  const { files } = configSystem(invocation);
  const facts = await files.facts(path).catch(() => undefined);
  const target = await files.target(path).catch(() => path);
  const leftovers = await leftoversOf(files, target);
  try {
    const text = await files.readText(path);
    return { kind, path, facts, leftovers, text, error: undefined };
  } catch (error) {
    return { kind, path, facts, leftovers, text: undefined, error };
  }
}
