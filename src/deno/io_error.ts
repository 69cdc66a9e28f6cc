/**
 * The operating system's errors, as reasons that a message can give.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";

/** The reason in words, such as "permission denied", with the error as its cause. */
export function ioError(error: unknown): Error {
  if (error instanceof StsavalError) return error;
  const reasons: [new () => Error, string][] = [
    [Deno.errors.PermissionDenied, "permission denied"],
    [Deno.errors.IsADirectory, "it is a folder"],
    [Deno.errors.NotADirectory, "a part of the path is not a folder"],
    [Deno.errors.FilesystemLoop, "its links lead in a circle"],
    [Deno.errors.NotFound, "no such file or folder"],
    [Deno.errors.InvalidData, "it is not UTF-8 text"],
    [Deno.errors.BrokenPipe, "its reader has closed it"],
  ];
  if (error instanceof Deno.errors.NotCapable) return new Error(error.message, { cause: error });
  const known = reasons.find(([kind]) => error instanceof kind);
  const reason = known?.[1] ?? (error instanceof Error ? error.message : String(error));
  return new Error(reason, { cause: error });
}
