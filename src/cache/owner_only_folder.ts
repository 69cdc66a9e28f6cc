/**
 * A folder of owner-only files. A file that others could have read or changed is not used.
 *
 * @module
 */

import { fileHint } from "../file_error.ts";
import type { Logger } from "../logger.ts";
import type { FileFacts, Files } from "../system.ts";

const fileMode = 0o600;

/** Named like a refusal of the cache, so that it is cleaned up like one if the process is killed. */
export const probeName = `${"0".repeat(64)}.refused`;

/** The ports of the folder. */
export interface OwnerOnlyFolderPorts {
  readonly files: Files;
  readonly logger: Logger;
}

/** How a file of it is written. */
export type WriteOptions = Pick<
  NonNullable<Parameters<Files["replaceText"]>[2]>,
  "stillWanted" | "isNew"
>;

/** Why files of the folder cannot be used, as far as that can be told. */
export interface FolderProblem {
  /** What the user can do about it. */
  readonly hint: string | undefined;
}

/** A folder as it is found. */
type FolderState = "missing" | "private" | "unsafe";

/** A folder of files with mode 0600. Any problem with a file is a warning, once per file, never an error. */
export class OwnerOnlyFolder {
  readonly #ports: OwnerOnlyFolderPorts;
  readonly #widest: number;
  readonly #warned = new Set<string>();
  #problem: FolderProblem = { hint: undefined };
  /** While it is being looked at. */
  #looking: Promise<FolderState> | undefined;

  /** Its path. */
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

  /**
   * True if it is private, or does not exist yet and will be created private. An `early` answer is shared, as that of
   * {@linkcode OwnerOnlyFolder.missing}.
   */
  async isSafe(early = false): Promise<boolean> {
    return await (early ? this.#sharedState() : this.#state()) !== "unsafe";
  }

  #state(): Promise<FolderState> {
    return this.#try(this.path, "unsafe", async () => {
      const facts = await this.#ports.files.facts(this.path);
      if (facts === undefined) return "missing";
      return this.#allows(facts, this.path, this.#widest) ? "private" : "unsafe";
    });
  }

  /** Who asks while it is being looked at gets the same answer. */
  #sharedState(): Promise<FolderState> {
    return this.#looking ??= this.#state().finally(() => this.#looking = undefined);
  }

  /** The file's text; undefined if it is missing, unsafe or unreadable. */
  async read(name: string): Promise<string | undefined> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return undefined;
    return await this.#try(
      path,
      undefined,
      async () => {
        const facts = await this.#ports.files.facts(path);
        if (facts === undefined || !this.#allows(facts, path, fileMode)) return undefined;
        return await this.#ports.files.readText(path);
      },
    );
  }

  /**
   * What is missing: the folder, or the files of these names; undefined if one of them is there, or cannot be read. What is
   * `early` may be true of a moment ago, so that a hundred who ask at once look at the folder once.
   */
  async missing(
    names: readonly string[],
    early = false,
  ): Promise<"folder" | "files" | undefined> {
    const state = await (early ? this.#sharedState() : this.#state());
    if (state === "missing") return "folder";
    if (state === "unsafe") return undefined;
    for (const path of names.map((name) => this.pathOf(name))) {
      // Where that cannot be told, reading it says why.
      const isMissing = await this.#ports.files.facts(path)
        .then((facts) => facts === undefined, () => false);
      if (!isMissing) return undefined;
    }
    return "files";
  }

  /** Replaces the file atomically; not if `stillWanted` says no when the new text is on the disk. */
  async write(name: string, text: string, options: WriteOptions = {}): Promise<void> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return;
    try {
      await this.#ports.files.replaceText(path, text, options);
    } catch (error) {
      // Where no file can be written, one warning names the folder: the names of files in it say nothing to people.
      const problem = await this.writeProblem(probeName, "");
      if (problem === undefined) this.warn(path, reasonOf(error));
    }
  }

  /** Why such a file cannot be written: writes it and removes it. Undefined if that works. */
  async writeProblem(name: string, text: string): Promise<FolderProblem | undefined> {
    const path = this.pathOf(name);
    if (!await this.isSafe()) return this.#problem;
    const works = await this.#try(this.path, false, async () => {
      await this.#ports.files.replaceText(path, text);
      await this.#ports.files.remove(path);
      return true;
    });
    return works ? undefined : this.#problem;
  }

  /**
   * Removes the file, if it exists; false if that fails. Of a link the target, which is what was written; in a folder
   * where others can create links, only the link.
   */
  async remove(name: string): Promise<boolean> {
    const path = this.pathOf(name);
    const { files } = this.#ports;
    const isSafe = await this.isSafe();
    // Where that cannot be told, removing it says why.
    const isMissing = await files.facts(path).then((facts) => facts === undefined, () => false);
    return await this.#try(path, false, async () => {
      if (isSafe && isMissing) return true;
      await files.remove(isSafe ? await files.target(path).catch(() => path) : path);
      return true;
    });
  }

  /** Whether it exists. */
  exists(): Promise<boolean> {
    return this.#try(
      this.path,
      true,
      async () => await this.#ports.files.facts(this.path) !== undefined,
    );
  }

  /** Removes its last file, and the folder itself; it stays if another file has come. */
  async removeWith(name: string): Promise<void> {
    const { files } = this.#ports;
    await files.remove(this.pathOf(name)).then(() => files.remove(this.path)).catch(() => {});
  }

  /** The names in it, whether it is private or not; undefined if it cannot be read. */
  names(): Promise<readonly string[] | undefined> {
    return this.#try(this.path, undefined, () => this.#ports.files.list(this.path));
  }

  /** When a file was last modified, in milliseconds since 1970. */
  async modified(name: string): Promise<number | undefined> {
    const path = this.pathOf(name);
    return await this.#try(
      path,
      undefined,
      async () => (await this.#ports.files.facts(path))?.modified,
    );
  }

  /** Logs why a file is not used. */
  warn(path: string, why: string): void {
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#ports.logger.warn(`cache: "${path}" is not used: ${why}`);
  }

  #allows(facts: FileFacts, path: string, wanted: number): boolean {
    const objection = objectionTo(facts, path, wanted);
    if (objection !== undefined) {
      this.#problem = { hint: "own the folder and its files, with modes 0700 and 0600" };
      this.warn(path, objection);
    }
    return objection === undefined;
  }

  async #try<T>(path: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#problem = { hint: fileHint(error) };
      this.warn(path, reasonOf(error));
      return otherwise;
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function objectionTo(facts: FileFacts, path: string, wanted: number): string | undefined {
  if (facts.foreign) return "it belongs to another user";
  if (facts.special) return "it is a pipe or a device, wanted a file";
  if (facts.mode === undefined || (facts.mode & ~wanted) === 0) return undefined;
  const [found, narrow] = [facts.mode, wanted].map((mode) => mode.toString(8).padStart(4, "0"));
  return `other users have access: its mode is ${found}, wanted ${narrow}; ` +
    `check who could read it, then run 'chmod ${narrow} ${path}' or remove it`;
}
