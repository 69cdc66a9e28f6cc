/**
 * Renews the answers that are kept for the script `stsaval-process`, as soon as there are newer credentials.
 *
 * @module
 */

import { createAnswerFolder } from "../../cache/answers.ts";
import { loggerFor } from "../../logger.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Invocation } from "../command.ts";
import { keepAnswer, whyNever } from "./keep.ts";

type Context = Pick<Invocation, "arguments" | "logger" | "system">;

/**
 * Renews the answers of these profiles, or all, from the cache. Only those that are kept already: the first one is for the
 * script to ask for.
 */
export async function renewAnswers(context: Context, profiles?: readonly string[]): Promise<void> {
  const { logger, system } = context;
  if (!readsUsualFiles(context) || whyNever(context) !== undefined) return;
  const kept = await createAnswerFolder({ ...system, logger })?.names() ?? [];
  for (const name of kept) {
    if (!(profiles?.includes(name) ?? true)) continue;
    try {
      await keepAnswer(context, name);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      loggerFor(logger, "answer").info(`answer: not renewed for profile "${name}": ${why}`);
    }
  }
}

/** Other files may not even be read, and without a cache there is nothing to keep. */
function readsUsualFiles({ arguments: given }: Context): boolean {
  return !given.isNegated("cache") && given.text("config-file") === undefined &&
    given.text("credentials-file") === undefined;
}

/** Renews the answers of sets for as long as these are renewed. */
export class AnswerRenewal implements AsyncDisposable {
  readonly #context: Context;
  #last: Promise<void> = Promise.resolve();

  /** Nothing is followed yet. */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Renews those of the set now, and each with every renewal of its profile. */
  follow(set: CredentialSet): void {
    this.#renew(set.status().map(({ profile }) => profile));
    set.addEventListener("refresh", ({ profile }) => {
      if (profile !== undefined) this.#renew([profile]);
    });
  }

  /** Waits for what was begun. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
  }

  #renew(profiles: readonly string[]): void {
    this.#last = this.#last.then(() => renewAnswers(this.#context, profiles)).catch(() => {});
  }
}
