/**
 * The logger that the library writes to: silent unless one is given.
 *
 * @module
 */

/**
 * Any object with these four methods, such as `console`. Messages carry no secret; each begins with the function that
 * speaks, as in the original program: `validate: Valid account profile names: [...]`.
 */
export interface Logger {
  /** For whoever looks for a fault. */
  debug(message: string): void;
  /** What is being done. */
  info(message: string): void;
  /** Something that the user should know. */
  warn(message: string): void;
  /** Something that failed. */
  error(message: string): void;
  /** The same logger under the name of a part of stsaval, such as "core", where the logger shows such names. */
  forModule?(name: string): Logger;
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** A logger whose own failures stop nothing: credentials are renewed although nobody can be told. */
export function sturdyLogger(logger: Logger): Logger {
  const tell = (level: "debug" | "info" | "warn" | "error") => (message: string) => {
    try {
      logger[level](message);
    } catch {
      return;
    }
  };
  return {
    debug: tell("debug"),
    info: tell("info"),
    warn: tell("warn"),
    error: tell("error"),
    forModule: (name) => sturdyLogger(loggerFor(logger, name)),
  };
}

/** The logger under a part's name, or the logger itself where it has no such names. */
export function loggerFor(logger: Logger, name: string): Logger {
  return logger.forModule?.(name) ?? logger;
}
