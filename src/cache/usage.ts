/**
 * Which profiles were picked, and how often of late: `usage.json` in the cache's folder. It holds names and numbers, no
 * secret.
 *
 * @module
 */

import { cacheFolder } from "./cache_folder.ts";
import { asRecord, parseRecord } from "./entry.ts";
import { OwnerOnlyFolder } from "./owner_only_folder.ts";
import type { CachePorts } from "./upkeep/parts.ts";

/** How often profiles were picked. */
export interface Usage {
  /** A number for each profile that was picked: each time counts 1, and half as much for each week since. */
  readonly scores: ReadonlyMap<string, number>;
  /** Counts these profiles once more. What cannot be written is lost, and logged. */
  count(names: readonly string[]): Promise<void>;
}

const fileName = "usage.json";
const version = 1;
const halfLifeMs = 7 * 86_400_000;
/** Those that were picked least are dropped beyond it. */
const mostNames = 1_000;

/** Reads the counts; undefined if there is no cache folder. */
export async function readUsage(
  { clock, env, files, logger }: Pick<CachePorts, "clock" | "env" | "files" | "logger">,
): Promise<Usage | undefined> {
  const path = cacheFolder(env);
  if (path === undefined) return undefined;
  const folder = new OwnerOnlyFolder(path.replace(/(?<=.)\/+$/, ""), 0o700, { files, logger });
  const now = clock.now();
  const scores = parseUsage(await folder.read(fileName), now);
  return {
    scores,
    async count(names) {
      const all = new Map(scores);
      for (const name of names) all.set(name, (all.get(name) ?? 0) + 1);
      await folder.write(fileName, formatUsage(all, now));
    },
  };
}

/** The scores at the moment `now`, from the file's text; none if there is none, or it is not of this version. */
function parseUsage(text: string | undefined, now: number): ReadonlyMap<string, number> {
  const found = parseRecord(text);
  const { time } = found ?? {};
  if (found?.version !== version || typeof time !== "number") return new Map();
  const decay = 0.5 ** (Math.max(0, now - time) / halfLifeMs);
  const scores = Object.entries(asRecord(found.scores) ?? {});
  return new Map(
    scores.flatMap(([name, score]) =>
      typeof score === "number" && score > 0 ? [[name, score * decay] as const] : []
    ),
  );
}

function formatUsage(scores: ReadonlyMap<string, number>, time: number): string {
  const kept = [...scores].sort(([, a], [, b]) => b - a).slice(0, mostNames);
  return `${JSON.stringify({ version, time, scores: Object.fromEntries(kept) })}\n`;
}
