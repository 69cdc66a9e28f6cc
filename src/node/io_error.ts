/**
 * The operating system's errors, as reasons that a message can give.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import { FileError, fileError, isFileErrorCode } from "../file_error.ts";

/** The error number of an error of Node, such as "ENOENT"; undefined if it has none. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** The reason in words, such as "permission denied", with the error as its cause. */
export function ioError(error: unknown): FileError | StsavalError {
  if (error instanceof StsavalError || error instanceof FileError) return error;
  const code = codeOf(error);
  if (isFileErrorCode(code)) return fileError(code, error);
  return new FileError(error instanceof Error ? error.message : String(error), { cause: error });
}
