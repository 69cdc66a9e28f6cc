/**
 * The part of `@std/log` that is used, for networks without JSR: written from its behaviour.
 *
 * @module
 */

const LEVELS = { NOTSET: 0, DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, CRITICAL: 50 } as const;

/** The name of a level. */
export type LevelName = keyof typeof LEVELS;

/** The number of a level; the higher, the graver. */
export type LogLevel = (typeof LEVELS)[LevelName];

/** What a {@linkcode LogRecord} is made from. */
export interface LogRecordOptions {
  /** The message. */
  msg: string;
  /** What was passed beside the message. */
  args: unknown[];
  /** The level of the message. */
  level: LogLevel;
  /** The name of the logger that was called. */
  loggerName: string;
}

/** One message on its way to the handlers. */
export class LogRecord {
  /** The message. */
  readonly msg: string;
  /** The level of the message. */
  readonly level: number;
  /** The level's name. */
  readonly levelName: LevelName;
  /** The name of the logger that was called. */
  readonly loggerName: string;
  readonly #args: readonly unknown[];
  readonly #time: number;

  /** Stamps the message with the time. */
  constructor({ msg, args, level, loggerName }: LogRecordOptions) {
    this.msg = msg;
    this.level = level;
    this.levelName = levelNameOf(level);
    this.loggerName = loggerName;
    this.#args = [...args];
    this.#time = Date.now();
  }

  /** What was passed beside the message; a copy. */
  get args(): unknown[] {
    return [...this.#args];
  }

  /** When it was logged; a copy. */
  get datetime(): Date {
    return new Date(this.#time);
  }
}

function levelNameOf(level: LogLevel): LevelName {
  for (const [name, value] of Object.entries(LEVELS)) {
    if (value === level) return name as LevelName;
  }
  throw new TypeError(`Invalid log level: ${level}`);
}

/** Turns a record into the text that {@linkcode BaseHandler.log} is given. */
export type FormatterFunction = (logRecord: LogRecord) => string;

/** Options of {@linkcode BaseHandler}. */
export interface BaseHandlerOptions {
  /** Makes the text; level name and message by default. */
  formatter?: FormatterFunction;
}

/** Takes the records of its level and above, makes them text and writes that somewhere. */
export abstract class BaseHandler {
  /** The lowest level that is written. */
  readonly levelName: LevelName;
  /** Makes the text. */
  formatter: FormatterFunction;

  /** Takes the lowest level that is to be written. */
  constructor(levelName: LevelName, options: BaseHandlerOptions = {}) {
    this.levelName = levelName;
    this.formatter = options.formatter ?? ((record) => `${record.levelName} ${record.msg}`);
  }

  /** Formats and writes the record, if its level is high enough. */
  handle(logRecord: LogRecord): void {
    if (logRecord.level >= LEVELS[this.levelName]) this.log(this.format(logRecord));
  }

  /** The record as text. */
  format(logRecord: LogRecord): string {
    return this.formatter(logRecord);
  }

  /** Writes the text. */
  abstract log(msg: string): void;

  /** Called by {@linkcode setup}. */
  setup(): void {}

  /** Called when a later {@linkcode setup} takes the handler's place. */
  destroy(): void {}
}

/** Sends messages to its handlers, if their level is high enough. */
export class Logger {
  readonly #name: string;
  /** The lowest level that is passed on. */
  readonly levelName: LevelName;
  /** Who gets the records. */
  readonly handlers: readonly BaseHandler[];

  /** Takes its name, its lowest level and its handlers. */
  constructor(
    loggerName: string,
    levelName: LevelName,
    options: { handlers?: readonly BaseHandler[] } = {},
  ) {
    this.#name = loggerName;
    this.levelName = levelName;
    this.handlers = options.handlers ?? [];
  }

  /** The name that {@linkcode getLogger} knows it by. */
  get loggerName(): string {
    return this.#name;
  }

  #log(levelName: LevelName, msg: string, args: unknown[]): string {
    const level = LEVELS[levelName];
    if (level >= LEVELS[this.levelName]) {
      const record = new LogRecord({ msg, args, level, loggerName: this.#name });
      for (const handler of this.handlers) handler.handle(record);
    }
    return msg;
  }

  /** Logs at DEBUG and returns the message. */
  debug(msg: string, ...args: unknown[]): string {
    return this.#log("DEBUG", msg, args);
  }

  /** Logs at INFO and returns the message. */
  info(msg: string, ...args: unknown[]): string {
    return this.#log("INFO", msg, args);
  }

  /** Logs at WARN and returns the message. */
  warn(msg: string, ...args: unknown[]): string {
    return this.#log("WARN", msg, args);
  }

  /** Logs at ERROR and returns the message. */
  error(msg: string, ...args: unknown[]): string {
    return this.#log("ERROR", msg, args);
  }

  /** Logs at CRITICAL and returns the message. */
  critical(msg: string, ...args: unknown[]): string {
    return this.#log("CRITICAL", msg, args);
  }
}

/** A logger as {@linkcode setup} is told of it. */
export interface LoggerConfig {
  /** The lowest level that is passed on. */
  level?: LevelName;
  /** The names of its handlers. */
  handlers?: string[];
}

/** What {@linkcode setup} takes. */
export interface LogConfig {
  /** Handlers by name. */
  handlers?: Record<string, BaseHandler>;
  /** Loggers by name. */
  loggers?: Record<string, LoggerConfig>;
}

let handlers: readonly BaseHandler[] = [];
const loggers = new Map<string, Logger>();

/** Replaces all handlers and loggers. */
export function setup(config: LogConfig): void {
  for (const handler of handlers) handler.destroy();
  loggers.clear();
  const named = new Map(Object.entries(config.handlers ?? {}));
  handlers = [...named.values()];
  for (const handler of handlers) handler.setup();
  for (const [name, logger] of Object.entries(config.loggers ?? {})) {
    const own = (logger.handlers ?? []).flatMap((handler) => named.get(handler) ?? []);
    loggers.set(name, new Logger(name, logger.level ?? "INFO", { handlers: own }));
  }
}

/** The logger of that name; one that was not set up has no handlers and stays silent. */
export function getLogger(name = "default"): Logger {
  const logger = loggers.get(name) ?? new Logger(name, "NOTSET");
  loggers.set(name, logger);
  return logger;
}
