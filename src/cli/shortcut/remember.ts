/**
 * Keeps lookups for the short way.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import type { CacheKeyKeepers } from "../../cache/sealing/port.ts";
import { LookupFolder } from "../../cache/lookups/lookup_folder.ts";
import type { CredentialsFields } from "../../credentials.ts";
import { loggerFor, silentLogger } from "../../logger.ts";
import { lookupOf } from "../../session/kept/lookup.ts";
import type { Files, System } from "../../system.ts";
import { type AnswerContext, harmlessOptions, isGiven } from "../answers/keep.ts";
import type { CommandOption } from "../command.ts";
import { cacheKeys } from "../cache_keys.ts";
import { memoizeReads, typedNames } from "../core_settings.ts";
import { type PlainFile, planDigest, planFolder } from "./question.ts";

/** Options of `exec` and `env` that change no plan either. */
const otherOptions: readonly string[] = ["nested", "format"];

/**
 * Credentials are from the cache if they are older than any run of the program that asks for them; by STS's clock, which
 * may be ahead, so that new ones of a clock that is wrong count as old.
 */
const shortestAgeMs = 2_000;

/** What keeping a lookup needs: also what opens a sealed cache, or what that takes. */
export type RememberContext =
  & AnswerContext
  & ({ readonly keepers: CacheKeyKeepers } | {
    readonly keepers?: undefined;
    readonly system: Ports;
  });

type Ports = Pick<System, "clock" | "env" | "files" | "processes">;

/**
 * Keeps how the credentials, which came from the cache, are found there, if the profile was named as it is called and by
 * nothing more. It never fails: what cannot be kept is logged for who asks to see more.
 */
export async function rememberLookup(
  context: RememberContext,
  options: readonly CommandOption[],
  { name, credentials }: { readonly name: string; readonly credentials: CredentialsFields },
  facts: BuildFacts | undefined = build,
): Promise<void> {
  const { arguments: given, system } = context;
  if (facts === undefined || !isPlainLine(given, options, name)) return;
  // The plan of what was fetched by this run is resolved again when it is wanted again: the user waits now.
  if (Math.abs(system.clock.now() - credentials.StartTime.getTime()) < shortestAgeMs) return;
  try {
    await remember(context, name, credentials.AccessKeyId, facts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    loggerFor(context.logger, "lookup").info(`lookup: not kept: ${why}`);
  }
}

function isPlainLine(
  given: AnswerContext["arguments"],
  options: readonly CommandOption[],
  profile: string,
): boolean {
  const typed = typedNames(given);
  const harmless = [...harmlessOptions, ...otherOptions];
  return typed.length === 1 && typed[0] === profile &&
    options.every((option) => harmless.includes(option.name) || !isGiven(given, option));
}

async function remember(
  context: RememberContext,
  profile: string,
  accessKeyId: string,
  facts: BuildFacts,
): Promise<void> {
  const { system, logger } = context;
  const keepers = context.keepers ?? keepersOf(context.system);
  const { env, clock } = system;
  const path = planFolder(env);
  if (path === undefined) return;
  // What is resolved is what the digest is of.
  const files = memoizeReads(system.files);
  const digest = await planDigest(profile, env, facts, (path) => plainFile(path, files));
  if (digest === undefined) return;
  const folder = new LookupFolder(path, { clock, files, logger: loggerFor(logger, "lookup") });
  if (await folder.has(digest)) return;
  const lookup = await lookupOf({ clock, env, files, sealing: { keepers } }, profile, accessKeyId);
  if (lookup !== undefined) await folder.keep(digest, lookup);
}

/** No passphrase is asked for here: such a cache has no short way. */
function keepersOf(system: Ports): CacheKeyKeepers {
  const { signal } = new AbortController();
  return cacheKeys({ system, logger: silentLogger, signal });
}

async function plainFile(path: string, files: Files): Promise<PlainFile> {
  const facts = await files.facts(path);
  if (facts?.special) return "special";
  const text = await files.readText(path);
  return text === undefined ? "missing" : new TextEncoder().encode(text);
}
