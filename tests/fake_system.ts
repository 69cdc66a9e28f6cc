/**
 * The system that tests run on: a virtual clock, files in memory, a scripted terminal, chance that repeats itself, and
 * a network that is a function.
 *
 * @module
 */

import { abortable } from "../src/abortable.ts";
import type { TerminationSignal } from "../src/errors.ts";
import type {
  Clock,
  FileFacts,
  Files,
  ForegroundProcess,
  ForwardedSignal,
  Helper,
  Helpers,
  Network,
  PermissionKind,
  Permissions,
  PipedOptions,
  PipedProcess,
  Processes,
  ProgramSystem,
  Random,
  Signals,
  SleepOptions,
  Terminal,
} from "../src/system.ts";
import { brokerScript } from "../src/cli/programs/broker_script.ts";
import { fakeBroker } from "./fake_broker.ts";
import { FakeServers } from "./fake_servers.ts";
import { settle } from "./settle.ts";

interface Sleeper {
  wakeAt: number;
  readonly order: number;
  wake(): void;
}

/** A clock that moves only when it is told to. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  readonly #settle: () => Promise<void>;

  /** `settleWith` lets others act between two moments; `settlePromises` is quick where there is nothing but promises. */
  constructor(start = Date.UTC(2026, 0, 1), settleWith: () => Promise<void> = settle) {
    this.#now = start;
    this.#settle = settleWith;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleep right now: none is left when everything has been halted. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, { signal }: SleepOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakeAt: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  /** Lets `ms` pass: wakes in order whoever sleeps less, each when all else that was begun has ended or sleeps. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    while (this.#wakeNext(end)) await this.#settle();
    this.#now = end;
  }

  /** Lets as much time pass as `work` sleeps; where it waits for what no time brings, Deno fails the test. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    work.then(end, end);
    await this.#settle();
    while (!ended && this.#wakeNext(Infinity)) await this.#settle();
    return await work;
  }

  #wakeNext(end: number): boolean {
    const next = this.#next(end);
    if (next === undefined) return false;
    this.#now = Math.max(this.#now, next.wakeAt);
    this.#sleepers.delete(next);
    next.wake();
    return true;
  }

  /** Sets the clock as a user or a time server would, or lets a laptop sleep: whoever sleeps sleeps on as before. */
  jump(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) sleeper.wakeAt += ms;
  }

  #next(end: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.wakeAt > end) continue;
      if (
        next === undefined || sleeper.wakeAt < next.wakeAt ||
        (sleeper.wakeAt === next.wakeAt && sleeper.order < next.order)
      ) next = sleeper;
    }
    return next;
  }
}

/** Chance from a seed, so that a test sees the same numbers each time (a linear congruential generator). */
export function seededRandom(seed = 1): Random {
  let state = seed >>> 0;
  const number = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    number,
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(number() * 256)),
  };
}

/** As many turns as a disk takes here: what does not wait for a file finds it as it was. */
async function disk(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined;
}

/** Files in memory; a value that is an Error is thrown when the file is read or replaced. */
export class MemoryFiles implements Files {
  readonly contents: Map<string, string | Error>;
  readonly modes = new Map<string, number>();

  constructor(contents: Record<string, string | Error> = {}) {
    this.contents = new Map(Object.entries(contents));
  }

  readText(path: string): Promise<string | undefined> {
    const content = this.contents.get(this.links.get(path) ?? path);
    return content instanceof Error ? Promise.reject(content) : Promise.resolve(content);
  }

  async replaceText(
    path: string,
    text: string,
    { mode = 0o600, stillWanted }: NonNullable<Parameters<Files["replaceText"]>[2]> = {},
  ): Promise<void> {
    await disk();
    if (await stillWanted?.() === false) return;
    const target = this.links.get(path) ?? path;
    if (this.contents.get(target) instanceof Error) {
      throw this.contents.get(target);
    }
    this.contents.set(target, text);
    this.modes.set(target, mode);
  }

  async remove(path: string): Promise<void> {
    await disk();
    this.contents.delete(path);
  }

  /** What is said of a path, over what follows from the files that there are. */
  readonly said = new Map<string, Partial<FileFacts>>();

  facts(path: string): Promise<FileFacts | undefined> {
    const isFolder = [...this.contents.keys()].some((name) => name.startsWith(`${path}/`));
    if (!isFolder && !this.contents.has(path)) return Promise.resolve(undefined);
    const mode = isFolder ? 0o700 : this.modes.get(path) ?? 0o600;
    return Promise.resolve({
      special: false,
      mode,
      foreign: false,
      size: new TextEncoder().encode(String(this.contents.get(path) ?? "")).length,
      modified: 0,
      version: "1:2:3:4:5.678",
      ...this.said.get(path),
    });
  }

  /** Links, by their path. */
  readonly links = new Map<string, string>();

  target(path: string): Promise<string> {
    return Promise.resolve(this.links.get(path) ?? path);
  }

  list(folder: string): Promise<readonly string[]> {
    const paths = [...this.contents.keys()].filter((path) => path.startsWith(`${folder}/`));
    const names = paths.map((path) => path.slice(folder.length + 1).replace(/\/.*/, ""));
    return Promise.resolve([...new Set(names)]);
  }

  readonly #locks = new Map<
    string,
    { readonly shared: boolean; readonly ended: Promise<void> }[]
  >();

  /** As the kernel does it: the holder's purpose is in the file, under a made-up process id. */
  async lock(
    path: string,
    purpose: string,
    { signal, shared = false }: { signal?: AbortSignal | undefined; shared?: boolean | undefined } =
      {},
  ): Promise<Disposable> {
    signal?.throwIfAborted();
    const requests = this.#locks.get(path) ?? [];
    this.#locks.set(path, requests);
    const before = requests.filter((other) => !shared || !other.shared).map(({ ended }) => ended);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const request = { shared, ended };
    requests.push(request);
    const release = () => {
      if (requests.includes(request)) requests.splice(requests.indexOf(request), 1);
      resolve();
    };
    const stopped = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => stopped.reject(signal.reason), { once: true });
    try {
      await Promise.race([Promise.all(before), stopped.promise]);
    } catch (error) {
      // As the kernel's, the request stays until it is granted.
      Promise.all(before).then(release);
      throw error;
    }
    if (!shared) this.contents.set(path, `4711 ${purpose}`);
    return {
      [Symbol.dispose]: () => {
        // A lock on a file that was removed meanwhile writes nowhere.
        if (!shared && this.contents.has(path)) this.contents.set(path, "");
        release();
      },
    };
  }
}

/** What is typed; or a function that says so when its turn has come, after time has passed for example. */
export type TypedKey = string | (() => string | Promise<string>);

/** A terminal that types what the script says and keeps what is written to it. */
export class ScriptedTerminal implements Terminal {
  readonly canAsk: boolean;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  width = 80;
  height = 24;
  stdout = "";
  stderr = "";
  /** True while the terminal is raw: it must be false at the end of every test. */
  raw = false;
  readonly #input: string;
  readonly #keys: readonly TypedKey[];
  /** What one prompt leaves is for the next. */
  #typed = 0;

  constructor(
    { keys = [], input = "", isTerminal = keys.length > 0 }: {
      keys?: readonly TypedKey[];
      input?: string;
      isTerminal?: boolean;
    } = {},
  ) {
    this.#keys = keys;
    this.#input = input;
    this.canAsk = isTerminal;
    this.outIsTerminal = isTerminal;
    this.errIsTerminal = isTerminal;
  }

  columns(): number {
    return this.width;
  }

  rows(): number {
    return this.height;
  }

  out(text: string): void {
    this.stdout += text;
  }

  readonly #failure = new AbortController();
  readonly outputFailed: AbortSignal = this.#failure.signal;

  /** From now on standard output cannot be written. */
  failOutput(error: Error): void {
    this.#failure.abort(error);
  }

  async flush(): Promise<void> {
    await Promise.resolve();
    this.#failure.signal.throwIfAborted();
  }

  err(text: string): void {
    this.stderr += text;
  }

  readInput(): Promise<string> {
    return Promise.resolve(this.#input);
  }

  async *keys(signal?: AbortSignal): AsyncGenerator<string> {
    this.raw = true;
    try {
      while (this.#typed < this.#keys.length) {
        signal?.throwIfAborted();
        const key = this.#keys[this.#typed++] ?? "";
        yield await (typeof key === "string" ? key : key());
      }
    } finally {
      this.raw = false;
    }
  }
}

/** Signals that a test sends. */
export class FakeSignals implements Signals {
  readonly #handlers = new Set<(signal: TerminationSignal) => void>();

  onTermination(handler: (signal: TerminationSignal) => void): Disposable {
    this.#handlers.add(handler);
    return { [Symbol.dispose]: () => void this.#handlers.delete(handler) };
  }

  readonly #strayErrors = new Set<(error: unknown) => void>();

  onStrayError(handler: (error: unknown) => void): Disposable {
    this.#strayErrors.add(handler);
    return { [Symbol.dispose]: () => void this.#strayErrors.delete(handler) };
  }

  /** How often the program has stopped itself. */
  stops = 0;
  #continued = Promise.withResolvers<void>();

  async stopSelf(): Promise<void> {
    this.stops++;
    this.#continued = Promise.withResolvers();
    await this.#continued.promise;
  }

  readonly #resized = new Set<() => void>();

  onResize(handler: () => void): Disposable {
    this.#resized.add(handler);
    return { [Symbol.dispose]: () => void this.#resized.delete(handler) };
  }

  readonly #forwarded = new Set<(signal: ForwardedSignal) => void>();

  onForwarded(handler: (signal: ForwardedSignal) => void): Disposable {
    this.#forwarded.add(handler);
    return { [Symbol.dispose]: () => void this.#forwarded.delete(handler) };
  }

  /** How many listen: none may be left at the end. */
  get listening(): number {
    return this.#handlers.size + this.#resized.size + this.#forwarded.size +
      this.#strayErrors.size;
  }

  /** An error that nothing awaits. */
  throwAside(error: unknown): void {
    for (const handler of this.#strayErrors) handler(error);
  }

  resize(): void {
    for (const handler of this.#resized) handler();
  }

  send(signal: ForwardedSignal): void {
    for (const handler of this.#forwarded) handler(signal);
    if (signal === "SIGCONT") return this.#continued.resolve();
    for (const handler of this.#handlers) handler(signal);
  }
}

/** A program that a test scripts, and what has become of it. */
export class FakeProcess implements PipedProcess, ForegroundProcess {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exit: Promise<number>;
  /** The signals it was sent. SIGKILL ends it, the others are up to the test. */
  readonly signals: string[] = [];
  readonly stdout: ReadableStream<Uint8Array>;
  readonly #ended = Promise.withResolvers<number>();

  /** What it read, and how; undefined where it was given nothing. */
  readonly options: PipedOptions | undefined;

  constructor(
    words: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    { stdout, exit }: FakeProgram,
    options?: PipedOptions,
  ) {
    this.words = words;
    this.env = env;
    this.options = options;
    this.exit = this.#ended.promise;
    this.stdout = stdout instanceof ReadableStream
      ? stdout
      : new Blob([stdout ?? ""]).stream() as ReadableStream<Uint8Array>;
    if (exit !== undefined) this.end(exit);
  }

  /** Whether another user runs it. */
  foreign = false;
  #stopped = Promise.withResolvers<void>();

  kill(signal: string): boolean {
    this.signals.push(signal);
    if (this.foreign) return false;
    if (signal === "SIGKILL") this.end(137);
    return true;
  }

  /** It is stopped, as by SIGSTOP. */
  stop(): void {
    this.#stopped.resolve();
  }

  async stopped(signal: AbortSignal): Promise<void> {
    await abortable(() => this.#stopped.promise, signal);
    this.#stopped = Promise.withResolvers();
  }

  end(exit: number): void {
    this.#ended.resolve(exit);
  }
}

/** How a program behaves. */
export interface FakeProgram {
  readonly stdout?: string | ReadableStream<Uint8Array>;
  /** Without it, it runs until the test or SIGKILL ends it. */
  readonly exit?: number;
}

/** Says how a program behaves, by its words and by what it is given. */
export type FakeScript = (words: readonly string[], options?: PipedOptions) => FakeProgram;

/** Programs that a test scripts: the script answers each one, or throws as a start would. */
export class FakeProcesses implements Processes {
  readonly started: FakeProcess[] = [];
  readonly #script: FakeScript;

  constructor(script: FakeScript) {
    this.#script = script;
  }

  start(
    words: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    options?: PipedOptions,
  ): FakeProcess {
    const process = new FakeProcess(words, env, this.#script(words, options), options);
    this.started.push(process);
    return process;
  }

  startPiped(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
    options?: PipedOptions,
  ): FakeProcess {
    return this.start(words, env, options);
  }
}

const allKinds: readonly PermissionKind[] = ["read", "write", "net", "env", "run", "sys", "ffi"];

/** Permissions as Deno keeps them: a list of grants; a grant can be dropped only by the name it was given by. */
export class FakePermissions implements Permissions {
  /** Such as "read:/" or "net:sts.amazonaws.com"; "run" for everything of a kind. */
  readonly grants: Set<string>;
  /** Links, by their path. */
  readonly links: Readonly<Record<string, string>>;
  /** Whether what leads round permissions was removed. */
  isSealed = false;
  /** Such as those of the drives of Windows. */
  roots: readonly string[] = ["/"];

  /** Without grants, everything is allowed, as with `--allow-all`. */
  constructor(grants: readonly string[] = allKinds, links: Readonly<Record<string, string>> = {}) {
    this.grants = new Set(grants);
    this.links = links;
  }

  allows(kind: PermissionKind, name?: string): boolean {
    if (this.grants.has(kind) || name === undefined) return this.grants.has(kind);
    return [...this.grants].some((grant) => isWithin(kind, name, grant));
  }

  keep(kind: PermissionKind, name: string): void {
    if (!this.allows(kind, name)) throw new Error(`Deno would prompt for ${kind} of ${name}`);
    this.grants.add(`${kind}:${name}`);
  }

  drop(kind: PermissionKind, name?: string): void {
    for (const grant of [...this.grants]) {
      const whole = name === undefined && (grant === kind || grant.startsWith(`${kind}:`));
      if (whole || grant === `${kind}:${name}` || dropsWildcard(kind, name, grant)) {
        this.grants.delete(grant);
      }
    }
  }

  seal(): void {
    this.isSealed = true;
  }

  pathsToRead(path: string): Promise<readonly string[]> {
    // As Deno itself does.
    if (typeof path !== "string") throw new TypeError("a path is a text");
    return Promise.resolve([path, this.links[path] ?? path]);
  }

  async pathsToReplace(path: string): Promise<readonly string[]> {
    return [...await this.pathsToRead(path), `${this.links[path] ?? path}.tmp`];
  }
}

/** Deno drops a wildcard as a whole when one of its hosts is dropped, and a host when one of its ports is. */
function dropsWildcard(kind: PermissionKind, name: string | undefined, grant: string): boolean {
  if (kind !== "net" || name === undefined) return false;
  const isWide = grant.startsWith("net:*.") || !/:\d+$/.test(grant);
  return isWide && isWithin(kind, name, grant);
}

/** Whether `host` is covered by a wildcard such as `*.amazonaws.com:443`; one without a port holds all of them. */
function isInDomain(host: string, wildcard: string): boolean {
  const [name = "", port = ""] = host.split(":");
  const [domain = "", portOfAll = port] = wildcard.split(":");
  return domain.startsWith("*.") && `.${name}`.endsWith(domain.slice(1)) && port === portOfAll;
}

/** Folders hold what is in them, hosts hold their ports. */
function isWithin(kind: PermissionKind, name: string, grant: string): boolean {
  const wide = grant.slice(kind.length + 1);
  if (!grant.startsWith(`${kind}:`)) return false;
  if (kind === "net") {
    return name === wide || name.startsWith(`${wide}:`) || isInDomain(name, wide);
  }
  return name === wide || name.startsWith(wide.endsWith("/") ? wide : `${wide}/`);
}

/** What a fake system can be made of; all of it is optional. */
export interface FakeSystemParts {
  readonly clock?: VirtualClock;
  readonly random?: Random;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly terminal?: ScriptedTerminal;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** What each program does that is started. */
  readonly program?: FakeScript;
  /** What a helper does; where it is left out, a broker runs the programs above, and any other ends at once. */
  readonly helper?: Helpers["start"];
  /** What the program may do; everything where it is left out. */
  readonly permissions?: FakePermissions;
}

/** As on a machine without a controlling terminal: it ends at once. */
function endedHelper(): Helper {
  return {
    exit: Promise.resolve(1),
    stdout: new Blob([]).stream() as ReadableStream<Uint8Array>,
    kill: () => true,
    send: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** A system for tests, with handles on its parts. */
export interface FakeSystem extends ProgramSystem {
  readonly clock: VirtualClock;
  readonly files: MemoryFiles;
  readonly terminal: ScriptedTerminal;
  readonly signals: FakeSignals;
  readonly processes: FakeProcesses;
  readonly permissions: FakePermissions;
  /** The servers that the program has started. */
  readonly servers: FakeServers;
}

/** Makes a system of fakes. HOME is `/home/kim` unless the environment says otherwise. */
export function fakeSystem(parts: FakeSystemParts = {}): FakeSystem {
  const env: Readonly<Record<string, string>> = { HOME: "/home/kim", ...parts.env };
  const servers = new FakeServers();
  const network: Network = {
    fetch: parts.fetch ?? (() => Promise.reject(new TypeError("no network in this test"))),
    serve: servers.serve,
  };
  const processes = new FakeProcesses(
    parts.program ?? (() => {
      throw new Error("no program in this test");
    }),
  );
  const start: Helpers["start"] = (script) =>
    script === brokerScript ? fakeBroker(processes) : endedHelper();
  return {
    clock: parts.clock ?? new VirtualClock(),
    random: parts.random ?? seededRandom(),
    env: { get: (name) => env[name] || undefined },
    files: new MemoryFiles(parts.files),
    terminal: parts.terminal ?? new ScriptedTerminal(),
    network,
    signals: new FakeSignals(),
    processes,
    helpers: { program: "/bin/sh", start: parts.helper ?? start },
    permissions: parts.permissions ?? new FakePermissions(),
    servers,
  };
}
