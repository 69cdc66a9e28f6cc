/**
 * Why a file could not be used: the operating system's error numbers, with a reason and a hint for each.
 *
 * @module
 */

/** The meaning of an error number. */
interface FileErrorRow {
  /** After "Cannot write …: ". */
  readonly reason: string;
  readonly hint?: string;
}

/** One row for each error number that files really give; see errno(3). */
const rows = {
  ENOENT: { reason: "no such file or folder" },
  EACCES: {
    reason: "permission denied",
    hint: "check the owner and the mode of the file and of the folders above it, with 'ls -ld'",
  },
  EPERM: {
    reason: "permission denied",
    hint: "check the owner of the file, and its attributes with 'lsattr': it may be immutable",
  },
  EISDIR: { reason: "it is a folder", hint: "name a file in that folder" },
  ENOTDIR: {
    reason: "a part of the path is not a folder",
    hint: "check the path: something before its last name is a file",
  },
  ELOOP: {
    reason: "its links lead in a circle",
    hint: "check where the links of the path lead, with 'namei -l'",
  },
  ENAMETOOLONG: {
    reason: "the name is too long",
    hint: "use a name of at most 200 bytes, and a shorter path",
  },
  ENOSPC: { reason: "no space left on device", hint: "free some space, or use another disk" },
  EDQUOT: { reason: "disk quota exceeded", hint: "remove files of yours, or use another disk" },
  EFBIG: { reason: "the file would be too large", hint: "check the limit with 'ulimit -f'" },
  EROFS: {
    reason: "the file system is read-only",
    hint: "use a folder on a file system that can be written",
  },
  EMFILE: {
    reason: "too many files are open in this process",
    hint: "raise the limit with 'ulimit -n'",
  },
  ENFILE: {
    reason: "too many files are open on this machine",
    hint: "end other programs, or raise fs.file-max",
  },
  ENOMEM: { reason: "out of memory", hint: "end other programs" },
  EIO: {
    reason: "the device failed to read or write",
    hint: "check the disk and the system's log; a network file system may be down",
  },
  ESTALE: {
    reason: "the file has gone from its network file system",
    hint: "try again, or mount the file system anew",
  },
  ENXIO: { reason: "there is no such device, or its reader is missing" },
  EBUSY: { reason: "another program is using it", hint: "end that program, or try again" },
  ETXTBSY: { reason: "it is a program that is running", hint: "name another file" },
  EXDEV: { reason: "it is on another file system", hint: "name a file that is no mount point" },
  EPIPE: { reason: "its reader has closed it" },
  ENOLCK: { reason: "the file system has no locks" },
  ENOTSUP: { reason: "the file system does not support it" },
  EOPNOTSUPP: { reason: "the file system does not support it" },
  ENOSYS: { reason: "the file system does not support it" },
} as const satisfies Readonly<Record<string, FileErrorRow>>;

/** An error number that is known here, such as "ENOSPC". */
export type FileErrorCode = keyof typeof rows;

/** The numbers that a file system without locks gives to whoever wants one. */
const withoutLocks: readonly string[] = ["ENOLCK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Why a file could not be used, in words. */
export class FileError extends Error {
  /** The name of the class. */
  override readonly name = "FileError";
  /** The error number, such as "ENOSPC"; undefined if it is not known. */
  readonly code: string | undefined;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  /** The message is a reason, to be put after what failed and a colon. */
  constructor(message: string, { code, hint, cause }: {
    readonly code?: string | undefined;
    readonly hint?: string | undefined;
    readonly cause?: unknown;
  } = {}) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** True for the error numbers of the table. */
export function isFileErrorCode(code: unknown): code is FileErrorCode {
  return typeof code === "string" && Object.hasOwn(rows, code);
}

/** The error for an error number. */
export function fileError(code: FileErrorCode, cause?: unknown): FileError {
  const { reason, hint }: FileErrorRow = rows[code];
  return new FileError(reason, { code, hint, cause });
}

/** What the user can do about a failure with a file; undefined if that is not known. */
export function fileHint(error: unknown): string | undefined {
  return error instanceof FileError ? error.hint : undefined;
}

/** True if the file is on a file system that has no locks. */
export function hasNoLocks(error: unknown): boolean {
  return error instanceof FileError && withoutLocks.includes(error.code ?? "");
}
