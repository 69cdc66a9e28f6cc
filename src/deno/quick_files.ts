/**
 * Files, without a turn for each.
 *
 * @module
 */

import type { QuickFiles } from "../system.ts";
import { ownUid } from "./permissions/user.ts";

/** The port `QuickFiles`. */
export const quickFiles: QuickFiles = {
  facts(path, { followLinks = false } = {}) {
    try {
      const { isFile, isDirectory, mode, uid } = followLinks
        ? Deno.statSync(path)
        : Deno.lstatSync(path);
      return {
        kind: isFile ? "file" : isDirectory ? "folder" : "other",
        mode: mode === null ? undefined : mode & 0o777,
        own: uid !== null && uid === ownUid(),
      };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  },
  read: (path) => Deno.readFileSync(path),
};
