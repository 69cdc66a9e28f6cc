/**
 * A value that breaks a rule of STS. Who asked for it knows where the value stands, and says so.
 *
 * @module
 */

/** What is wrong with a value. Never a secret. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** The command or the words that help. */
  readonly hint: string | undefined;

  /** `why` continues "Cannot use …:" or "… of profile …". */
  constructor(why: string, hint?: string) {
    super(why);
    this.hint = hint;
  }
}

/** Throws a {@linkcode Fault}. */
export function fault(why: string, hint?: string): never {
  throw new Fault(why, hint);
}
