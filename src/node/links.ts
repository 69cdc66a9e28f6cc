/**
 * Resolving symbolic links, except those that another user may have planted.
 *
 * @module
 */

import { lstat, readlink, realpath } from "node:fs/promises";
import process from "node:process";
import { StsavalError } from "../errors.ts";
import { fileError } from "../file_error.ts";
import { followLinks, type LinkReader } from "../web/link_target.ts";
import { codeOf } from "./io_error.ts";

/**
 * Where a chain of links ends, whether it exists or not, so that a linked file stays linked when it is replaced.
 *
 * @throws {StsavalError} when one of the links, including those of folders, may be another user's trap
 */
export async function linkTarget(path: string): Promise<string> {
  const real = await realpath(path).catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
  return real === path ? path : await followLinks(path, reader);
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

/** The id of who runs the program; undefined on Windows, which has none. */
export function ownUid(): number | undefined {
  return process.getuid?.();
}

const reader: LinkReader = {
  async lookAt(path) {
    try {
      const facts = await lstat(path);
      // Windows has neither modes nor owners, and Node makes some up.
      const isUnix = ownUid() !== undefined;
      const { mode, uid } = isUnix ? facts : { mode: null, uid: null };
      return { isSymlink: facts.isSymbolicLink(), mode, uid };
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return "missing";
      throw error;
    }
  },
  readLink: (path) => readlink(path),
  ownUid,
  tooManyLinks: () => fileError("ELOOP"),
};
