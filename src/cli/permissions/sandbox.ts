/**
 * Least privilege: drops, at the start of a command and for good, every permission that the command does not need, before
 * any third-party package is loaded.
 *
 * What Deno granted as a whole (`--allow-net` without hosts) cannot be narrowed, only dropped as a whole. The compiled
 * program is therefore granted everything by name, and files from the root folder on. For `run` there is no list that
 * holds every program: what a requested profile or --mfa-command names is run by a shell that is started before it is
 * dropped, and it is kept for the program of `exec` and for `aws` alone. If the names are known at compile time,
 * compile with them, and then one of them is kept, by name.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import { settingNames } from "../../config/profile.ts";
import type {
  CommandLine,
  Environment,
  Files,
  Permissions,
  ProgramSystem,
  System,
} from "../../system.ts";
import type { Command } from "../command.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { keepOnly } from "./keep_only.ts";
import { mfaCodeVariable } from "../mfa/code_variable.ts";
import { environmentNames, type NeedContext, type NeedRow, rowsOf, variablesOf } from "./needs.ts";
import {
  mayNameSource,
  type NamedSources,
  type NamingPorts,
  noSources,
  policyFilesOf,
} from "./named_sources.ts";
import { sourceOf } from "../../source/sources.ts";
import { sealedContext } from "./sealed_context.ts";
import type { HeldPrograms } from "./shells.ts";
import { splitWords } from "../parse/split_words.ts";

/**
 * Narrows all but the hosts that may be called, which `narrow` does: a hit of the cache calls none. Where a prompt or a
 * program of a plan may need a shell, programs are not narrowed either: what drops them is returned, to be called before
 * third-party code is loaded.
 */
export async function narrowAllButHosts(
  command: Pick<Command, "needs" | "unnamed">,
  given: ParsedArguments,
  system: Pick<ProgramSystem, "env" | "files" | "permissions" | "terminal">,
  facts: BuildFacts | undefined = build,
): Promise<HeldPrograms | undefined> {
  const { permissions } = system;
  const rows = rowsOf(command.needs, given);
  const context = await contextOf(rows, command, given, system);
  await readSpecialFiles(rows, context, system.files);
  await narrowFiles(rows, context, permissions);
  const programs = rows.flatMap((row) => row.brokered?.(context) ?? []);
  const promptsElsewhere = mayPromptElsewhere(rows, given, system, context);
  const drop = (hasBroker: boolean) =>
    narrowPrograms(
      hasBroker ? rows.filter(({ brokered }) => brokered === undefined) : rows,
      context,
      permissions,
      facts,
    );
  const opensPages = rows.some((row) => row.opensPages?.(context));
  const isHeld = promptsElsewhere || opensPages || programs.length > 0;
  if (!isHeld) drop(false);
  narrowEnvironment(rows, permissions, facts);
  permissions.drop("ffi");
  // From source, parts of the program may still have to be imported.
  if (facts !== undefined) permissions.drop("import");
  return isHeld ? { programs, promptsElsewhere, opensPages, drop } : undefined;
}

/**
 * Whether the user may have to be prompted elsewhere than on standard input and standard error: one of the two is no
 * terminal, and no code is given, or a passphrase is needed.
 */
function mayPromptElsewhere(
  rows: readonly NeedRow[],
  given: ParsedArguments,
  { env, terminal }: Pick<System, "env" | "terminal">,
  { cacheKeeper, sourceSteps }: Pick<NeedContext, "cacheKeeper" | "sourceSteps">,
): boolean {
  const mayPrompt = rows.some((row) => row.prompts) && !terminal.canAsk &&
    !given.isNegated("input");
  if (!mayPrompt) return false;
  const hasCode = (given.text("mfa-code") ?? given.text("mfa-command")) !== undefined ||
    env.get(mfaCodeVariable) !== undefined;
  if (cacheKeeper === "" || cacheKeeper === "passphrase") return true;
  return !hasCode || sourceSteps.some((step) => sourceOf(step).mayPrompt?.(step));
}

async function contextOf(
  rows: readonly NeedRow[],
  command: Pick<Command, "unnamed">,
  given: ParsedArguments,
  { env, files, terminal }: Pick<ProgramSystem, "env" | "files" | "terminal">,
): Promise<NeedContext> {
  const context: NeedContext = {
    ...{ arguments: given, env, files, mfaPrograms: [], policyFiles: [] },
    ...{ ...noSources, caBundles: undefined },
  };
  // Whoever calls no service opens nothing that a profile names, but for the policies that are shown.
  if (!rows.some((row) => row.sts || row.readsNamed)) return context;
  const paths = rows.flatMap((row) => row.read?.(context) ?? []);
  const texts = await Promise.all(paths.map((path) => files.readText(path).catch(() => undefined)));
  const known = new Map(paths.map((path, index) => [path, texts[index]]));
  const found = await sourcesIn(texts.join("\n"), command, given, {
    ...{ env: environmentOf(rows, env), terminal },
    files: { readText: (path) => Promise.resolve(known.get(path)) },
  });
  const typed = given.text("mfa-command");
  const codes = (typed === undefined ? found.mfaCommands : [typed]).flatMap(lineOf);
  const sealed = await sealedContext(rows, given, { env, files, ...found });
  return {
    ...{ ...context, ...found, ...sealed },
    policyFiles: await policyFilesOf(found.narrowedBy, given, env),
    mfaPrograms: codes.map(({ words: [program = ""] }) => program),
    mfaLines: codes,
  };
}

/** The variables that the command may read. */
function environmentOf(rows: readonly NeedRow[], env: Environment): Environment {
  const kept = new Set(rows.flatMap((row) => row.environment ?? []));
  return { get: (name) => kept.has(name) ? env.get(name) : undefined };
}

/** Only where a setting may open something. */
async function sourcesIn(
  text: string,
  command: Pick<Command, "unnamed">,
  given: ParsedArguments,
  ports: NamingPorts,
): Promise<NamedSources> {
  if (!mayNameSource(text, ports.env)) return noSources;
  const { namedSources } = await import("./resolve_sources.ts");
  return await namedSources(command, given, ports);
}

/** Reads pipes and devices while that is allowed: a narrowed program opens nothing in `/dev`. Their text is kept. */
async function readSpecialFiles(
  rows: readonly NeedRow[],
  context: NeedContext,
  files: Pick<Files, "facts" | "readText">,
): Promise<void> {
  const paths = rows.flatMap((row) => row.read?.(context) ?? []);
  await Promise.all(paths.map(async (path) => {
    // Why a file cannot be read is reported by the command that reads it.
    const facts = await files.facts(path).catch(() => undefined);
    if (facts?.special) await files.readText(path).catch(() => undefined);
  }));
}

/** The command line of a program for MFA codes; none where its quotes are wrong. */
export function lineOf(command: string): readonly CommandLine[] {
  try {
    return [{ words: splitWords(command, settingNames.mfaProcess), env: {} }];
  } catch {
    // It is rejected, with the reason, when a code is needed from it.
    return [];
  }
}

async function narrowFiles(
  rows: readonly NeedRow[],
  context: NeedContext,
  permissions: Permissions,
): Promise<void> {
  const read = rows.flatMap((row) => [
    ...row.read?.(context) ?? [],
    ...row.inspect?.(context) ?? [],
  ]);
  const replaced = await Promise.all(rows.map((row) => row.replace?.(context) ?? []));
  const folders = rows.flatMap((row) => row.folders?.(context) ?? []);
  const follow = (path: string) => permissions.pathsToRead(path);
  const [readOnly, ...written] = await Promise.all([
    Promise.all(read.map(follow)),
    Promise.all(replaced.flat().map((path) => permissions.pathsToReplace(path))),
    Promise.all(folders.map(follow)),
  ]);
  const both = new Set(written.flat(2));
  keepOnly(permissions, "read", [...new Set([...readOnly.flat(), ...both])], permissions.roots);
  keepOnly(permissions, "write", [...both], permissions.roots);
}

function narrowPrograms(
  rows: readonly NeedRow[],
  context: NeedContext,
  permissions: Permissions,
  facts: BuildFacts | undefined,
): void {
  const programs = rows.flatMap((row) => row.run?.(context) ?? []);
  const others = facts?.programs?.filter((name) => !programs.includes(name)) ?? [];
  keepOnly(permissions, "run", programs, others);
}

function narrowEnvironment(
  rows: readonly NeedRow[],
  permissions: Permissions,
  facts: BuildFacts | undefined,
): void {
  const isCompiled = facts !== undefined;
  const kept = new Set(rows.flatMap((row) => variablesOf(row, isCompiled)));
  if (kept.size === 0) return permissions.drop("env");
  // Dropping one name of a wildcard drops the wildcard: what is needed is kept by name first. The compiled program is
  // granted each name.
  for (const name of isCompiled ? [] : kept) {
    if (permissions.allows("env", name)) permissions.keep("env", name);
  }
  for (const name of environmentNames(isCompiled)) {
    if (!kept.has(name)) permissions.drop("env", name);
  }
}
