/**
 * The logger that the library writes to: silent unless one is given.
 *
 * @module
 */

/**
 * Any object with these four methods. Messages carry no secret. The original program's lines begin with the function
 * that speaks, such as `validate: Valid account profile names: [...]`.
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
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
