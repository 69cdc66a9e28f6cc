/**
 * The one adapter: the only file that touches `Deno`, the global `fetch`, the clock, timers, randomness and the
 * console.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { ProgramError, StsavalError } from "../errors.ts";
import type {
  ChildProcess,
  Clock,
  Environment,
  Files,
  ForwardedSignal,
  Network,
  PermissionKind,
  Permissions,
  Processes,
  ProgramSystem,
  Random,
  Signals,
  SleepOptions,
  Terminal,
} from "../system.ts";

/** The port of that name. */
export const clock: Clock = {
  now: () => Date.now(),
  sleep(ms: number, { signal, keepAlive = true }: SleepOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      if (!keepAlive) Deno.unrefTimer(timer);
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};

const random: Random = {
  number: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** The port of that name. */
export const env: Environment = {
  get(name) {
    try {
      return Deno.env.get(name) || undefined;
    } catch (error) {
      // A variable that the user did not allow is, for the program, a variable that is not set.
      if (error instanceof Deno.errors.NotCapable) return undefined;
      throw error;
    }
  },
};

/** The port of that name. */
export const files: Files = {
  async readText(path) {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || await dangles(path, error)) return undefined;
      throw inWords(error);
    }
  },
  async replaceText(path, text, { mode = 0o600, makeFolders = true } = {}) {
    try {
      await replaceFile(await linkTarget(path), text, mode, makeFolders);
    } catch (error) {
      throw inWords(error);
    }
  },
  remove: removeFile,
  async facts(path) {
    try {
      const { dev, ino, mode, uid, mtime, isFile, isDirectory } = await Deno.stat(path);
      return {
        special: !isFile && !isDirectory,
        mode: mode === null ? undefined : mode & 0o777,
        foreign: isForeign(uid),
        modified: mtime?.getTime() ?? 0,
        id: ino === null ? undefined : `${dev}:${ino}`,
      };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw inWords(error);
    }
  },
  target: targetOrPath,
  async list(folder) {
    try {
      return await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw inWords(error);
    }
  },
  async lock(path, purpose, signal) {
    try {
      return await lockFile(path, `${Deno.pid} ${purpose}`, signal);
    } catch (error) {
      throw signal?.aborted ? signal.reason : inWords(error);
    }
  },
};

/** Whether another user owns it, as far as the program may know who runs it; a question must never open a prompt. */
function isForeign(uid: number | null): boolean {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" && uid !== null && uid !== Deno.uid();
}

async function lockFile(
  path: string,
  note: string,
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  signal?.throwIfAborted();
  const file = await inFolder(
    path,
    () => Deno.open(path, { create: true, read: true, write: true, mode: 0o600 }),
  );
  // Deno 2.4 has no tryLock, so the wait is the kernel's own: no polling, and one process is woken at a time.
  const locked = file.lock(true);
  try {
    await abortable(() => locked, signal);
  } catch (error) {
    locked.finally(() => file.close()).catch(() => {});
    throw error;
  }
  writeNote(file, note);
  return {
    [Symbol.dispose]() {
      writeNote(file, "");
      file.close();
    },
  };
}

/** On a full disk there is no note: the lock holds all the same, and who waits hears of another process. */
function writeNote(file: Deno.FsFile, note: string): void {
  try {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeAll(file, note);
  } catch {
    return;
  }
}

/** Makes a file, and its folder where that is missing, and only then: otherwise it need not be allowed. */
async function inFolder(path: string, make: () => Promise<Deno.FsFile>): Promise<Deno.FsFile> {
  try {
    return await make();
  } catch (error) {
    const folder = folderOf(path);
    const { NotFound, FilesystemLoop } = Deno.errors;
    const isMissing = error instanceof NotFound || error instanceof FilesystemLoop;
    if (!isMissing || folder === "") throw error;
    const target = await targetOrPath(folder.slice(0, -1) || "/");
    await Deno.mkdir(target, { recursive: true, mode: 0o700 });
    return await make();
  }
}

/** With its slash; empty for a name alone. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw inWords(error);
  }
}

/** Deno follows no link that leads to nothing where files are allowed by name, and calls it a circle. */
async function dangles(path: string, error: unknown): Promise<boolean> {
  if (!(error instanceof Deno.errors.FilesystemLoop)) return false;
  return await danglingTarget(path).then((target) => target !== path, () => false);
}

/** Where a chain of links ends, so that a linked file stays linked when it is replaced. */
async function linkTarget(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await danglingTarget(path);
  }
}

/** Where a link leads whose target is not there yet; the path itself where it is no link. */
async function danglingTarget(path: string): Promise<string> {
  try {
    const target = await Deno.readLink(path);
    return await linkTarget(target.startsWith("/") ? target : `${folderOf(path)}${target}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

async function replaceFile(
  path: string,
  text: string,
  mode: number,
  makeFolders: boolean,
): Promise<void> {
  const usual = temporaryOf(path);
  // Who replaces a file twice at once needs another name for the second.
  const temporary = inUse.has(usual) ? `${path}.${crypto.randomUUID()}.tmp` : usual;
  inUse.add(temporary);
  try {
    const open = () => Deno.open(temporary, { write: true, createNew: true, mode });
    await writeFlushed(await (makeFolders ? inFolder(temporary, open) : open()), text);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  } finally {
    inUse.delete(temporary);
  }
}

/** The temporary files that are being written. */
const inUse = new Set<string>();
const temporaryId = crypto.randomUUID();

/** The same name as long as this program runs, so that it can be allowed before it is needed. */
function temporaryOf(path: string): string {
  return `${path}.${temporaryId}.tmp`;
}

async function writeFlushed(file: Deno.FsFile, text: string): Promise<void> {
  using _file = file;
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

function inWords(error: unknown): Error {
  const reasons: [new () => Error, string][] = [
    [Deno.errors.PermissionDenied, "permission denied"],
    [Deno.errors.IsADirectory, "it is a folder"],
    [Deno.errors.NotADirectory, "a part of the path is not a folder"],
    [Deno.errors.FilesystemLoop, "its links lead in a circle"],
    [Deno.errors.NotFound, "no such file or folder"],
    [Deno.errors.InvalidData, "it is not UTF-8 text"],
    [Deno.errors.BrokenPipe, "nobody reads it any more"],
  ];
  if (error instanceof Deno.errors.NotCapable) return new Error(error.message, { cause: error });
  const known = reasons.find(([kind]) => error instanceof kind);
  const reason = known?.[1] ?? (error instanceof Error ? error.message : String(error));
  return new Error(reason, { cause: error });
}

function consoleSize(): { readonly columns: number; readonly rows: number } | undefined {
  try {
    return Deno.consoleSize();
  } catch {
    // Nothing here is a terminal.
    return undefined;
  }
}

/** The port of that name. */
export const terminal: Terminal = {
  // Where standard error goes elsewhere, nobody would see the question.
  canAsk: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
  outIsTerminal: Deno.stdout.isTerminal(),
  errIsTerminal: Deno.stderr.isTerminal(),
  // A terminal that does not know its size says 0.
  columns: () => consoleSize()?.columns || 80,
  rows: () => consoleSize()?.rows || 24,
  out(text) {
    try {
      writeAll(Deno.stdout, text);
    } catch (error) {
      throw new StsavalError("FAILED", `Cannot write the result: ${inWords(error).message}`);
    }
  },
  err: (text) => writeAll(Deno.stderr, text),
  async readInput() {
    try {
      return await new Response(Deno.stdin.readable).text();
    } catch (error) {
      throw new StsavalError("FAILED", `Cannot read standard input: ${inWords(error).message}`);
    }
  },
  async *keys(signal) {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(256);
    Deno.stdin.setRaw(true);
    try {
      while (true) {
        const count = await abortable(() => Deno.stdin.read(buffer), signal);
        if (count === null) return;
        yield decoder.decode(buffer.subarray(0, count), { stream: true });
      }
    } finally {
      Deno.stdin.setRaw(false);
    }
  },
};

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      // A pipe that does not block is full for now; whoever made it so reads it soon.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const network: Network = {
  fetch: (request) => fetch(request),
  serve(handler, { port, signal }) {
    try {
      const server = Deno.serve({
        hostname: "127.0.0.1",
        port,
        signal,
        onListen: () => {},
        onError: () => new Response(brokenBody()),
      }, handler);
      return Promise.resolve({ port: server.addr.port, finished: server.finished });
    } catch (error) {
      return Promise.reject(inWords(error));
    }
  },
};

/** A body that breaks off: the client sees a connection that was dropped. */
function brokenBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => controller.error(new Error("connection dropped")),
  });
}

const signals: Signals = {
  onResize(handler) {
    Deno.addSignalListener("SIGWINCH", handler);
    return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGWINCH", handler) };
  },
  onTermination(handler) {
    const interrupt = () => handler("SIGINT");
    const terminate = () => handler("SIGTERM");
    Deno.addSignalListener("SIGINT", interrupt);
    Deno.addSignalListener("SIGTERM", terminate);
    return {
      [Symbol.dispose]() {
        Deno.removeSignalListener("SIGINT", interrupt);
        Deno.removeSignalListener("SIGTERM", terminate);
      },
    };
  },
  onForwarded(handler) {
    const listeners = forwardedSignals.map((signal) => [signal, () => handler(signal)] as const);
    for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
    return {
      [Symbol.dispose]() {
        for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
      },
    };
  },
};

const forwardedSignals: readonly ForwardedSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];

const processes: Processes = {
  start([program = "", ...args], env) {
    const set = Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const]
    );
    const removed = Object.keys(env).filter((name) => env[name] === undefined);
    using _hidden = hideVariables(removed, program);
    return childOf(spawn(program, { args, env: Object.fromEntries(set) }));
  },
  startPiped([program = "", ...args]) {
    const stdin = Deno.stdin.isTerminal() ? "inherit" : "null";
    const child = spawn(program, { args, stdin, stdout: "piped" });
    return { ...childOf(child), stdout: child.stdout };
  },
};

/**
 * Takes variables out of our own environment until it is disposed. `Deno.Command` has no other way to keep one from a
 * child, unless this program may read the whole environment.
 */
function hideVariables(names: readonly string[], program: string): Disposable {
  const values = readVariables(names, program);
  for (const name of names) Deno.env.delete(name);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of values) {
        if (value !== undefined) Deno.env.set(name, value);
      }
    },
  };
}

/** All of them before one is taken out: whoever may not read one may not delete it either. */
function readVariables(
  names: readonly string[],
  program: string,
): readonly (readonly [name: string, value: string | undefined])[] {
  try {
    return names.map((name) => [name, Deno.env.get(name)] as const);
  } catch (error) {
    throw notExecutable(program, error);
  }
}

function spawn(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw notExecutable(program, error);
    return spawnByPath(program, options);
  }
}

/**
 * `Deno.Command` passes over the files in `PATH` that may not be executed and says that there is none. Shells tell the
 * two apart, so each is tried by its path.
 */
function spawnByPath(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  const folders = program === "" || program.includes("/") ? "" : env.get("PATH") ?? "";
  for (const folder of folders.split(":").filter((folder) => folder !== "")) {
    try {
      return new Deno.Command(`${folder}/${program}`, options).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) throw notExecutable(program, error);
    }
  }
  throw new ProgramError("PROGRAM_NOT_FOUND", program, "there is no such program");
}

function notExecutable(program: string, error: unknown): ProgramError {
  return new ProgramError("PROGRAM_NOT_EXECUTABLE", program, inWords(error).message);
}

function childOf(child: Deno.ChildProcess): ChildProcess {
  return {
    exit: child.status.then(({ code }) => code, exitOfUnnamedSignal),
    kill(signal) {
      try {
        child.kill(signal);
      } catch (error) {
        // It ended before its status was read.
        if (!(error instanceof TypeError)) throw error;
      }
    },
  };
}

/** Deno has no name for the real-time signals, and rejects where one ended the child: `Invalid signal: 40`. */
function exitOfUnnamedSignal(error: unknown): number {
  const number = error instanceof Error
    ? /^Invalid signal: (\d+)$/.exec(error.message)?.[1]
    : undefined;
  if (number === undefined) throw error;
  return 128 + Number(number);
}

/** The port of that name. */
export const permissions: Permissions = {
  // Nothing has the empty name; Deno throws where it is asked for it.
  allows: (kind, name) =>
    name !== "" && Deno.permissions.querySync(descriptorOf(kind, name)).state === "granted",
  keep: (kind, name) => void Deno.permissions.requestSync(descriptorOf(kind, name)),
  giveUp: (kind, name) => void Deno.permissions.revokeSync(descriptorOf(kind, name)),
  pathsToRead: async (path) => [path, await targetOrPath(path)],
  async pathsToReplace(path) {
    const target = await targetOrPath(path);
    return [path, target, temporaryOf(target), ...await missingFolder(target)];
  },
};

function descriptorOf(kind: PermissionKind, name: string | undefined): Deno.PermissionDescriptor {
  if (kind === "net") return name === undefined ? { name: kind } : { name: kind, host: name };
  if (kind === "run") return name === undefined ? { name: kind } : { name: kind, command: name };
  if (kind === "env") return name === undefined ? { name: kind } : { name: kind, variable: name };
  if (kind === "read" || kind === "write") {
    return name === undefined ? { name: kind } : { name: kind, path: name };
  }
  return { name: kind };
}

/** What cannot be followed is not there, or not to be had: whoever opens it will hear why. */
function targetOrPath(path: string): Promise<string> {
  return linkTarget(path).catch(() => path);
}

async function missingFolder(path: string): Promise<string[]> {
  const folder = folderOf(path);
  const exists = folder === "" || await Deno.stat(folder).then(() => true, () => false);
  return exists ? [] : [folder];
}

/** The system that stsaval really runs on. */
export const denoSystem: ProgramSystem = {
  clock,
  random,
  env,
  files,
  terminal,
  network,
  signals,
  processes,
  permissions,
};
