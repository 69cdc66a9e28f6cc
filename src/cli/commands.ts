/**
 * The table of commands. Adding a command means adding a file in `commands/` and a row here; a command's file is loaded
 * only when it is used. A name of two words needs no more than that: `keys import` makes a group `keys`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { Command, CommandDirectory } from "./command.ts";

/** A name, and how to get its record. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** The rows, in the order of help. */
export const commandTable: CommandTable = {
  creds: async () => (await import("./commands/creds.ts")).creds,
  token: async () => (await import("./commands/token.ts")).token,
  login: async () => (await import("./commands/login.ts")).login,
  watch: async () => (await import("./commands/watch.ts")).watch,
  status: async () => (await import("./commands/status.ts")).status,
  logout: async () => (await import("./commands/logout.ts")).logout,
  exec: async () => (await import("./commands/exec.ts")).exec,
  env: async () => (await import("./commands/env.ts")).env,
  process: async () => (await import("./commands/process.ts")).processCommand,
  console: async () => (await import("./commands/console.ts")).consoleCommand,
  serve: async () => (await import("./commands/serve.ts")).serve,
  write: async () => (await import("./commands/write.ts")).write,
  profiles: async () => (await import("./commands/profiles/profiles.ts")).profiles,
  "profiles list": async () => (await import("./commands/profiles/list.ts")).profilesList,
  "profiles groups": async () => (await import("./commands/profiles/groups.ts")).profilesGroups,
  "sso profiles": async () => (await import("./commands/profiles/sso_profiles.ts")).ssoProfiles,
  explain: async () => (await import("./commands/profiles/explain.ts")).explain,
  scopes: async () => (await import("./commands/profiles/scopes.ts")).scopes,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  permissions: async () => (await import("./commands/permissions.ts")).permissions,
  init: async () => (await import("./commands/init.ts")).init,
  "keys import": async () => (await import("./commands/keys/import.ts")).keysImport,
  "keys add": async () => (await import("./commands/keys/add.ts")).keysAdd,
  "keys list": async () => (await import("./commands/keys/list.ts")).keysList,
  "keys rotate": async () => (await import("./commands/keys/rotate.ts")).keysRotate,
  "keys export": async () => (await import("./commands/keys/export.ts")).keysExport,
  "keys remove": async () => (await import("./commands/keys/remove.ts")).keysRemove,
  "mfa add": async () => (await import("./commands/mfa/add.ts")).mfaAdd,
  "mfa list": async () => (await import("./commands/mfa/list.ts")).mfaList,
  "mfa code": async () => (await import("./commands/mfa/code.ts")).mfaCode,
  "mfa remove": async () => (await import("./commands/mfa/remove.ts")).mfaRemove,
  refactor: async () => (await import("./commands/profiles/refactor.ts")).refactor,
  completion: async () => (await import("./commands/completion.ts")).completion,
  emulator: async () => (await import("./commands/emulator.ts")).emulator,
  help: async () => (await import("./commands/help.ts")).help,
};

/** The directory over a table. */
export function commandDirectory(table: CommandTable): CommandDirectory {
  const load = (name: string) => Object.hasOwn(table, name) ? table[name]?.() : undefined;
  const groupOf = (name: string) =>
    Object.keys(table).filter((other) => other.startsWith(`${name} `));
  const loadAll = async (names: readonly string[]) =>
    (await Promise.all(names.map(load))).filter((command) => command !== undefined);
  return {
    async resolve([first = "", second, ...rest]) {
      const pair = `${first} ${second}`;
      const both = second === undefined ? undefined : await load(pair);
      if (both !== undefined) return { name: pair, command: both, group: [], rest };
      const [command, group] = [await load(first), groupOf(first)];
      const after = second === undefined ? rest : [second, ...rest];
      if (command === undefined && (group.length === 0 || isWord(second))) {
        throw unknownCommand(group.length === 0 ? first : pair, Object.keys(table));
      }
      return { name: first, command, group: await loadAll(group), rest: after };
    },
    all: () => loadAll(Object.keys(table)),
  };
}

/** The directory of the program. */
export const commands: CommandDirectory = commandDirectory(commandTable);

function isWord(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith("-");
}

function unknownCommand(name: string, names: readonly string[]): UsageError {
  const nearest = nearestName(name, names);
  return new UsageError(`Unknown command "${name}"`, {
    hint: nearest === undefined ? "see 'stsaval help'" : `did you mean '${nearest}'?`,
  });
}
