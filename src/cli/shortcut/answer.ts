/**
 * The short way of `process`, `exec` and `env`: where the plan of the profile is known from before, and its credentials
 * are in the cache, they are handed out before the rest of stsaval is loaded. In any doubt the program itself runs.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import { isOfNewerVersion, isSealed, parseEntry } from "../../cache/entry.ts";
import {
  type Lookup,
  lookupFileName,
  lookupFolderName,
  lookupQuery,
  parseLookup,
} from "../../cache/lookups/lookup.ts";
import { isExpired, matchesQuery, nowFor } from "../../cache/port.ts";
import { parseSealedEntry } from "../../cache/sealing/entry.ts";
import { isSealedEntry, type StoredEntry } from "../../cache/sealing/entry_files.ts";
import { type Credentials, setKey } from "../../credentials.ts";
import { clock } from "../../deno/clock.ts";
import { env } from "../../deno/environment.ts";
import { permissions } from "../../deno/permissions.ts";
import { processes } from "../../deno/processes.ts";
import { quickFiles } from "../../deno/quick_files.ts";
import { signals } from "../../deno/signals.ts";
import { terminal } from "../../deno/terminal.ts";
import { errorTable, exitStatusOf, OutputClosedError } from "../../errors.ts";
import { type Logger, silentLogger } from "../../logger.ts";
import { formatProcessOutput } from "../../output/process.ts";
import { type Shell, shells } from "../../output/shell.ts";
import { painterFor } from "../../output/style.ts";
import { formatVariables } from "../../output/variables.ts";
import type { PermissionKind, ProgramSystem, QuickFiles } from "../../system.ts";
import { childVariables, nestingVariable, runChild } from "../commands/shared/child.ts";
import { isShortCommand, sendsCode } from "./candidate.ts";
import { type ShortLine, shortLine } from "./line.ts";
import { type PlainFile, planDigest, planFolder } from "./question.ts";

/** The ports that it needs. */
export type ShortSystem =
  & Pick<ProgramSystem, "clock" | "env" | "permissions" | "processes" | "signals" | "terminal">
  & { readonly quickFiles: QuickFiles };

const denoPorts: ShortSystem = {
  ...{ clock, env, permissions, processes, quickFiles, signals, terminal },
};

/**
 * Runs the command line, if it can be answered so, and returns the exit status. "cold" where the plan is known, or nothing
 * was ever kept, and the cache has nothing for it; undefined in any other case.
 */
export async function answerShortly(
  words: readonly string[],
  system: ShortSystem = denoPorts,
  facts: BuildFacts | undefined = build,
): Promise<number | "cold" | undefined> {
  const [name = "", ...rest] = words;
  if (facts === undefined || !isShortCommand(name)) return undefined;
  if (isSurelyCold(rest, system)) return "cold";
  const line = shortLine(name, rest);
  if (line === undefined) return undefined;
  // Whatever is wrong, the program reports it, and reports it well.
  const found = await lookUp(line, system, facts).catch(() => undefined);
  if (found === undefined || found === "cold") return found;
  if (line.command === "exec") return await runShortly(line, found, system, facts);
  const text = textFor(line, found, system);
  return text === undefined ? undefined : await print(system, text);
}

/** Whether nothing was ever kept, or a code is to be sent. */
function isSurelyCold(
  words: readonly string[],
  { env, quickFiles }: Pick<ShortSystem, "env" | "quickFiles">,
): boolean {
  if (sendsCode(words)) return true;
  try {
    const folder = planFolder(env);
    return folder !== undefined && quickFiles.facts(folder) === undefined;
  } catch {
    // Whatever is wrong, the program reports it.
    return false;
  }
}

/** What is handed out. */
interface Found {
  readonly credentials: Credentials;
  readonly region: string | undefined;
}

async function lookUp(
  { command, profile }: ShortLine,
  { clock, env, processes, quickFiles }: ShortSystem,
  facts: BuildFacts,
): Promise<Found | "cold" | undefined> {
  if (command === "exec" && env.get(nestingVariable) !== undefined) return undefined;
  const folder = planFolder(env);
  if (folder === undefined) return undefined;
  const lookups = `${folder}/${lookupFolderName}`;
  if (!isPrivateFolder(folder, quickFiles)) return undefined;
  if (quickFiles.facts(lookups) === undefined) return undefined;
  if (!isPrivateFolder(lookups, quickFiles)) return undefined;
  const digest = await planDigest(profile, env, facts, (path) => readPlain(path, quickFiles));
  if (digest === undefined) return undefined;
  const lookup = parseLookup(
    readPrivate(`${lookups}/${lookupFileName(digest)}`, quickFiles) ?? "",
  );
  if (lookup?.profile !== profile) return undefined;
  const entry = findEntry(folder, lookup, { clock, quickFiles });
  if (entry === undefined) return "cold";
  if (!isSealedEntry(entry)) return { credentials: entry.credentials, region: lookup.region };
  const { openShortly } = await import("./sealed.ts");
  const read = (name: string) => readPrivate(`${folder}/${name}`, quickFiles);
  const opened = await openShortly({ clock, processes }, entryFileName(lookup), entry, read);
  return opened && { credentials: opened.credentials, region: lookup.region };
}

/** The entry that the program itself would take. */
function findEntry(
  folder: string,
  lookup: Lookup,
  { clock, quickFiles }: Pick<ShortSystem, "clock" | "quickFiles">,
): StoredEntry | undefined {
  const text = readPrivate(`${folder}/${entryFileName(lookup)}`, quickFiles);
  if (text === undefined || isOfNewerVersion(text)) return undefined;
  const entry = isSealed(text) ? parseSealedEntry(text) : parseEntry(text);
  if (entry === undefined) return undefined;
  const now = nowFor(entry, { clock });
  if (isExpired(entry, now) || !matchesQuery(entry, lookupQuery(lookup), now)) return undefined;
  return entry;
}

function entryFileName({ key }: Lookup): string {
  return `${key}.json`;
}

function isPrivateFolder(path: string, files: QuickFiles): boolean {
  const facts = files.facts(path);
  return facts?.kind === "folder" && facts.own && isWithin(facts.mode, 0o700);
}

function readPlain(path: string, files: QuickFiles): PlainFile {
  const facts = files.facts(path, { followLinks: true });
  if (facts === undefined) return "missing";
  return facts.kind === "file" ? files.read(path) : "special";
}

/** The text of a file that no other user can have read or written; undefined for any other. */
function readPrivate(path: string, files: QuickFiles): string | undefined {
  const facts = files.facts(path);
  if (facts?.kind !== "file" || !facts.own || !isWithin(facts.mode, 0o600)) return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(files.read(path));
}

function isWithin(mode: number | undefined, widest: number): boolean {
  return mode !== undefined && (mode & ~widest) === 0;
}

/** What `process` and `env` print; undefined where the program says why it cannot. */
function textFor(
  { command, profile, format = "env" }: ShortLine,
  { credentials, region }: Found,
  { clock }: Pick<ShortSystem, "clock">,
): string | undefined {
  if (command === "process") return formatProcessOutput(credentials);
  const shell = Object.entries<Shell>(shells).find(([name]) => name === format)?.[1];
  if (shell === undefined) return undefined;
  try {
    const set = { [setKey(profile)]: credentials };
    return formatVariables(set, { now: clock.now(), region }, shell);
  } catch {
    return undefined;
  }
}

/** Everything that the program was granted, for good. */
const allKinds: readonly PermissionKind[] = [
  ...["read", "write", "net", "env", "sys", "ffi", "import"] as const,
];

async function print({ permissions, terminal }: ShortSystem, text: string): Promise<number> {
  for (const kind of [...allKinds, "run"] as const) permissions.drop(kind);
  try {
    terminal.out(text);
    await terminal.flush();
    return 0;
  } catch (error) {
    if (error instanceof OutputClosedError) return exitStatusOf(error);
    // Output may be partial: do not fall back to the program, or it would be printed twice.
    terminal.err(`stsaval: ${error instanceof Error ? error.message : String(error)}\n`);
    await terminal.flush().catch(() => {});
    return errorTable.FAILED.exit;
  }
}

/** Undefined where the program cannot be started: then nothing has happened yet. */
async function runShortly(
  { profile, rest }: ShortLine,
  { credentials, region }: Found,
  system: ShortSystem,
  { programs }: Pick<BuildFacts, "programs">,
): Promise<number | undefined> {
  const { permissions, terminal } = system;
  const logger = loggerOf(system);
  let isStarted = false;
  const start: typeof system.processes.start = (...given) => {
    const child = system.processes.start(...given);
    isStarted = true;
    // The start itself hides variables of ours from the program.
    for (const kind of allKinds) permissions.drop(kind);
    for (const name of programs ?? []) if (name !== rest[0]) permissions.drop("run", name);
    return child;
  };
  try {
    const ports = { ...system, logger, processes: { ...system.processes, start } };
    return await runChild(ports, rest, childVariables({ name: profile, credentials, region }));
  } catch (error) {
    if (!isStarted) return undefined;
    terminal.err(`stsaval: ${error instanceof Error ? error.message : String(error)}\n`);
    return errorTable.FAILED.exit;
  } finally {
    await terminal.flush().catch(() => {});
  }
}

/** Warnings as the program's own log shows them, which is slow to load. */
function loggerOf({ env, terminal }: ShortSystem): Logger {
  const paint = painterFor({ env, terminal }, "err");
  const warn = (message: string) =>
    terminal.err(`${paint("warning", "warning:")} ${message.replace(/^[a-z]\w*: /, "")}\n`);
  return { ...silentLogger, warn };
}
