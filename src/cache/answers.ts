/**
 * The answers that `stsaval process` keeps for the script `stsaval-process`, which prints them without starting Deno: one
 * file a profile, in the folder `answers` of the cache. Its first line is the second since 1970 until which the answer
 * may be handed out, the second one says of which files it was made, the last one is the answer.
 *
 * @module
 */

import type { Logger } from "../logger.ts";
import type { Clock, Environment, Files } from "../system.ts";
import { cacheFolder } from "./cache_folder.ts";
import { parseRecord } from "./entry.ts";
import type { LogoutScopes } from "./logouts.ts";
import { OwnerOnlyFolder } from "./owner_only_folder.ts";
import type { Removal } from "./port.ts";

/** The folder's name in that of the cache. */
export const answerFolderName = "answers";

/** An answer to be kept. */
export interface Answer {
  /** Seconds since 1970: before that second it may be handed out. */
  readonly freshUntil: number;
  /** One line of printable ASCII, as {@linkcode formatProcessLine} writes it, without its end. */
  readonly line: string;
}

/** An answer with what it was made of. */
export interface MadeAnswer extends Answer {
  /**
   * The versions of the config and the credentials file, with a blank between: {@linkcode FileFacts.version}, or `-` for a
   * file that is missing. The script compares them with those of the files that it finds.
   */
  readonly madeOf: string;
}

/** An answer that is kept. */
export interface KeptAnswer extends MadeAnswer {
  readonly profile: string;
}

/** The ports of the folder. */
export interface AnswerPorts {
  readonly clock: Pick<Clock, "now">;
  readonly files: Files;
  readonly env: Environment;
  readonly logger: Logger;
}

/** The names of profiles that answers are kept for: those that make no odd file name, nor that of a temporary file. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.@+=:-]{0,199}$/;
const answerText = /^(\d{1,11})\n((?:-|[\d.:]+) (?:-|[\d.:]+))\n([\x20-\x7e]+)\n$/;
const temporaryName = /\.[0-9a-f-]{36}\.tmp$/;
/** Who writes one takes no longer. */
const temporaryAgeMs = 60_000;

/** Whether an answer can be kept for a profile of that name. */
export function isAnswerName(profile: string): boolean {
  return plainName.test(profile) && !temporaryName.test(profile);
}

/** The answers that are kept in the cache's folder; undefined if no folder can be determined. */
export function createAnswerFolder(ports: AnswerPorts): AnswerFolder | undefined {
  const path = cacheFolder(ports.env);
  return path === undefined ? undefined : new AnswerFolder(path.replace(/(?<=.)\/+$/, ""), ports);
}

/** The folder of the answers. Any problem with a file is a warning, never an error. */
export class AnswerFolder {
  readonly #folder: OwnerOnlyFolder;
  readonly #parent: string;
  readonly #ports: AnswerPorts;

  /** Those of a cache folder. Nothing is read yet. */
  constructor(cacheFolder: string, ports: AnswerPorts) {
    this.#parent = cacheFolder;
    this.#folder = new OwnerOnlyFolder(`${cacheFolder}/${answerFolderName}`, 0o700, ports);
    this.#ports = ports;
  }

  /** The profiles that have one, readable or not. */
  async names(): Promise<readonly string[]> {
    return await this.#isLink() ? [] : (await this.#all()).filter(isAnswerName).sort();
  }

  /** Those that can be used, by profile. */
  async list(): Promise<readonly KeptAnswer[]> {
    const found = await Promise.all((await this.names()).map(async (profile) => {
      const answer = parseAnswer(await this.#folder.read(profile));
      return answer === undefined ? [] : [{ profile, ...answer }];
    }));
    return found.flat();
  }

  /** Keeps an answer in place of an older one, unless `stillWanted` says no once it is on the disk. */
  async keep(
    profile: string,
    answer: MadeAnswer,
    stillWanted: () => Promise<boolean>,
  ): Promise<void> {
    const path = this.#folder.pathOf(profile);
    if (await this.#isLink()) {
      this.#folder.warn(this.#folder.path, "it is a link");
      return;
    }
    if (await this.#isLink(profile)) await this.#ports.files.remove(path);
    await this.#folder.write(profile, formatAnswer(answer), { stillWanted });
    await this.#sweep();
  }

  /** Removes what writers have left that were killed. */
  async #sweep(): Promise<void> {
    for (const name of await this.#all()) {
      if (!temporaryName.test(name)) continue;
      const modified = await this.#folder.modified(name) ?? Infinity;
      if (this.#ports.clock.now() - modified > temporaryAgeMs) await this.remove(name);
    }
  }

  /** Removes the answer of a profile, if there is one; false if that fails. */
  async remove(profile: string): Promise<boolean> {
    const path = this.#folder.pathOf(profile);
    try {
      await this.#ports.files.remove(path);
      return true;
    } catch (error) {
      this.#folder.warn(path, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** Removes what a logout concerns: what it names, and what holds none of the access keys that are left in the cache. */
  async logOut(scopes: LogoutScopes, keysLeft: ReadonlySet<string>): Promise<Removal> {
    if (await this.#isLink()) return { removed: 0, left: 0 };
    const named = scopes === "all" ? [] : scopes.flatMap((scope) => scope.named);
    let [removed, left] = [0, 0];
    for (const name of await this.#all()) {
      const isAnswer = isAnswerName(name);
      if (!isAnswer && !temporaryName.test(name)) continue;
      const isKept = isAnswer && scopes !== "all" && !named.includes(name) &&
        keysLeft.has(accessKeyOf(await this.#folder.read(name)) ?? "");
      if (isKept) continue;
      if (!await this.remove(name)) left++;
      else if (isAnswer) removed++;
    }
    return { removed, left };
  }

  async #all(): Promise<readonly string[]> {
    return await this.#folder.names() ?? [];
  }

  /** Whether a file of the folder, or the folder itself, is a link: what it leads to is not ours to read or write. */
  async #isLink(name?: string): Promise<boolean> {
    const { files } = this.#ports;
    const path = name === undefined ? this.#folder.path : this.#folder.pathOf(name);
    const parent = name === undefined ? this.#parent : this.#folder.path;
    try {
      const [target, folder] = await Promise.all([files.target(path), files.target(parent)]);
      return target !== `${folder}${path.slice(parent.length)}`;
    } catch {
      return true;
    }
  }
}

function formatAnswer({ freshUntil, madeOf, line }: MadeAnswer): string {
  return `${freshUntil}\n${madeOf}\n${line}\n`;
}

/** Undefined for the text of anything else, and where there is no text. */
function parseAnswer(text: string | undefined): MadeAnswer | undefined {
  const [, freshUntil, madeOf = "", line] = answerText.exec(text ?? "") ?? [];
  return line === undefined ? undefined : { freshUntil: Number(freshUntil), madeOf, line };
}

function accessKeyOf(text: string | undefined): string | undefined {
  const id = parseRecord(parseAnswer(text)?.line)?.AccessKeyId;
  return typeof id === "string" ? id : undefined;
}
