/**
 * The logger interface of the library. Without a logger, the library is silent.
 *
 * @module
 */

/**
 * Any object with these four methods, such as `console`. Messages carry no secret; each begins with the name of the
 * logging function, as in the original program: `validate: Valid account profile names: [...]`.
 */
export interface Logger {
  /** Details for troubleshooting. */
  debug(message: string): void;
  /** What is being done. */
  info(message: string): void;
  /** Something that the user should know. */
  warn(message: string): void;
  /** Something that failed. */
  error(message: string): void;
  /** The same logger for a module of stsaval, such as "core", if the logger shows module names. */
  forModule?(name: string): Logger;
}

/** Discards everything. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** Swallows what the logger throws, so that a failing logger does not stop the renewal of credentials. */
export function nonThrowingLogger(logger: Logger): Logger {
  const log = (level: "debug" | "info" | "warn" | "error") =>
    nonThrowing((message: string) => logger[level](message), () => {});
  return {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    forModule: (name) => nonThrowingLogger(loggerFor(logger, name)),
  };
}

/**
 * Wraps a callback so that it never throws and its promise, if it returns one, is never rejected unhandled. `onError`
 * receives the reason and the callback's argument.
 */
export function nonThrowing<Value>(
  callback: (value: Value) => unknown,
  onError: (why: string, value: Value) => void,
): (value: Value) => void {
  return (value) => {
    const fail = (error: unknown) =>
      onError(error instanceof Error ? error.message : String(error), value);
    try {
      const result = callback(value);
      // A callback that is declared synchronous may be asynchronous nevertheless.
      if (result !== undefined) Promise.resolve(result).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

/** The logger for a module, or the logger itself if it does not support module names. */
export function loggerFor(logger: Logger, name: string): Logger {
  return logger.forModule?.(name) ?? logger;
}
