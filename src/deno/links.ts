/**
 * Resolving symbolic links, except those that another user may have planted.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import { followLinks, type LinkReader } from "../web/link_target.ts";
import { rootOf, slashed } from "./platform/paths.ts";
import { attempt, quickCalls } from "./quick_calls.ts";
import { ownUid } from "./permissions/user.ts";

/** The folder of a path, with its slash; empty for a name alone. */
export function folderOf(path: string, os: typeof Deno.build.os = Deno.build.os): string {
  return path.slice(0, slashed(path, os).lastIndexOf("/") + 1);
}

/** Deno follows no link that leads to nothing where files are allowed by name, and calls it a circle. */
export async function dangles(path: string, error: unknown): Promise<boolean> {
  if (!(error instanceof Deno.errors.FilesystemLoop)) return false;
  const given = slashed(path);
  return await followLinks(given, reader).then((target) => target !== given, () => false);
}

/**
 * Where a chain of links ends, whether it exists or not, so that a linked file stays linked when it is replaced.
 *
 * @throws {StsavalError} when one of the links, including those of folders, may be another user's trap
 */
export async function linkTarget(path: string): Promise<string> {
  const given = slashed(path);
  return isReached(path) ? given : await followLinks(given, reader);
}

/**
 * Whether no link is on the way to what is there, or to where it may be made. Each answer that is an error costs 0.1 ms, so
 * that of a missing file only its folder is asked for.
 */
function isReached(path: string): boolean {
  const facts = lookAt(path);
  if (facts !== "missing") return facts?.isSymlink !== true && quickCalls.realPath(path) === path;
  return isFolderReached(path);
}

/** Whether there is a folder for a file of that path, and no link on the way to it. */
export function isFolderReached(path: string): boolean {
  const [, folder] = /^(.+)\/[^/]+$/.exec(path) ?? [];
  return folder !== undefined && attempt(() => quickCalls.realPath(folder)) === folder;
}

/** Whether nothing is there, and what is made there lies there, not where a link leads. */
export function isFree(path: string): boolean {
  return attempt(() => lookAt(path)) === "missing" && isFolderReached(path);
}

/** The target; the path itself if it cannot be resolved: opening it will report why. */
export async function targetOrPath(path: string): Promise<string> {
  try {
    return await linkTarget(path);
  } catch (error) {
    if (error instanceof StsavalError) throw error;
    return path;
  }
}

function lookAt(path: string): Deno.FileInfo | "missing" | undefined {
  try {
    return quickCalls.lstat(path);
  } catch (error) {
    const { NotFound, NotADirectory, NotCapable } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return "missing";
    if (error instanceof NotCapable) return undefined;
    throw error;
  }
}

const reader: LinkReader = {
  lookAt,
  readLink: (path) => slashed(quickCalls.readLink(path)),
  rootOf,
  ownUid,
  tooManyLinks: (path) => new Deno.errors.FilesystemLoop(`too many links: ${path}`),
};
