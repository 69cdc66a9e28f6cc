/**
 * The sealed store on disk: files in the age format, whose key an opener gives.
 *
 * @module
 */

import type { TakeLock } from "../config/file/edit_shared_file.ts";
import { StoreError, StsavalError, UsageError } from "../errors.ts";
import { fileHint } from "../file_error.ts";
import type { ModuleSystem } from "../system.ts";
import { AgeFault, type AgeKey, keyKindOf, openText, sealText } from "./age_file.ts";
import { formatKeyNote, noteOf, readKeyNote } from "./key_note.ts";
import { openerContext, type OpenerPorts } from "./opener_context.ts";
import type { Opener, OpenerContext } from "./openers/opener.ts";
import type { OpenerChoice } from "./openers/opener_lines.ts";
import { openers } from "./openers/openers.ts";
import type { SealedName, SealedStore } from "./port.ts";
import { readSealed } from "./safe_file.ts";
import { noteFileName, sealedFileName, sealedFolder, sealedNameOf } from "./sealed_folder.ts";
import { parseSealedKeys } from "./sealed_keys.ts";

/** The ports of the store. */
export interface StorePorts extends OpenerPorts {
  readonly system: Pick<ModuleSystem, "clock" | "env" | "files" | "processes" | "random">;
  /** Needed to write. */
  readonly takeLock?: TakeLock | undefined;
  /** The work of a passphrase, as a power of two; for tests, which have no time. */
  readonly scryptLogN?: number | undefined;
}

/** How often a passphrase may be typed. */
const mostTries = 3;

/**
 * The store whose files one opener opens. It keeps the key in memory, so that a passphrase is typed once.
 *
 * @throws {UsageError} when no home folder is known
 */
export function createSealedStore(ports: StorePorts, opener: OpenerChoice): SealedStore {
  const folder = sealedFolder(ports.system.env);
  if (folder !== undefined) return new DiskStore(ports, opener, folder);
  throw new UsageError("Cannot find sealed files: the home folder is not known", {
    hint: "set HOME",
  });
}

class DiskStore implements SealedStore {
  readonly #ports: StorePorts;
  readonly #choice: OpenerChoice;
  readonly #opener: Opener;
  readonly #folder: string;
  #key: AgeKey | undefined;

  constructor(ports: StorePorts, choice: OpenerChoice, folder: string) {
    this.#ports = ports;
    this.#choice = choice;
    this.#opener = openers[choice.name];
    this.#folder = folder;
  }

  async read(name: SealedName): Promise<string | undefined> {
    const path = this.#pathOf(name);
    const bytes = await readSealed(this.#ports.system.files, this.#folder, path);
    return bytes && await this.#open(path, bytes);
  }

  async write(name: SealedName, content: string): Promise<void> {
    const path = this.#pathOf(name);
    // Before the lock: no program runs, and nothing is typed, while others wait.
    const key = await this.#sealingKey(path);
    const text = await sealText(content, key, this.#ports.scryptLogN);
    if (await openText(new TextEncoder().encode(text), key) !== content) {
      throw new StoreError("failed", `Cannot seal "${path}": it reads back as something else`);
    }
    const lock = await this.#ports.takeLock?.(`${path}.lock`);
    using _lock = lock;
    await this.#replace(path, text);
    if (name.kind === "keys") await this.#writeNote(name.profile, content, path);
  }

  async remove(name: SealedName): Promise<void> {
    const { files } = this.#ports.system;
    const path = this.#pathOf(name);
    const lock = await this.#ports.takeLock?.(`${path}.lock`);
    using _lock = lock;
    const paths = [
      path,
      ...(name.kind === "keys" ? [`${this.#folder}/${noteFileName(name.profile)}`] : []),
    ];
    for (const one of paths) {
      await files.remove(one).catch((error) => failFile("remove", one, error));
    }
  }

  async list(): Promise<readonly SealedName[]> {
    const names = await this.#ports.system.files.list(this.#folder).catch((error) =>
      failFile("list", this.#folder, error)
    );
    return names.map(sealedNameOf).filter((name) => name !== undefined);
  }

  #pathOf(name: SealedName): string {
    return `${this.#folder}/${sealedFileName(name)}`;
  }

  /** Asks the opener for a key until one opens the file, as often as makes sense. */
  async #open(path: string, bytes: Uint8Array): Promise<string> {
    if (this.#key !== undefined) {
      const text = await this.#tryKey(path, bytes, this.#key);
      if (text !== undefined) return text;
    }
    const context = this.#contextOf(path);
    await this.#checkKind(path, bytes);
    for (let refused = 0; refused < (this.#opener.asks ? mostTries : 1); refused++) {
      const key = await this.#opener.find(context, refused);
      if (key === undefined) throw this.#noKey(path);
      const text = await this.#tryKey(path, bytes, key);
      if (text === undefined) continue;
      this.#key = key;
      if (refused > 0 || this.#opener.asks) await this.#opener.remember?.(context, key);
      return text;
    }
    throw this.#refused(path);
  }

  /** The text; undefined where another key is wanted. */
  async #tryKey(path: string, bytes: Uint8Array, key: AgeKey): Promise<string | undefined> {
    try {
      return await openText(bytes, key);
    } catch (error) {
      if (error instanceof AgeFault && (error.kind === "key" || error.kind === "kind")) {
        return undefined;
      }
      throw ageError(path, error);
    }
  }

  /** Before anybody types or any program runs for a file that it does not open. */
  async #checkKind(path: string, bytes: Uint8Array): Promise<void> {
    const kind = await keyKindOf(bytes).catch((error) => {
      throw ageError(path, error);
    });
    const { asks, title } = this.#opener;
    if ((kind === "passphrase") === asks) return;
    const why = kind === "passphrase"
      ? `it is sealed with a passphrase, and ${title} keeps none`
      : `it is sealed with an identity of age, and its opener is ${title}`;
    throw new StoreError("no-key", `Cannot open "${path}": ${why}`, {
      hint: "name in the profile the opener that it was sealed with",
    });
  }

  async #sealingKey(path: string): Promise<AgeKey> {
    if (this.#key !== undefined) return this.#key;
    const context = this.#contextOf(path);
    if (!this.#opener.asks) {
      return this.#key = await this.#opener.find(context, 0) ?? await this.#makeOnce(context);
    }
    const known = await this.#sealedByPassphrase(path);
    if (known !== undefined) await this.#open(known.path, known.bytes);
    return this.#key ??= await this.#opener.make(context);
  }

  /** Under a lock: of two keys that are made at once a keyring would keep one, and the other's file were lost. */
  async #makeOnce(context: OpenerContext): Promise<AgeKey> {
    const lock = await this.#ports.takeLock?.(`${this.#folder}/opener.lock`);
    using _lock = lock;
    return await this.#opener.find(context, 0) ?? await this.#opener.make(context);
  }

  /** A file whose passphrase serves again: the same one, else any other. */
  async #sealedByPassphrase(path: string) {
    const others = (await this.list()).map((name) => this.#pathOf(name));
    for (const one of new Set([path, ...others])) {
      const bytes = await readSealed(this.#ports.system.files, this.#folder, one).catch(() => {});
      const kind = bytes && await keyKindOf(bytes).catch(() => undefined);
      if (bytes !== undefined && kind === "passphrase") return { path: one, bytes };
    }
    return undefined;
  }

  async #replace(path: string, text: string): Promise<void> {
    const { files } = this.#ports.system;
    await files.replaceText(path, text, { mode: 0o600 }).catch((error) =>
      failFile("write", path, error)
    );
    if (await files.readText(path) === text) return;
    throw new StoreError(
      "failed",
      `Cannot seal "${path}": the file does not hold what was written`,
    );
  }

  async #writeNote(profile: string, content: string, path: string): Promise<void> {
    const { clock, random } = this.#ports.system;
    const id = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const before = await readKeyNote(this.#ports.system, profile);
    const note = noteOf(parseSealedKeys(content, path), before, { id, now: clock.now() });
    await this.#replace(`${this.#folder}/${noteFileName(profile)}`, formatKeyNote(note));
  }

  #contextOf(file: string): OpenerContext {
    return openerContext(this.#ports, { argument: this.#choice.argument, file });
  }

  #noKey(path: string): StoreError {
    const why = `${this.#opener.title} keeps no key of stsaval's`;
    return new StoreError("no-key", `Cannot open "${path}": ${why}`, {
      hint: "if the key is lost, make a new access key in IAM, and seal it with 'stsaval keys add'",
    });
  }

  #refused(path: string): StoreError {
    const { asks, title } = this.#opener;
    if (asks) {
      return new StoreError("passphrase", `Cannot open "${path}": the passphrase is wrong`, {
        hint: "'age -d' on the file tries a passphrase too",
      });
    }
    const why = `the key that ${title} keeps does not open it`;
    return new StoreError("no-key", `Cannot open "${path}": ${why}`, {
      hint: "it was sealed with another key: restore that one, or seal new keys",
    });
  }
}

function ageError(path: string, error: unknown): unknown {
  if (!(error instanceof AgeFault)) return error;
  const hints = {
    torn: "restore it from a backup, or make a new access key and seal it with 'stsaval keys add'",
    format: "use a newer stsaval, or open it with the program that sealed it",
  };
  const fault = error.kind === "format" ? "format" : "torn";
  return new StoreError(fault, `Cannot open "${path}": it ${error.message}`, {
    hint: hints[fault],
    cause: error,
  });
}

function failFile(verb: string, path: string, error: unknown): never {
  if (error instanceof StsavalError) throw error;
  const why = error instanceof Error ? error.message : String(error);
  throw new StoreError("failed", `Cannot ${verb} "${path}": ${why}`, {
    hint: fileHint(error),
    cause: error,
  });
}
