/**
 * Least privilege: drops, at the start of a command and for good, every permission that the command does not need, before
 * any third-party package is loaded.
 *
 * What Deno granted as a whole (`--allow-net` without hosts) cannot be narrowed, only dropped as a whole. The compiled
 * program is therefore granted everything by name, and files from the root folder on. For `run` there is no list that
 * holds every program: it is kept if the command line or the configuration names one, and dropped otherwise. If
 * the names are known at compile time, compile with them, and then one of them is kept, by name.
 *
 * @module
 */

import { build, type BuildFacts } from "../../build.ts";
import { settingNames } from "../../config/profile.ts";
import { UsageError } from "../../errors.ts";
import { checkScheme, stsHosts } from "../../sts/endpoint.ts";
import type { PermissionKind, Permissions, ProgramSystem, System } from "../../system.ts";
import type { Command } from "../command.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import {
  canBeReread,
  environmentNames,
  type Need,
  type NeedContext,
  type NeedRow,
  needRow,
} from "./needs.ts";
import { splitWords } from "../parse/split_words.ts";

/** The names of this machine, for custom endpoints and the emulator. */
const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** What the compiled program may call before the profiles are read: of AWS only STS, and this machine. */
export function callableHosts(): readonly string[] {
  return [...stsHosts().map((host) => `${host}:443`), ...loopbackHosts];
}

/** Narrows the program's permissions to what the command needs, and returns the system for it to run on. */
export async function narrow(
  command: Pick<Command, "needs">,
  given: ParsedArguments,
  system: ProgramSystem,
  facts: BuildFacts | undefined = build,
): Promise<System> {
  await narrowAllButHosts(command, given, system, facts);
  return narrowNetwork(command.needs.map(needRow), system, {
    extraHosts: facts?.hosts ?? [],
    allowHttp: given.flag("allow-http"),
  });
}

/** The same for commands that may not need the network at all: hosts are not narrowed here. */
export async function narrowAllButHosts(
  command: Pick<Command, "needs">,
  given: ParsedArguments,
  system: Pick<ProgramSystem, "env" | "files" | "permissions">,
  facts: BuildFacts | undefined = build,
): Promise<void> {
  const { permissions } = system;
  const rows = command.needs.map(needRow);
  const context = await contextOf(rows, command.needs, given, system);
  await narrowFiles(rows, context, permissions);
  narrowPrograms(rows, context, permissions, facts);
  narrowEnvironment(rows, permissions, facts);
  permissions.drop("ffi");
  // From source, parts of the program may still have to be imported.
  if (facts !== undefined) permissions.drop("import");
}

async function contextOf(
  rows: readonly NeedRow[],
  needs: readonly Need[],
  given: ParsedArguments,
  { env, files }: Pick<ProgramSystem, "env" | "files">,
): Promise<NeedContext> {
  const nothing = { mfaPrograms: [], sharesAwsCache: false };
  const context: NeedContext = { arguments: given, env, files, ...nothing };
  if (!needs.includes("mfa-command")) return context;
  const paths = rows.flatMap((row) => row.read?.(context) ?? []).filter(canBeReread);
  const texts = await Promise.all(paths.map((path) => files.readText(path).catch(() => undefined)));
  const text = texts.join("\n");
  return {
    ...context,
    mfaPrograms: mfaProgramsIn(text),
    sharesAwsCache: valuesIn(text, settingNames.shareAwsCache).some((value) => /true/i.test(value)),
  };
}

/** The values of a setting, in any profile. */
function valuesIn(text: string, setting: string): string[] {
  if (!text.toLowerCase().includes(setting)) return [];
  const lines = text.matchAll(new RegExp(`^[ \\t]*${setting}[ \\t]*=(.*)$`, "gim"));
  return [...lines].map(([, value = ""]) => value);
}

/** The programs that a configuration names, used or not. */
function mfaProgramsIn(text: string): string[] {
  return valuesIn(text, settingNames.mfaProcess).flatMap((command) => {
    try {
      return splitWords(command, settingNames.mfaProcess).slice(0, 1);
    } catch {
      // It is rejected, with the reason, when a code is needed from it.
      return [];
    }
  });
}

async function narrowFiles(
  rows: readonly NeedRow[],
  context: NeedContext,
  permissions: Permissions,
): Promise<void> {
  const read = rows.flatMap((row) => row.read?.(context) ?? []);
  const replaced = await Promise.all(rows.map((row) => row.replace?.(context) ?? []));
  const folders = rows.flatMap((row) => row.folders?.(context) ?? []);
  const follow = (path: string) => permissions.pathsToRead(path);
  const [readOnly, ...written] = await Promise.all([
    Promise.all(read.map(follow)),
    Promise.all(replaced.flat().map((path) => permissions.pathsToReplace(path))),
    Promise.all(folders.map(follow)),
  ]);
  const both = new Set(written.flat(2));
  keepOnly(permissions, "read", [...new Set([...readOnly.flat(), ...both])], ["/"]);
  keepOnly(permissions, "write", [...both], ["/"]);
}

/** Keeps the named permissions of a kind, as far as they are granted, and drops what is wider. */
function keepOnly(
  permissions: Permissions,
  kind: PermissionKind,
  kept: readonly string[],
  wider: readonly string[],
): void {
  if (kept.length === 0) return permissions.drop(kind);
  for (const name of kept) {
    if (permissions.allows(kind, name)) permissions.keep(kind, name);
  }
  for (const name of wider) permissions.drop(kind, name);
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
  const kept = new Set(rows.flatMap((row) => row.environment ?? []));
  if (kept.size === 0) return permissions.drop("env");
  // Dropping one name of a wildcard drops the wildcard: what is needed is kept by name first. The compiled program is
  // granted each name.
  for (const name of facts === undefined ? kept : []) {
    if (permissions.allows("env", name)) permissions.keep("env", name);
  }
  for (const name of environmentNames()) {
    if (!kept.has(name)) permissions.drop("env", name);
  }
}

/** The hosts are known only once the configuration has been read: until then all of STS's are kept. */
function narrowNetwork(
  rows: readonly NeedRow[],
  system: ProgramSystem,
  { extraHosts, allowHttp }: {
    readonly extraHosts: readonly string[];
    readonly allowHttp: boolean;
  },
): System {
  const { network, permissions } = system;
  const own = rows.some((row) => row.listen) ? ["127.0.0.1"] : [];
  const keepHosts = (kept: readonly string[]) => {
    // From source, they may have been allowed without their port.
    const others = [...callableHosts(), ...stsHosts(), ...extraHosts];
    keepOnly(permissions, "net", kept, others.filter((host) => !kept.includes(host)));
  };
  if (rows.some((row) => row.sts)) {
    const callOnly = (urls: readonly string[]) => {
      // Deno's permissions know host and port, but no scheme.
      for (const url of urls) checkScheme(new URL(url), allowHttp);
      keepHosts([...allowedHosts(urls, permissions), ...own]);
    };
    return { ...system, network: { ...network, callOnly } };
  }
  keepHosts(own);
  return system;
}

/** The allowed hosts among those of the URLs; throws if there are hosts and none is allowed. */
function allowedHosts(urls: readonly string[], permissions: Permissions): readonly string[] {
  const hosts = urls.map(hostOf);
  const allowed = hosts.filter((host) => permissions.allows("net", host));
  const [first] = hosts;
  if (first !== undefined && allowed.length === 0) rejectHost(first);
  return allowed;
}

/** The host with its port, as in Deno's permissions. */
function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

function rejectHost(host: string): never {
  const name = host.replace(/:443$/, "");
  throw new UsageError(
    `Cannot call "${name}": this program may only call the STS hosts of AWS and this machine`,
    {
      hint: `run stsaval from its module with --allow-net=${name}, ` +
        `or compile it for that host: scripts/compile.ts --allow-host ${name}`,
    },
  );
}
