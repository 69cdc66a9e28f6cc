/**
 * A desk on which the short way can be taken: what was built, files at once, and what the program keeps.
 *
 * @module
 */

import { answerShortly, type ShortSystem } from "../../../src/cli/shortcut/answer.ts";
import { rememberLookup } from "../../../src/cli/shortcut/remember.ts";
import { commands } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import type { BuildFacts } from "../../../src/build.ts";
import { parseEntry } from "../../../src/cache/entry.ts";
import { silentLogger } from "../../../src/logger.ts";
import type { QuickFiles } from "../../../src/system.ts";
import { Desk } from "../desk.ts";
import type { MemoryFiles } from "../../fake_system.ts";

export const facts: BuildFacts = { commit: "c0ffee", deno: "2.9.6", lock: "l0ck", hosts: [] };
export const cache = "/home/kim/.aws/stsaval";
export const lookups = `${cache}/lookups`;

/** The same files, at once. */
export function quickFilesOf(files: MemoryFiles): QuickFiles {
  const contentOf = (path: string) => {
    const content = files.contents.get(path);
    if (content instanceof Error) throw content;
    return content;
  };
  return {
    facts(path, { followLinks = false } = {}) {
      const said = files.said.get(path);
      const target = files.links.get(path);
      if (target !== undefined && !followLinks) return { kind: "other", mode: 0o777, own: true };
      const real = target ?? path;
      const isFolder = [...files.contents.keys()].some((name) => name.startsWith(`${real}/`));
      if (!isFolder && contentOf(real) === undefined) return undefined;
      return {
        kind: said?.special ? "other" : isFolder ? "folder" : "file",
        mode: said?.mode ?? (isFolder ? 0o700 : files.modes.get(real) ?? 0o600),
        own: said?.foreign !== true,
      };
    },
    read: (path) =>
      Uint8Array.from(new TextEncoder().encode(contentOf(files.links.get(path) ?? path))),
  };
}

/** The ports of the short way at that desk. */
export function shortSystem(desk: Desk, changes: Partial<ShortSystem> = {}): ShortSystem {
  return { ...desk.system, quickFiles: quickFilesOf(desk.system.files), ...changes };
}

/** Takes the short way, and returns its status and what it printed. */
export async function takeShortWay(
  desk: Desk,
  words: readonly string[],
  changes: Partial<ShortSystem> = {},
  built: BuildFacts | undefined = facts,
): Promise<readonly [status: number | "cold" | undefined, out: string]> {
  const before = desk.system.terminal.stdout.length;
  const calls = desk.emulator.calls.length;
  const status = await answerShortly(words, shortSystem(desk, changes), built);
  if (desk.emulator.calls.length !== calls) throw new Error("The short way called STS");
  return [status, desk.system.terminal.stdout.slice(before)];
}

/** What the program does once it has handed out what the cache holds for the profile of the command line. */
export async function rememberFor(
  desk: Desk,
  name: string,
  words: readonly string[],
  built: BuildFacts | undefined = facts,
): Promise<void> {
  const { command, rest } = await commands.resolve(words);
  if (command === undefined) throw new Error("no such command");
  const context = {
    ...{ arguments: parseArguments(command, rest), system: desk.system, logger: silentLogger },
  };
  for (const [path, text] of desk.system.files.contents) {
    if (!/stsaval\/[0-9a-f]{64}\.json$/.test(path)) continue;
    const entry = parseEntry(String(text));
    if (entry?.profile !== name) continue;
    const { credentials } = entry;
    return await rememberLookup(context, command.options, { name, credentials }, built);
  }
}

/** A desk that has credentials for the profile, and knows how to find them. */
export async function knowingDesk(
  profile: string,
  options: ConstructorParameters<typeof Desk>[0] = {},
): Promise<Desk> {
  const desk = new Desk(options);
  const { status, err } = await desk.run("process", profile, "--mfa-code", desk.code);
  if (status !== 0) throw new Error(err);
  desk.system.clock.jump(2_000);
  await rememberFor(desk, profile, ["process", profile]);
  return desk;
}
