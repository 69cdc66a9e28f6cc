/**
 * The command line's log, on standard error: `@std/log` with a handler of our own.
 *
 * @module
 */

import { BaseHandler, getLogger, type LogRecord, setup } from "@std/log";
import type { Logger } from "../logger.ts";
import { inPlain, type Paint } from "../output/style.ts";
import { visibleLines } from "../output/table.ts";

/** How the command line logs. */
export interface CliLogOptions {
  /** "quiet": errors. "normal": warnings too. "verbose": everything. */
  readonly level: "quiet" | "normal" | "verbose";
  /** "text" for people, "json" for one object a line. */
  readonly format: "text" | "json";
  /** Milliseconds since 1970. */
  now(): number;
  /** For text. Default: no colors. */
  readonly paint?: Paint;
  /** The version of stsaval. */
  readonly version: string;
}

/** A logger that can redact secrets. */
export interface CliLogger extends Logger {
  /** From now on, this text is masked with stars in every line. */
  redact(secret: string): void;
  /** The same log under the name of a module of stsaval, such as "core". */
  forModule(name: string): CliLogger;
}

const levelNames = { quiet: "ERROR", normal: "WARN", verbose: "DEBUG" } as const;
const mask = "********";

/** A logger that writes to `write`. */
export function createCliLogger(write: (text: string) => void, options: CliLogOptions): CliLogger {
  const secrets = new Set<string>();
  const handler = new CliHandler(write, options, secrets);
  setup({
    handlers: { cli: handler },
    loggers: { stsaval: { level: levelNames[options.level], handlers: ["cli"] } },
  });
  const log = getLogger("stsaval");
  const forModule = (name: string): CliLogger => ({
    debug: (message) => void log.debug(message, name),
    info: (message) => void log.info(message, name),
    warn: (message) => void log.warn(message, name),
    error: (message) => void log.error(message, name),
    redact: (secret) => void secrets.add(secret),
    forModule,
  });
  return forModule("cli");
}

/** Writes records as lines. A record's first argument is the name of the module that logs. */
class CliHandler extends BaseHandler {
  readonly #write: (text: string) => void;
  readonly #options: CliLogOptions;
  readonly #secrets: ReadonlySet<string>;

  constructor(
    write: (text: string) => void,
    options: CliLogOptions,
    secrets: ReadonlySet<string>,
  ) {
    super(levelNames[options.level]);
    this.#write = write;
    this.#options = options;
    this.#secrets = secrets;
  }

  override format(record: LogRecord): string {
    const message = redactSecrets(record.msg, this.#secrets);
    const module = String(record.args[0]);
    if (this.#options.format === "text") {
      return formatLine(record.levelName, module, message, this.#options);
    }
    const time = new Date(this.#options.now()).toISOString();
    return JSON.stringify({ time, level: record.levelName, module, message });
  }

  override log(line: string): void {
    this.#write(`${line}\n`);
  }
}

/** A short form for warnings and errors, the original program's form for the levels of `--verbose`. */
function formatLine(
  level: string,
  module: string,
  message: string,
  { version, paint = inPlain }: CliLogOptions,
): string {
  const text = visibleLines(message);
  if (level === "WARN") return `${paint("warning", "warning:")} ${withoutFunction(text)}`;
  if (level === "ERROR") return `${paint("error", "error:")} ${withoutFunction(text)}`;
  return paint("dim", `/stsaval/${module}.ts - ${version} - [${level}]: ${text}`);
}

/** Every message begins with the name of the function that logs it, which is of no use to users. */
function withoutFunction(message: string): string {
  return message.replace(/^[a-z]\w*: /, "");
}

/**
 * The last line of defence; messages hold no secrets in the first place. Session tokens are recognised by their form:
 * nothing else that is logged has a hundred characters of base64 in a row.
 */
function redactSecrets(message: string, secrets: ReadonlySet<string>): string {
  let text = message;
  for (const secret of secrets) {
    if (secret !== "") text = text.replaceAll(secret, mask);
  }
  return text.replace(/[A-Za-z0-9+/=]{100,}/g, mask);
}
