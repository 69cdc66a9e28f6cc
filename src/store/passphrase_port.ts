/**
 * How a passphrase is asked for.
 *
 * @module
 */

/** What a passphrase is for. */
export interface PassphraseRequest {
  /** The path of the sealed file. */
  readonly file: string;
  /** True where it is chosen, and typed twice. */
  readonly isNew: boolean;
  /** How many passphrases have not opened the file, since it was asked for. */
  readonly refused: number;
  /** Ends the prompt. */
  readonly signal: AbortSignal;
}

/**
 * Asks a person for a passphrase.
 *
 * @throws {StoreError} "no-terminal" where there is no terminal
 */
export type AskPassphrase = (request: PassphraseRequest) => Promise<string>;
