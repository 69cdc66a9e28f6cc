/**
 * The error classes. One table gives the meaning and the exit status of each error code; adding an error means adding a
 * row and a class here.
 *
 * Messages say what failed, colon, why, with the value found and the value wanted. They never hold a secret.
 *
 * @module
 */

/**
 * What each error code means, and the exit status that the command line ends with. "AWS" is STS, or another source of
 * base credentials.
 */
export const errorTable = {
  FAILED: { exit: 1, meaning: "failed, and no row below fits" },
  STORE: { exit: 1, meaning: "failed, and no row below fits" },
  USAGE: { exit: 2, meaning: "wrong usage" },
  CONFIG: { exit: 2, meaning: "a file that cannot be read as configuration" },
  MFA_NEEDED: {
    exit: 3,
    meaning: "a person is needed: for an MFA code, a sign-in or sealed keys",
  },
  SIGN_IN_NEEDED: {
    exit: 3,
    meaning: "a person is needed: for an MFA code, a sign-in or sealed keys",
  },
  STORE_LOCKED: {
    exit: 3,
    meaning: "a person is needed: for an MFA code, a sign-in or sealed keys",
  },
  PROFILE: { exit: 4, meaning: "a profile does not exist, or its chain is broken" },
  STS_REFUSED: {
    exit: 5,
    meaning: "AWS refused: denied, expired or invalid",
  },
  EXPIRED: { exit: 5, meaning: "the credentials have expired and could not be renewed" },
  STS_UNREACHABLE: {
    exit: 6,
    meaning: "AWS could not be reached, or kept failing",
  },
  SOURCE_REFUSED: {
    exit: 5,
    meaning: "AWS refused: denied, expired or invalid",
  },
  SOURCE_UNREACHABLE: {
    exit: 6,
    meaning: "AWS could not be reached, or kept failing",
  },
  PROGRAM_NOT_EXECUTABLE: { exit: 126, meaning: "the program to run cannot be executed" },
  PROGRAM_NOT_FOUND: { exit: 127, meaning: "the program to run does not exist" },
  HUNG_UP: { exit: 129, meaning: "hung up: the terminal was closed" },
  INTERRUPTED: { exit: 130, meaning: "interrupted" },
  OUTPUT_CLOSED: { exit: 141, meaning: "the reader of standard output has closed it" },
  TERMINATED: {
    exit: 143,
    meaning: "terminated",
  },
} as const satisfies Record<ErrorCode, { readonly exit: number; readonly meaning: string }>;

/** The stable code of an error, for scripts. */
export type ErrorCode =
  | "FAILED"
  | "STORE"
  | "USAGE"
  | "CONFIG"
  | "MFA_NEEDED"
  | "SIGN_IN_NEEDED"
  | "STORE_LOCKED"
  | "PROFILE"
  | "STS_REFUSED"
  | "EXPIRED"
  | "STS_UNREACHABLE"
  | "SOURCE_REFUSED"
  | "SOURCE_UNREACHABLE"
  | "PROGRAM_NOT_EXECUTABLE"
  | "PROGRAM_NOT_FOUND"
  | "HUNG_UP"
  | "INTERRUPTED"
  | "OUTPUT_CLOSED"
  | "TERMINATED";

/** What every error can carry besides its message. */
export interface ErrorDetails {
  /** What the user can do about it, preferably a command. */
  readonly hint?: string | undefined;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/** The base class of all errors of stsaval. */
export class StsavalError extends Error {
  /** The name of the class. */
  override readonly name: string = "StsavalError";
  /** The stable code, for scripts. */
  readonly code: ErrorCode;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  /** An error with a code of {@linkcode errorTable}. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** Invalid input from the caller: an unknown flag, a duration out of range. */
export class UsageError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "UsageError";

  /** The message says what was found and what was wanted. */
  constructor(message: string, details?: ErrorDetails) {
    super("USAGE", message, details);
  }
}

/** A location in a file; lines and columns count from 1. */
export interface FilePlace {
  /** The path of the file. */
  readonly file: string;
  /** The line, if the error has one. */
  readonly line?: number;
  /** The column, if the error has one. */
  readonly column?: number;
}

/** `"/home/kim/.aws/config", line 12, column 3`, as far as known. */
export function formatPlace(place: FilePlace): string {
  const line = place.line === undefined ? "" : `, line ${place.line}`;
  const column = place.column === undefined ? "" : `, column ${place.column}`;
  return `"${place.file}"${line}${column}`;
}

/** A file cannot be read as configuration, or a value in it breaks a rule. */
export class ConfigError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "ConfigError";
  /** Where it is. */
  readonly place: FilePlace;

  /** The message is `what`, then the place, then why: `Cannot read "…", line 3, column 1: found …, wanted …`. */
  constructor(what: string, place: FilePlace, why: string, details?: ErrorDetails) {
    super("CONFIG", `${what} ${formatPlace(place)}: ${why}`, details);
    this.place = place;
  }
}

/** One profile that cannot be used. */
export interface ProfileProblem {
  /** The name of the profile. */
  readonly profile: string;
  /** What is wrong with it, with file and line where they are known. */
  readonly message: string;
  /** What the user can do about it. */
  readonly hint?: string | undefined;
}

/** One or more profiles do not exist, or their chains are broken. */
export class ProfileError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "ProfileError";
  /** Every profile that cannot be used, in the order requested. */
  readonly problems: readonly ProfileProblem[];

  /** A single problem is the message itself; several are listed, one per line, each with its hint. */
  constructor(problems: readonly ProfileProblem[], details: ErrorDetails = {}) {
    const [only] = problems;
    const single = problems.length === 1 && only !== undefined;
    const listed = problems.map((problem) =>
      `\n  ${problem.message}${problem.hint === undefined ? "" : ` (${problem.hint})`}`
    );
    super(
      "PROFILE",
      single ? only.message : `${problems.length} profiles cannot be used:${listed.join("")}`,
      { hint: single ? only.hint : "'stsaval profiles' lists the known profiles", ...details },
    );
    this.problems = problems;
  }
}

/** An MFA code is needed and there is no way to prompt for it, or what was given is not a code. */
export class MfaError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "MfaError";

  /** The message names the device that needs the code. */
  constructor(message: string, details?: ErrorDetails) {
    super("MFA_NEEDED", message, details);
  }
}

/** What is known of a failed call. */
export interface StsErrorDetails extends ErrorDetails {
  /** The STS operation, such as "AssumeRole". */
  readonly operation: string;
  /** The error code of STS, such as "AccessDenied"; for calls without a response, the reason in one word. */
  readonly awsCode?: string | undefined;
  /** The request id of STS, for support. */
  readonly requestId?: string | undefined;
}

/** STS rejected the request. */
export class StsError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "StsError";
  /** The STS operation. */
  readonly operation: string;
  /** The error code of STS. */
  readonly awsCode: string | undefined;
  /** The request id of STS. */
  readonly requestId: string | undefined;

  /** The message says what could not be done, and the reason that STS gave. */
  constructor(message: string, details: StsErrorDetails) {
    super("STS_REFUSED", message, details);
    this.operation = details.operation;
    this.awsCode = details.awsCode;
    this.requestId = details.requestId;
  }
}

/** STS could not be reached, or kept failing, after every attempt. */
export class StsUnreachableError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "StsUnreachableError";
  /** The STS operation. */
  readonly operation: string;
  /** The error code of the last response, if there was one. */
  readonly awsCode: string | undefined;
  /** The request id of the last response, if there was one. */
  readonly requestId: string | undefined;

  /** The message names the host that did not respond, and the number of attempts. */
  constructor(message: string, details: StsErrorDetails) {
    super("STS_UNREACHABLE", message, details);
    this.operation = details.operation;
    this.awsCode = details.awsCode;
    this.requestId = details.requestId;
  }
}

/** The user must sign in before the credentials can be fetched. */
export class SignInNeededError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "SignInNeededError";

  /** The message says what has expired; the hint is the command that signs in. */
  constructor(message: string, details?: ErrorDetails) {
    super("SIGN_IN_NEEDED", message, details);
  }
}

/** A source of base credentials rejected the request, or could not be reached. */
export class SourceError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "SourceError";
  /** The kind of source, such as "sso". */
  readonly source: string;

  /** The message names the source, the request and the response. */
  constructor(
    code: "SOURCE_REFUSED" | "SOURCE_UNREACHABLE",
    source: string,
    message: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
    this.source = source;
  }
}

/** Why a sealed file could not be used. Those of `personNeeded` end when a person does something. */
export type StoreFault =
  | "passphrase"
  | "no-terminal"
  | "locked"
  | "no-service"
  | "time-out"
  | "no-program"
  | "no-key"
  | "no-file"
  | "torn"
  | "format"
  | "owner"
  | "mode"
  | "failed";

const personNeeded: readonly StoreFault[] = [
  ...["passphrase", "no-terminal", "locked", "no-service", "time-out"] as const,
];

/** A sealed file cannot be opened or written: its keys stay where they are. */
export class StoreError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "StoreError";
  /** What kind of fault. */
  readonly fault: StoreFault;

  /** The message names the file or the opener; its code is STORE_LOCKED where a person can help. */
  constructor(fault: StoreFault, message: string, details?: ErrorDetails) {
    super(personNeeded.includes(fault) ? "STORE_LOCKED" : "STORE", message, details);
    this.fault = fault;
  }
}

/** A credential has expired and could not be renewed; it is not returned. */
export class ExpiredError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "ExpiredError";

  /** The message says what expired, when, and why it was not renewed. */
  constructor(message: string, details?: ErrorDetails) {
    super("EXPIRED", message, details);
  }
}

/** Another program could not be started. */
export class ProgramError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "ProgramError";
  /** The program. */
  readonly program: string;

  /** The code selects the exit status that shells use for the same failure. */
  constructor(
    code: "PROGRAM_NOT_FOUND" | "PROGRAM_NOT_EXECUTABLE",
    program: string,
    why: string,
    details?: ErrorDetails,
  ) {
    super(code, `Cannot run "${program}": ${why}`, details);
    this.program = program;
  }
}

/** A signal that ends a command. */
export type TerminationSignal =
  | "SIGHUP"
  | "SIGINT"
  | "SIGQUIT"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGALRM"
  | "SIGTERM"
  | "SIGXCPU"
  | "SIGXFSZ"
  | "SIGVTALRM";

/** The signals that end a program in order, with their numbers: whoever is ended by one ends with 128 and the number. */
export const terminationSignals = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
} as const satisfies Record<TerminationSignal, number>;

/** The user, or a signal, ended the work. */
export class InterruptedError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "InterruptedError";
  /** The signal. */
  readonly signal: TerminationSignal;

  /** For ctrl+c and SIGINT, or for another signal. */
  constructor(signal: TerminationSignal = "SIGINT") {
    const { code, message } = wordsOfSignal(signal);
    super(code, message);
    this.signal = signal;
  }
}

function wordsOfSignal(
  signal: TerminationSignal,
): { readonly code: ErrorCode; readonly message: string } {
  if (signal === "SIGINT") return { code: "INTERRUPTED", message: "Interrupted" };
  if (signal === "SIGHUP") return { code: "HUNG_UP", message: "Hung up" };
  return {
    code: "TERMINATED",
    message: signal === "SIGTERM" ? "Terminated" : `Terminated by ${signal}`,
  };
}

/** The reader of standard output has closed it: nothing is wrong, and nothing more is wanted. */
export class OutputClosedError extends StsavalError {
  /** The name of the class. */
  override readonly name: string = "OutputClosedError";

  /** As for a program that SIGPIPE ends. */
  constructor(details?: ErrorDetails) {
    super("OUTPUT_CLOSED", "Cannot write the result: its reader has closed it", details);
  }
}

/** The exit status that the command line ends with. */
export function exitStatusOf(error: StsavalError): number {
  return error instanceof InterruptedError
    ? 128 + terminationSignals[error.signal]
    : errorTable[error.code].exit;
}
