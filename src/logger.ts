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

/** The logger under a part's name, or the logger itself where it has no such names. */
export function loggerFor(logger: Logger, name: string): Logger {
  return logger.forModule?.(name) ?? logger;
}
