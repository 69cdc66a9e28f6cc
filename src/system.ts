/**
 * The ports: everything that stsaval needs of the outside world, in narrow slices. `src/deno/` is the one
 * real implementation, `tests/fake_system.ts` the one for tests; every function asks for the slice that it uses.
 *
 * @module
 */

/** How a {@linkcode Clock} sleeps. */
export interface SleepOptions {
  /** Ends the sleep at once: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** False lets the program end although this sleep is not over. Default: true. */
  readonly keepAlive?: boolean;
}

/** The wall clock. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves when `ms` milliseconds have passed, rejects as soon as the signal aborts. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
}

/** Chance. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  number(): number;
  /** Bytes fit for secrets. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** The environment of the process. */
export interface Environment {
  /** The variable's value, or undefined where it is not set, is empty, or may not be read. */
  get(name: string): string | undefined;
}

/** What the file system says of a file or a folder. */
export interface FileFacts {
  /** True for what is neither a file nor a folder: a pipe, a device. */
  readonly special: boolean;
  /** The permission bits, such as 0o600; undefined where the system has none. */
  readonly mode: number | undefined;
  /** True where it is known that somebody else owns it. */
  readonly foreign: boolean;
  /** When it was written last, in milliseconds since 1970. */
  readonly modified: number;
  /** The same for every path that leads to the same file, links included; undefined where the system has no such mark. */
  readonly id?: string | undefined;
}

/** Files. Paths are absolute, or relative to the working folder; `~` is not expanded here. */
export interface Files {
  /**
   * The file's text, or undefined where there is no such file. A byte order mark is kept.
   *
   * @throws {Error} whose message says why in words, such as "permission denied" or "it is a folder"
   */
  readText(path: string): Promise<string | undefined>;
  /**
   * Replaces the file as a whole: written beside it with `mode`, flushed, renamed. A link stays a link. Folders that
   * are missing are made with mode 0700, unless `makeFolders` is false.
   *
   * @throws {Error} whose message says why in words
   */
  replaceText(
    path: string,
    text: string,
    options?: { readonly mode?: number; readonly makeFolders?: boolean },
  ): Promise<void>;
  /** Removes the file, if it is there. @throws {Error} whose message says why in words */
  remove(path: string): Promise<void>;
  /** What is known of a file or folder, links followed; undefined where there is none. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Where the path's links end, be anything there or not; the path itself where it is no link. */
  target(path: string): Promise<string>;
  /** The names in a folder, in no order; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * Waits for the kernel's lock on the file, which is made with mode 0600 where there is none, as is its folder with
   * 0700. The holder's process id and `purpose` are then the file's text, until the lock is disposed. A process that
   * dies loses its locks.
   *
   * The signal ends the wait at once. What was asked of the kernel cannot be taken back: until it is granted, and then
   * given up in the same moment, the program does not end by itself.
   *
   * @throws {Error} whose message says why in words
   */
  lock(path: string, purpose: string, signal?: AbortSignal): Promise<Disposable>;
}

/** The person's terminal, or the pipes in its place. */
export interface Terminal {
  /** True where standard input and standard error are a terminal, so that somebody can be asked. */
  readonly canAsk: boolean;
  /** True where standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** True where standard error is a terminal. */
  readonly errIsTerminal: boolean;
  /** The width of the terminal in columns; 80 where it is not known. */
  columns(): number;
  /** The height of the terminal in lines; 24 where it is not known. */
  rows(): number;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /**
   * What is typed, as it is typed and without echo: each item holds one or more characters. The terminal is put back
   * as it was when the loop ends, however it ends.
   */
  keys(signal?: AbortSignal): AsyncIterable<string>;
}

/** A server that listens. */
export interface Listener {
  /** The port it listens on. */
  readonly port: number;
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
}

/** The network. */
export interface Network {
  /** As the global `fetch`: rejects with a `TypeError` where there is no connection, with the signal's reason on abort. */
  fetch(request: Request): Promise<Response>;
  /** Serves `handler` on the loopback address until the signal aborts. Port 0 means any free port. */
  serve(
    handler: (request: Request) => Response | Promise<Response>,
    options: { readonly port: number; readonly signal: AbortSignal },
  ): Promise<Listener>;
  /**
   * Told, before the first call, which URLs will be called and no others, so that a sandbox can close the way to every
   * other host.
   *
   * @throws {StsavalError} when none of them may be called
   */
  callOnly?(urls: readonly string[]): void;
}

/** The signals that a program passes on to another one that it runs. */
export type ForwardedSignal =
  | "SIGHUP"
  | "SIGINT"
  | "SIGQUIT"
  | "SIGTERM"
  | "SIGUSR1"
  | "SIGUSR2";

/** The signals that a program is sent. */
export interface Signals {
  /** Calls `handler` at each interrupt or termination signal until it is disposed. */
  onTermination(handler: (signal: "SIGINT" | "SIGTERM") => void): Disposable;
  /** Calls `handler` each time that the terminal has another size, until it is disposed. */
  onResize(handler: () => void): Disposable;
  /** Calls `handler` at each signal that another program might want, until it is disposed. */
  onForwarded(handler: (signal: ForwardedSignal) => void): Disposable;
}

/** Another program that was started. */
export interface ChildProcess {
  /** How it ended: its exit code, or 128 and the number of the signal that ended it. */
  readonly exit: Promise<number>;
  /** Sends it a signal; nothing happens where it has ended. */
  kill(signal: ForwardedSignal | "SIGKILL"): void;
}

/** Another program whose standard output is read. */
export interface PipedProcess extends ChildProcess {
  /** What it prints, as it prints it. */
  readonly stdout: ReadableStream<Uint8Array>;
}

/** Other programs. The first word is the program, searched for in `PATH` unless it holds a slash. */
export interface Processes {
  /**
   * Starts a program on the standard streams of this one. Its environment is that of this one with the variables of
   * `env` in it; those that are undefined are taken away.
   *
   * @throws {ProgramError} when it does not exist or cannot be executed
   */
  start(
    words: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): ChildProcess;
  /**
   * Starts a program to read its standard output. It gets the standard error of this one, and the standard input only
   * where that is a terminal.
   *
   * @throws {ProgramError} when it does not exist or cannot be executed
   */
  startPiped(words: readonly string[]): PipedProcess;
}

/** The kinds of things that a program may be allowed to do, by the names that Deno gives them. */
export type PermissionKind = "read" | "write" | "net" | "env" | "run" | "sys" | "ffi" | "import";

/** What the program may do, so that it can drop what it does not need. Nothing here ever prompts. */
export interface Permissions {
  /** True where it is allowed; without a name, where everything of the kind is. */
  allows(kind: PermissionKind, name?: string): boolean;
  /** Keeps this when something wider is dropped. Only for what is allowed. */
  keep(kind: PermissionKind, name: string): void;
  /** Drops it for good; without a name, everything of the kind. */
  drop(kind: PermissionKind, name?: string): void;
  /** What must be allowed to read a file: its path, and where its links lead. */
  pathsToRead(path: string): Promise<readonly string[]>;
  /** What must be allowed to read and replace a file: the temporary file and a missing folder among it. */
  pathsToReplace(path: string): Promise<readonly string[]>;
}

/** All ports together. */
export interface System {
  /** The wall clock. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: Random;
  /** The environment of the process. */
  readonly env: Environment;
  /** Files. */
  readonly files: Files;
  /** The person's terminal. */
  readonly terminal: Terminal;
  /** The network. */
  readonly network: Network;
  /** The signals that end a program. */
  readonly signals: Signals;
  /** Other programs. */
  readonly processes: Processes;
}

/** What the command line runs on: a program can drop permissions, a module that is part of one must not. */
export interface ProgramSystem extends System {
  readonly permissions: Permissions;
}
