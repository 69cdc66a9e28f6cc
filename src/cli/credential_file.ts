/**
 * A file that follows a credential set, for programs that only read files.
 *
 * @module
 */

import type { Format } from "../output/format.ts";
import type { CredentialSet } from "../session/live.ts";
import type { Clock, Files } from "../system.ts";
import { replaceResultFile } from "./result_file.ts";

/** What the file needs of the outside. */
export interface CredentialFilePorts {
  readonly files: Pick<Files, "replaceText" | "remove">;
  readonly clock: Pick<Clock, "now">;
}

/** Holds what is usable of a set, replaced as a whole at each change. */
export class CredentialFile {
  /** The format that its text has. */
  readonly format: Format;
  readonly #ports: CredentialFilePorts;
  readonly #path: string;
  readonly #ephemeral: boolean;
  #writing: Promise<void> = Promise.resolve();
  #pending = false;

  /** Nothing is written until a set is followed. */
  constructor(
    ports: CredentialFilePorts,
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
   * Writes the set now, and again whenever something in it was renewed or has ended.
   *
   * @throws {StsavalError} when the file cannot be written now; later failures halt the set
   */
  async follow(set: CredentialSet): Promise<void> {
    await this.#write(set);
    const again = () => this.#writeSoon(set);
    set.addEventListener("refresh", again);
    set.addEventListener("error", again);
  }

  /** Waits for what is being written; removes the file where it was to be ephemeral. */
  async finish(): Promise<void> {
    await this.#writing;
    if (this.#ephemeral) await this.#ports.files.remove(this.#path);
  }

  /** A hundred renewals in one turn are one write. */
  #writeSoon(set: CredentialSet): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#writing = this.#writing.then(async () => {
      this.#pending = false;
      await this.#write(set);
    }).catch((error) => void set.halt(error instanceof Error ? error.message : String(error)));
  }

  async #write(set: CredentialSet): Promise<void> {
    const text = this.format.format(set.usable(), { now: this.#ports.clock.now() });
    await replaceResultFile(this.#ports.files, this.#path, text);
  }
}
