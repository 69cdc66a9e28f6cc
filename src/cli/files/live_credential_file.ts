/**
 * A file that is kept up to date with a credential set, for programs that only read files.
 *
 * @module
 */

import type { Format } from "../../output/format.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Clock, Files } from "../../system.ts";
import { removeOutputFile, replaceOutputFile } from "./output_file.ts";

/** The ports that the file needs. */
export interface LiveCredentialFilePorts {
  readonly files: Pick<Files, "replaceText" | "remove" | "target">;
  readonly clock: Pick<Clock, "now">;
}

/** Holds the usable credentials of a set, replaced atomically at each change. */
export class LiveCredentialFile {
  /** The format of its text. */
  readonly format: Format;
  readonly #ports: LiveCredentialFilePorts;
  readonly #path: string;
  readonly #ephemeral: boolean;
  #writing: Promise<void> = Promise.resolve();
  #pending = false;
  #written = false;
  #finished = false;
  #failure: unknown;

  /** Nothing is written until a set is followed. */
  constructor(
    ports: LiveCredentialFilePorts,
    path: string,
    format: Format,
    options: { readonly ephemeral: boolean },
  ) {
    this.#ports = ports;
    this.#path = path;
    this.format = format;
    this.#ephemeral = options.ephemeral;
  }

  /**
   * Writes the set now, and again whenever a credential in it is renewed or expires.
   *
   * @throws {StsavalError} when the file cannot be written now; a later failure halts the set, and `finish` throws it
   */
  async follow(set: CredentialSet): Promise<void> {
    const again = () => this.#writeSoon(set);
    set.addEventListener("refresh", again);
    set.addEventListener("error", again);
    const first = this.#write(set);
    this.#writing = first.catch(() => {});
    await first;
  }

  /** True if it could not be written, which has halted the set; `finish` throws the reason. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Waits for a write in progress, and writes no more; removes the file if it is ephemeral and was written.
   *
   * @throws {StsavalError} when the file could not be written, or cannot be removed
   */
  async finish(): Promise<void> {
    this.#finished = true;
    await this.#writing;
    if (this.#ephemeral && this.#written) await removeOutputFile(this.#ports.files, this.#path);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Coalesces the renewals of one turn of the event loop into one write. */
  #writeSoon(set: CredentialSet): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#writing = this.#writing.then(async () => {
      this.#pending = false;
      await this.#write(set);
    }).catch((error) => {
      this.#failure ??= error;
      return set.halt(error instanceof Error ? error.message : String(error));
    });
  }

  async #write(set: CredentialSet): Promise<void> {
    if (this.#finished) return;
    const { clock, files } = this.#ports;
    const usable = set.usable();
    const isEmpty = Object.keys(usable).length === 0;
    // A format for one profile cannot express an empty set, and expired credentials may not stay.
    if (this.format.single && isEmpty) return await removeOutputFile(files, this.#path);
    const text = this.format.format(usable, { now: clock.now() });
    // From here on the file may hold keys.
    this.#written = true;
    await replaceOutputFile(files, this.#path, text);
  }
}
