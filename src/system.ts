/**
 * The ports: everything that stsaval needs of the outside world, in narrow interfaces. `src/deno/` is the real
 * implementation, `tests/fake_system.ts` the one for tests; every function takes only the ports that it uses.
 *
 * @module
 */

import type { TerminationSignal } from "./errors.ts";

/** Options of {@linkcode Clock.sleep}. */
export interface SleepOptions {
  /** Ends the sleep at once: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** False lets the program exit while this sleep is pending. Default: true. */
  readonly keepAlive?: boolean;
}

/** The wall clock. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves when `ms` milliseconds have passed, rejects as soon as the signal aborts. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
  /** Resolves in another turn of the event loop, after what there is to send and to receive. Default: nothing waits for it. */
  nextTurn?(): Promise<void>;
}

/** A clock whose sleeps keep the program alive. */
export interface PlainClock extends Pick<Clock, "now"> {
  /** As {@linkcode Clock.sleep}. */
  sleep(ms: number, options?: Pick<SleepOptions, "signal">): Promise<void>;
}

/** Randomness. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  number(): number;
  /** Cryptographically secure random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** A digest that data is added to. */
export interface Digest {
  /** Adds data. */
  update(data: Uint8Array): Digest;
  /** The digest of all data, once. */
  digest(): Uint8Array;
}

/** Digests that are had at once: those of WebCrypto take a turn of the event loop each. */
export interface Digests {
  /** A digest by SHA-256 (FIPS 180-4), of nothing yet. */
  sha256(): Digest;
}

/** The environment of the process. */
export interface Environment {
  /**
   * The variable's value, or undefined if it is unset, is empty, or may not be read.
   *
   * @throws {UsageError} when the value is no text
   */
  get(name: string): string | undefined;
}

/** Metadata of a file or a folder. */
export interface FileFacts {
  /** True if it is neither a file nor a folder: a pipe, a device. */
  readonly special: boolean;
  /** The permission bits, such as 0o600; undefined if the system has none. */
  readonly mode: number | undefined;
  /** True if another user is known to own it. */
  readonly foreign: boolean;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** When it was last modified, in milliseconds since 1970. */
  readonly modified: number;
  /** Identical for every path to the same file, links included; undefined if the system has no file ids. */
  readonly id?: string | undefined;
  /**
   * Another one for another file, and after every change: device, inode, size, the second of the last change, and when it
   * was written. Undefined if the system does not tell files apart.
   */
  readonly version?: string | undefined;
}

/** Files. Paths are absolute, or relative to the working folder; `~` is not expanded here. */
export interface Files {
  /** False where the runtime has no locks of the kernel, so that `lock` always fails. Default: true. */
  readonly hasLocks?: boolean;
  /**
   * The file's text, or undefined if there is no such file. A byte order mark is kept. A special file, such as a pipe, is
   * read once and its text kept, since it cannot be read again; waiting for its writer does not block signals.
   *
   * @throws {Error} with a readable reason as its message, such as "permission denied" or "it is a folder"
   */
  readText(path: string): Promise<string | undefined>;
  /** The file's bytes, likewise; a special file has none. Absent where only text can be read. */
  readBytes?(path: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces the file atomically: a temporary file beside it is written with `mode`, flushed and renamed. A link stays a
   * link. Missing folders are created with mode 0700, unless `makeFolders` is false. `stillWanted` is asked once the
   * temporary file has its modification time: if it says no, the old file stays.
   *
   * @throws {Error} with a readable reason as its message
   */
  replaceText(
    path: string,
    text: string,
    options?: {
      readonly mode?: number;
      readonly makeFolders?: boolean;
      readonly stillWanted?: (() => Promise<boolean>) | undefined;
      /** True where there is known to be no such file: then a link of that name is replaced. */
      readonly isNew?: boolean | undefined;
    },
  ): Promise<void>;
  /** Removes the file, if it exists; if it is a link, only the link. @throws {Error} with a readable reason as its message */
  remove(path: string): Promise<void>;
  /** Metadata of a file or folder, links followed; undefined if it does not exist. */
  facts(path: string): Promise<FileFacts | undefined>;
  /**
   * The final target of the path's links, whether it exists or not; the path itself if it is no link.
   *
   * @throws {StsavalError} when one of the links belongs to another user, in a folder where anyone can create one
   */
  target(path: string): Promise<string>;
  /** The names in a folder, unordered; empty if there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * Acquires the kernel's lock on the file, which is created with mode 0600 if it is missing, as is its folder with
   * 0700. Until the lock is disposed, the file's text is the process id of the lock holder and `purpose`, unless the lock
   * is shared. A process that dies loses its locks.
   *
   * The signal ends the wait at once. The request to the kernel cannot be cancelled: until it is granted, and released
   * at once, the program does not exit by itself.
   *
   * @throws {FileError} with a readable reason as its message
   */
  lock(
    path: string,
    purpose: string,
    options?: { readonly signal?: AbortSignal | undefined; readonly shared?: boolean | undefined },
  ): Promise<Disposable>;
  /**
   * As {@linkcode lock}, exclusive, on a file that does not exist: no other process can hold it, so that only the file
   * system is waited for. Undefined if the file exists, or cannot be created this way. Default: `lock` alone is used.
   */
  lockNew?(
    path: string,
    purpose: string,
    options?: {
      /** True if there was no such file a moment ago, so that it need not be looked for. */
      readonly isNew?: boolean | undefined;
    },
  ): Promise<Disposable | undefined>;
}

/** What a look at a path says. */
export interface QuickFacts {
  readonly kind: "file" | "folder" | "other";
  /** The permission bits, such as 0o600; undefined if the system has none. */
  readonly mode: number | undefined;
  /** True if it is known to belong to whoever runs the program. */
  readonly own: boolean;
}

/**
 * Files of the local disk, at once: for who reads a few small ones and then ends. It is blind to signals while it reads,
 * so that only plain files may be read.
 */
export interface QuickFiles {
  /**
   * Undefined if there is nothing of that name. A link is neither file nor folder, unless links are followed.
   *
   * @throws {Error} when that cannot be told
   */
  facts(path: string, options?: { readonly followLinks?: boolean }): QuickFacts | undefined;
  /** The bytes of a file. @throws {Error} when it cannot be read */
  read(path: string): Uint8Array<ArrayBuffer>;
}

/** Where the user is prompted. */
export interface PromptPlace {
  /** Writes to the terminal. */
  err(text: string): void;
  /**
   * Keystrokes as they are typed, without echo: each item holds one or more characters. An empty item means that the
   * program was stopped, and goes on: what it had drawn is gone. The terminal is restored when the loop ends, however it
   * ends.
   */
  keys(signal?: AbortSignal): AsyncIterable<string>;
}

/** The user's terminal, or the pipes in its place. */
export interface Terminal extends PromptPlace {
  /** True if standard input and standard error are a terminal, so that the user can be prompted. */
  readonly canAsk: boolean;
  /** True if standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** True if standard error is a terminal. */
  readonly errIsTerminal: boolean;
  /** The width of the terminal in columns; 80 if unknown. */
  columns(): number;
  /** The height of the terminal in lines; 24 if unknown. */
  rows(): number;
  /** Writes to standard output, in the order of the calls, without waiting for the reader; `flush` waits. */
  out(text: string): void;
  /** Writes to standard error likewise. Write errors are ignored. */
  err(text: string): void;
  /**
   * Settles when everything so far is written.
   *
   * @throws {OutputClosedError} when the reader of standard output has closed it
   * @throws {StsavalError} when standard output cannot be written for another reason
   */
  flush(): Promise<void>;
  /** Aborts when standard output cannot be written, with the error of `flush` as its reason. */
  readonly outputFailed: AbortSignal;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** The controlling terminal, where `canAsk` is false; if it cannot be reached, the reason, such as "no terminal". */
  controlling?(): Promise<PromptPlace | string>;
}

/** A server that listens. */
export interface Listener {
  /** The port it listens on. */
  readonly port: number;
  /** Settles when it has shut down. */
  readonly finished: Promise<void>;
}

/** Options of {@linkcode Network.fetch}. */
export interface FetchOptions {
  /** Certificates of authorities that are trusted beside the system's, as PEM text. */
  readonly caCerts?: readonly string[] | undefined;
  /** True goes around the proxies of the environment. */
  readonly isDirect?: boolean | undefined;
}

/** The network. */
export interface Network {
  /** As the global `fetch`: rejects with a `TypeError` if there is no connection, with the signal's reason on abort. */
  fetch(request: Request, options?: FetchOptions): Promise<Response>;
  /** Serves `handler` on the loopback address until the signal aborts. Port 0 means any free port. */
  serve(
    handler: (request: Request) => Response | Promise<Response>,
    options: { readonly port: number; readonly signal: AbortSignal },
  ): Promise<Listener>;
  /**
   * Announces, before the first call, the only URLs that will be called, so that a sandbox can block every other
   * host; whether the user may be prompted on the way; and how the addresses of the pages begin that may be opened
   * for the user.
   *
   * @throws {StsavalError} when none of them may be called
   */
  callOnly?(
    urls: readonly string[],
    options?: { readonly mayPrompt?: boolean; readonly mayOpen?: readonly string[] },
  ): void;
}

/** The user's browser. */
export interface Browser {
  /** Whether there is one on this machine, with a display. */
  isHere(): Promise<boolean>;
  /** Opens a page that was announced with {@linkcode Network.callOnly}. False where that cannot be done. */
  open(url: string): Promise<boolean>;
}

/** The signals that a program passes on to another one that it runs. */
export type ForwardedSignal = TerminationSignal | "SIGCONT";

/** The signals that a program receives. */
export interface Signals {
  /** Calls `handler` at each signal that would end the program, until it is disposed. */
  onTermination(handler: (signal: TerminationSignal) => void): Disposable;
  /** Calls `handler` with each error that nothing catches, instead of ending the program, until it is disposed. */
  onStrayError(handler: (error: unknown) => void): Disposable;
  /** Calls `handler` each time that the terminal has another size, until it is disposed. */
  onResize(handler: () => void): Disposable;
  /** Calls `handler` at each signal that is to be forwarded, until it is disposed. */
  onForwarded(handler: (signal: ForwardedSignal) => void): Disposable;
  /** Stops this process as SIGSTOP does. Settles when it is continued; rejects if it may not send signals. */
  stopSelf(): Promise<void>;
}

/** A child process. */
export interface ChildProcess {
  /** Its exit code, or 128 plus the number of the signal that killed it. */
  readonly exit: Promise<number>;
  /** Sends it a signal, if it has not ended. False if that is not permitted, because it runs as another user. */
  kill(signal: ForwardedSignal | "SIGKILL"): boolean;
}

/** A child process that runs in place of this one. */
export interface ForegroundProcess extends ChildProcess {
  /** Settles when it is stopped, as by SIGSTOP; rejects when the signal aborts, or if this cannot be detected. */
  stopped(signal: AbortSignal): Promise<void>;
}

/** A child process whose standard output is piped. */
export interface PipedProcess extends ChildProcess {
  /** What it prints, as it prints it. */
  readonly stdout: ReadableStream<Uint8Array>;
}

/** What a program is given whose output is read. */
export interface PipedOptions {
  /** Its standard input, which then ends. Never in its arguments, so that it may be a secret. */
  readonly input?: string | undefined;
  /** True adds its standard error to what is read of it. */
  readonly mergesErrors?: boolean | undefined;
}

/** Child processes. The first word is the program, looked up in `PATH` unless it contains a slash. */
export interface Processes {
  /**
   * Starts a program that inherits the standard streams. Its environment is that of this process plus the variables of
   * `env`; those that are undefined are removed.
   *
   * @throws {ProgramError} when it does not exist or cannot be executed
   */
  start(
    words: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): ForegroundProcess;
  /**
   * Starts a program to read its standard output. It inherits standard error, and standard input only if that is a
   * terminal, unless the options say otherwise. Its environment is that of this process plus the variables of `env`. Its exit may also reject, with the
   * error that is thrown otherwise, where another process starts it.
   *
   * @throws {ProgramError} when it does not exist or cannot be executed
   */
  startPiped(
    words: readonly string[],
    env?: Readonly<Record<string, string>>,
    options?: PipedOptions,
  ): PipedProcess;
}

/** A program that may be started, with what it finds in its environment beside what is in ours. */
export interface CommandLine {
  /** The program and its arguments. They may hold a secret. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A shell that does, on request, what this program dropped the permission for. */
export interface Helper extends PipedProcess {
  /** Writes to its standard input. Resolves when that is done; also if the helper has ended. */
  send(text: string): Promise<void>;
  /** Closes its standard input, upon which it cleans up and ends. It also does so when this program dies. */
  close(): Promise<void>;
}

/** Helpers: each is started with a fixed script before the permission to run programs is dropped. */
export interface Helpers {
  /** The program that runs the scripts, for permissions. */
  readonly program: string;
  /**
   * Starts a helper. It reads requests from its standard input until that is closed; `words` are its `$1`, `$2` and so
   * on, so that a request can name one of them by number. Its standard error is discarded, unless it inherits ours.
   *
   * @throws {ProgramError} when the program cannot be executed
   */
  start(
    script: string,
    words?: readonly string[],
    options?: { readonly stderr?: "inherit" },
  ): Helper;
}

/** The kinds of permissions, as Deno names them. */
export type PermissionKind = "read" | "write" | "net" | "env" | "run" | "sys" | "ffi" | "import";

/** The permissions of the program, so that it can drop those it does not need. Never prompts. */
export interface Permissions {
  /** The folders that all files are below, by which reading and writing was granted. */
  readonly roots: readonly string[];
  /** True if it is granted; without a name, if everything of the kind is. */
  allows(kind: PermissionKind, name?: string): boolean;
  /** Keeps this permission when a wider one is dropped. It must be granted. */
  keep(kind: PermissionKind, name: string): void;
  /** Drops it for good; without a name, everything of the kind. */
  drop(kind: PermissionKind, name?: string): void;
  /** Removes for good, for all code of the program, what leads round permissions. */
  seal(): void;
  /** What must be allowed to read a file: its path, and where its links lead. Throws as `Files.target` does. */
  pathsToRead(path: string): Promise<readonly string[]>;
  /** The paths that reading and replacing a file needs, the temporary file and a missing folder included. */
  pathsToReplace(path: string): Promise<readonly string[]>;
}

/** All ports together. */
export interface System {
  /** The wall clock. */
  readonly clock: Clock;
  /** Randomness. */
  readonly random: Random;
  /** Digests; without them the SDK makes its own. */
  readonly digests?: Digests | undefined;
  /** The environment of the process. */
  readonly env: Environment;
  /** Files. */
  readonly files: Files;
  /** The user's terminal. */
  readonly terminal: Terminal;
  /** The network. */
  readonly network: Network;
  /** The signals that the program receives. */
  readonly signals: Signals;
  /** Child processes. */
  readonly processes: Processes;
}

/** The ports that the module needs: those of {@linkcode System}, without what only commands use. */
export interface ModuleSystem
  extends Pick<System, "clock" | "random" | "digests" | "env" | "files"> {
  /** Requests to other hosts. */
  readonly network: Pick<Network, "fetch" | "callOnly">;
  /** Whether a program that asks can be answered. */
  readonly terminal: Pick<Terminal, "canAsk">;
  /** Programs that print credentials. */
  readonly processes: Pick<Processes, "startPiped">;
}

/** What a command runs on. */
export interface CommandSystem extends System {
  /** Opens pages, for a command that may. */
  readonly browser?: Browser | undefined;
}

/** What the command line runs on: a program can drop permissions, a module inside another program must not. */
export interface ProgramSystem extends System {
  readonly permissions: Permissions;
  /** What it does through others once a permission is dropped. */
  readonly helpers: Helpers;
}
