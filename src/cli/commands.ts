/**
 * The table of commands. Adding a command means adding a file in `commands/` and a row here; a command's file is loaded
 * only when it is used.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { Command, CommandDirectory } from "./command.ts";

/** The rows: a name, and how to get its record. */
export const commandTable: Readonly<Record<string, () => Promise<Command>>> = {
  creds: async () => (await import("./commands/creds.ts")).creds,
  watch: async () => (await import("./commands/watch.ts")).watch,
  token: async () => (await import("./commands/token.ts")).token,
  exec: async () => (await import("./commands/exec.ts")).exec,
  env: async () => (await import("./commands/env.ts")).env,
  write: async () => (await import("./commands/write.ts")).write,
  profiles: async () => (await import("./commands/profiles.ts")).profiles,
  explain: async () => (await import("./commands/explain.ts")).explain,
  process: async () => (await import("./commands/process.ts")).processCommand,
  login: async () => (await import("./commands/login.ts")).login,
  logout: async () => (await import("./commands/logout.ts")).logout,
  status: async () => (await import("./commands/status.ts")).status,
  refactor: async () => (await import("./commands/refactor.ts")).refactor,
  emulator: async () => (await import("./commands/emulator.ts")).emulator,
  completion: async () => (await import("./commands/completion.ts")).completion,
  permissions: async () => (await import("./commands/permissions.ts")).permissions,
  help: async () => (await import("./commands/help.ts")).help,
};

/** The directory over the table. */
export const commands: CommandDirectory = {
  find(name) {
    const load = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
    if (load !== undefined) return load();
    const nearest = nearestName(name, Object.keys(commandTable));
    throw new UsageError(`Unknown command "${name}"`, {
      hint: nearest === undefined ? "see 'stsaval help'" : `did you mean '${nearest}'?`,
    });
  },
  all: () => Promise.all(Object.values(commandTable).map((load) => load())),
};
