/**
 * The operating system's errors, as reasons that a message can give.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import { FileError, fileError, type FileErrorCode, isFileErrorCode } from "../file_error.ts";

/** The error numbers behind the classes that Deno throws without one. */
const classes: readonly (readonly [new () => Error, FileErrorCode])[] = [
  [Deno.errors.PermissionDenied, "EACCES"],
  [Deno.errors.IsADirectory, "EISDIR"],
  [Deno.errors.NotADirectory, "ENOTDIR"],
  [Deno.errors.FilesystemLoop, "ELOOP"],
  [Deno.errors.NotFound, "ENOENT"],
  [Deno.errors.BrokenPipe, "EPIPE"],
  [Deno.errors.NotSupported, "ENOTSUP"],
];

/** The reason in words, such as "permission denied", with the error as its cause. */
export function ioError(error: unknown): FileError | StsavalError {
  if (error instanceof StsavalError || error instanceof FileError) return error;
  if (error instanceof Deno.errors.NotCapable) return notCapable(error);
  if (error instanceof Deno.errors.InvalidData) {
    return new FileError("it is not UTF-8 text", { cause: error });
  }
  const code = codeOf(error);
  if (code !== undefined) return fileError(code, error);
  return new FileError(error instanceof Error ? error.message : String(error), { cause: error });
}

/**
 * From source, Deno's message names the option that allows it. Its words for a compiled program are for who compiles it,
 * who chooses programs, but no files; and of a file that is replaced they name the one that is written beside it.
 */
function notCapable(cause: Error): FileError {
  const [, access, path] = /^Requires (read|write) access to "(.*)", .* during compilation/s
    .exec(cause.message) ?? [];
  if (access === undefined || path === undefined) return new FileError(cause.message, { cause });
  const file = path.replace(/\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/, "");
  return new FileError(`this command has no permission to ${access} "${file}"`, {
    hint: "check where links lead: what a command needs is told by 'stsaval permissions'",
    cause,
  });
}

function codeOf(error: unknown): FileErrorCode | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return isFileErrorCode(code) ? code : classes.find(([kind]) => error instanceof kind)?.[1];
}
