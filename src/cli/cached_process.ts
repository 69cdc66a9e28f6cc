/**
 * `stsaval process` from the cache. The AWS CLI and the SDKs start it again and again and wait for it, so a cache hit is
 * printed before the rest of stsaval is loaded.
 *
 * @module
 */

import { build } from "../build.ts";
import { clock } from "../deno/clock.ts";
import { env } from "../deno/environment.ts";
import { files } from "../deno/files.ts";
import { permissions } from "../deno/permissions.ts";
import { terminal } from "../deno/terminal.ts";
import { errorTable, exitStatusOf, OutputClosedError } from "../errors.ts";
import { formatProcessLine, formatProcessOutput } from "../output/process.ts";
import { silentLogger } from "../logger.ts";
import { cachedCredentials } from "../session/cached_credentials.ts";
import type { ProgramSystem } from "../system.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import type { CommandOption } from "./command.ts";
import { askedOnce, cacheKeys } from "./cache_keys.ts";
import { coreSettings, memoizeReads, namedProfile } from "./core_settings.ts";
import { configFile, credentialsFile } from "./permissions/config_files.ts";
import { mfaCodeVariable } from "./mfa/code_variable.ts";
import { globalOptions } from "./options.ts";
import { fastParse } from "./parse/fast_parse.ts";
import { processRecord } from "./commands/shared/process_record.ts";
import { narrowAllButHosts } from "./permissions/sandbox.ts";

/** The ports that it needs. */
type CacheSystem =
  & Pick<ProgramSystem, "clock" | "env" | "files" | "permissions" | "terminal">
  // The runtime's own are loaded where the cache is sealed.
  & Partial<Pick<ProgramSystem, "processes">>;

/**
 * Prints the credentials from the cache, if the arguments of `process` allow it, and returns the exit status. Undefined
 * where the command itself has to run, for whatever reason: the command reports all errors.
 */
export async function processFromCache(
  words: readonly string[],
  system: CacheSystem = { clock, env, files, permissions, terminal },
): Promise<number | undefined> {
  const found = await readCache(words, system).catch(() => undefined);
  if (found === undefined) return undefined;
  try {
    system.terminal.out(found.text);
    await system.terminal.flush();
    await found.keep?.().catch(() => {});
    return 0;
  } catch (error) {
    if (error instanceof OutputClosedError) return exitStatusOf(error);
    // Output may be partial: do not fall back to the command, or it would be printed twice.
    system.terminal.err(`stsaval: ${error instanceof Error ? error.message : String(error)}\n`);
    await system.terminal.flush().catch(() => {});
    return errorTable.FAILED.exit;
  }
}

/** What is printed, and what keeps it for the next time. */
interface Found {
  readonly text: string;
  readonly keep?: () => Promise<void>;
}

async function readCache(
  words: readonly string[],
  system: CacheSystem,
): Promise<Found | undefined> {
  const given = fastParse(supportedOptions(), words);
  if (given === undefined || !await canUseCache(given, system)) return undefined;
  // The sandbox and the plan read the same files.
  const ports = { ...system, files: memoizeReads(system.files) };
  await narrowAllButHosts(processRecord, given, ports);
  const profile = namedProfile({ arguments: given, system });
  if (profile === undefined) return undefined;
  // No passphrase is asked for here: the command itself does that.
  const { signal } = new AbortController();
  const keepers = askedOnce({
    async keeper(name) {
      const processes = ports.processes ?? (await import("../deno/processes.ts")).processes;
      const found = { system: { ...ports, processes }, logger: silentLogger, signal };
      return await cacheKeys(found).keeper(name);
    },
  });
  const sealing = { keepers };
  const found = await cachedCredentials({ ...ports, sealing }, profile, coreSettings(given), {
    lifetime: given.text("lifetime"),
  });
  if (found === undefined) return undefined;
  // A cache hit needs no host and no program. A miss may, so that nothing is dropped before.
  system.permissions.drop("net");
  system.permissions.drop("run");
  const context = { arguments: given, system, logger: silentLogger, keepers };
  const { options } = processRecord;
  if (!given.flag("keep-answer")) {
    const text = formatProcessOutput(found);
    // From source no plan is kept, so that what keeps plans is not loaded.
    if (build === undefined) return { text };
    const keep = async () => {
      const { rememberLookup } = await import("./shortcut/remember.ts");
      await rememberLookup(context, options, { name: profile, credentials: found });
    };
    return { text, keep };
  }
  return {
    text: formatProcessLine(found),
    keep: async () => {
      const { keepAnswerOf } = await import("./answers/keep.ts");
      await keepAnswerOf(context, profile, options);
    },
  };
}

/** The options that select the cache entry, or that matter only on a cache miss. */
function supportedOptions(): readonly CommandOption[] {
  const names: readonly string[] = [
    ...[
      "profile",
      "lifetime",
      "region",
      "endpoint-url",
      "mfa-serial",
      "share-aws-cache",
      "seal-cache",
    ],
    "cache",
    ...["config-file", "credentials-file", "mfa-command", "lock-timeout", "timeout"],
    ...["max-attempts", "quiet", "input", "keep-answer"],
    ...["policy", "scope", "scope-for", "scope-description"],
  ];
  return [...processRecord.options, ...globalOptions].filter(({ name }) => names.includes(name));
}

/** Whether no MFA code is given that must be sent, and the command can read the files again on a cache miss. */
async function canUseCache(
  given: ParsedArguments,
  { env, files }: Pick<CacheSystem, "env" | "files">,
): Promise<boolean> {
  if (given.isNegated("cache") || env.get(mfaCodeVariable) !== undefined) return false;
  const context = { arguments: given, env };
  const typed = [given.text("policy") ?? "", given.text("scope") ?? ""];
  // JSON is no path.
  const policies = typed.filter((value) => value !== "" && !value.trim().startsWith("{"));
  const paths = [configFile(context), credentialsFile(context), ...policies];
  const facts = await Promise.all(paths.map((path) => files.facts(path)));
  return facts.every((one) => one?.special !== true);
}
