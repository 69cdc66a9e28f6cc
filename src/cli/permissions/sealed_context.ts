/**
 * What the permissions of a command line depend on that is sealed: the cache, and the kept seeds.
 *
 * @module
 */

import { cacheFolder } from "../../cache/cache_folder.ts";
import { parseSeal, sealName } from "../../cache/sealing/seal.ts";
import { isCacheKeeper } from "../../store/cache_key_lines.ts";
import { sealedFolder, sealedNameOf } from "../../store/sealed_folder.ts";
import { readSeedNote } from "../../store/seed/seed_note.ts";
import type { Environment, Files } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import type { NamedSources } from "./named_sources.ts";
import { type KeptSeedFile, type NeedContext, type NeedRow, needTable } from "./needs.ts";

interface Ports extends Pick<NamedSources, "sealsCache" | "seedProfiles"> {
  readonly env: Environment;
  readonly files: Pick<Files, "facts" | "list" | "readText">;
}

/** What of it the rows want to know. A file that cannot be read opens nothing: the command says what is wrong. */
export async function sealedContext(
  rows: readonly NeedRow[],
  given: ParsedArguments,
  ports: Ports,
): Promise<Pick<NeedContext, "cacheKeeper" | "keptSeeds">> {
  const wants = (row: NeedRow) => rows.includes(row);
  const wantsCache = wants(needTable["sealed-cache"]) && !given.isNegated("cache");
  const profiles = wants(needTable["seed-opener"])
    ? await allProfiles(ports)
    : wants(needTable["kept-seed"])
    ? ports.seedProfiles
    : [];
  const seeds = await Promise.all(profiles.map((profile) => seedFileOf(ports, profile)));
  return {
    cacheKeeper: wantsCache ? await keeperOf(given, ports) : undefined,
    keptSeeds: seeds.flat(),
  };
}

async function keeperOf(
  given: ParsedArguments,
  { env, files, sealsCache }: Ports,
): Promise<string | undefined> {
  const path = `${cacheFolder(env)}/${sealName}`;
  if (await files.facts(path).catch(() => undefined) !== undefined) {
    const seal = parseSeal(await files.readText(path).catch(() => undefined));
    return seal !== undefined && isCacheKeeper(seal.keeper) ? seal.keeper : "";
  }
  return given.flag("seal-cache") || sealsCache ? "" : undefined;
}

async function allProfiles({ env, files }: Ports): Promise<readonly string[]> {
  const folder = sealedFolder(env);
  const names = folder === undefined ? [] : await files.list(folder).catch(() => []);
  return names.map(sealedNameOf).flatMap((name) => name?.kind === "mfa" ? [name.profile] : []);
}

async function seedFileOf(ports: Ports, profile: string): Promise<readonly KeptSeedFile[]> {
  const note = await readSeedNote(ports, profile).catch(() => undefined);
  // The command itself sees that there is none, and says so.
  return [{ profile, opener: note?.opener }];
}
