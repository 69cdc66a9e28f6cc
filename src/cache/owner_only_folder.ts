/**
 * A folder of files that only their owner may read; what others could have read or changed is not used.
 *
 * @module
 */

import type { Logger } from "../logger.ts";
import type { FileFacts, Files } from "../system.ts";

const fileMode = 0o600;

/** What a private folder works with. */
export interface OwnerOnlyFolderPorts {
  readonly files: Files;
  readonly logger: Logger;
}

/** A folder of files of 0600. Whatever keeps a file from being used is a warning, once a file, and never an error. */
export class OwnerOnlyFolder {
  readonly #ports: OwnerOnlyFolderPorts;
  readonly #widest: number;
  readonly #warned = new Set<string>();

  /** Where it is. */
  readonly path: string;

  /** Nothing is read yet. `widest` is the widest mode that the folder itself may have. */
  constructor(path: string, widest: number, ports: OwnerOnlyFolderPorts) {
    this.path = path;
    this.#widest = widest;
    this.#ports = ports;
  }

  /** The path of a file in it. */
  pathOf(name: string): string {
    return `${this.path}/${name}`;
  }

  /** True where it is private, or is not there yet and will be made so. */
  isSafe(): Promise<boolean> {
    return this.#try(this.path, false, () => this.#isPrivate(this.path, this.#widest));
  }

  /** The file's text; undefined where there is none, or where it must not or cannot be used. */
  async read(name: string): Promise<string | undefined> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return undefined;
    return await this.#try(
      path,
      undefined,
      async () =>
        await this.#isPrivate(path, fileMode) ? await this.#ports.files.readText(path) : undefined,
    );
  }

  /** Replaces the file. */
  async write(name: string, text: string): Promise<void> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return;
    await this.#try(path, undefined, () => this.#ports.files.replaceText(path, text));
  }

  /** Whether such a file can be written. It is, and is removed. */
  async canWrite(name: string, text: string): Promise<boolean> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return false;
    return await this.#try(this.path, false, async () => {
      await this.#ports.files.replaceText(path, text);
      await this.#ports.files.remove(path);
      return true;
    });
  }

  /** Removes the file, if it is there; false where it stays. */
  remove(name: string): Promise<boolean> {
    const path = this.pathOf(name);
    return this.#try(path, false, async () => {
      await this.#ports.files.remove(path);
      return true;
    });
  }

  /** The names in it, be it private or not. */
  names(): Promise<readonly string[]> {
    return this.#try(this.path, [], () => this.#ports.files.list(this.path));
  }

  /** When a file was written last, in milliseconds since 1970. */
  async modified(name: string): Promise<number | undefined> {
    const path = this.pathOf(name);
    return await this.#try(
      path,
      undefined,
      async () => (await this.#ports.files.facts(path))?.modified,
    );
  }

  /** Says why a file is not used. */
  warn(path: string, why: string): void {
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#ports.logger.warn(`cache: "${path}" is not used: ${why}`);
  }

  async #isPrivate(path: string, wanted: number): Promise<boolean> {
    const facts = await this.#ports.files.facts(path);
    const objection = facts === undefined ? undefined : objectionTo(facts, path, wanted);
    if (objection !== undefined) this.warn(path, objection);
    return objection === undefined;
  }

  async #try<T>(path: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.warn(path, error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  }
}

function objectionTo(facts: FileFacts, path: string, wanted: number): string | undefined {
  if (facts.foreign) return "it belongs to another user";
  if (facts.mode === undefined || (facts.mode & ~wanted) === 0) return undefined;
  const [found, narrow] = [facts.mode, wanted].map((mode) => mode.toString(8).padStart(4, "0"));
  return `others may use it: its mode is ${found}, wanted ${narrow}; ` +
    `look at who could read it, then run 'chmod ${narrow} ${path}' or remove it`;
}
