/**
 * Resolving symbolic links, except those that another user may have planted.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import { followLinks, type LinkReader } from "../web/link_target.ts";
import { rootOf, slashed } from "./platform/paths.ts";
import { quickCalls } from "./quick_calls.ts";
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
  return realPath(path) === path ? slashed(path) : await followLinks(slashed(path), reader);
}

/** Undefined where nothing is there. */
function realPath(path: string): string | undefined {
  try {
    return quickCalls.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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

const reader: LinkReader = {
  lookAt(path) {
    try {
      return quickCalls.lstat(path);
    } catch (error) {
      const { NotFound, NotADirectory, NotCapable } = Deno.errors;
      if (error instanceof NotFound || error instanceof NotADirectory) return "missing";
      if (error instanceof NotCapable) return undefined;
      throw error;
    }
  },
  readLink: (path) => slashed(quickCalls.readLink(path)),
  rootOf,
  ownUid,
  tooManyLinks: (path) => new Deno.errors.FilesystemLoop(`too many links: ${path}`),
};
