/**
 * Which opener is right for this machine: the one that is named, else a keyring that answers, else a passphrase.
 *
 * @module
 */

import { StoreError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import {
  type OpenerChoice,
  openerNames,
  parseOpener,
  triedOpeners,
} from "../../store/openers/opener_lines.ts";
import type { Invocation } from "../command.ts";

/** An opener, and whether another may take its place. */
export interface ChosenOpener {
  readonly opener: OpenerChoice;
  /** True where it was named, so that no other is taken. */
  readonly isNamed: boolean;
}

/** Always there. */
export const passphraseOpener: OpenerChoice = { name: "passphrase", argument: "" };

/** Chooses, and says on standard error what was found. */
export async function chooseOpener(invocation: Invocation): Promise<ChosenOpener> {
  const { arguments: given, signal, system } = invocation;
  const named = given.text("opener");
  if (named !== undefined) return { opener: parseOpener(named), isNamed: true };
  const { openers } = await import("../../store/openers/openers.ts");
  const { openerContext } = await import("../../store/opener_context.ts");
  const context = openerContext({ system, signal }, { argument: "", file: "" });
  const reasons: string[] = [];
  for (const name of triedOpeners) {
    const { find, title } = openers[name];
    try {
      await find(context, 0);
      say(invocation, `${title} answers, and keeps the key (--opener ${name})`);
      return { opener: { name, argument: "" }, isNamed: false };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      reasons.push(`${title}: ${reasonOf(error)}`);
    }
  }
  say(invocation, `a passphrase, typed when a session begins. ${reasons.join("; ")}`);
  return { opener: passphraseOpener, isNamed: false };
}

/** Says that an opener that answered cannot keep a key, and gives the passphrase in its place. */
export function fallBack(invocation: Invocation, error: StoreError): OpenerChoice {
  say(invocation, `a passphrase, typed when a session begins, since ${reasonOf(error)}`);
  return passphraseOpener;
}

function reasonOf({ message }: StoreError): string {
  return message.slice(message.indexOf(": ") + 2);
}

function say({ arguments: given, system }: Invocation, text: string): void {
  if (given.flag("quiet")) return;
  system.terminal.err(`Opener: ${visible(text)}\n`);
}

/** For help: the names that --opener takes, in two parts. */
export const openerForms: readonly [string, string] = [formsOf(0, 4), formsOf(4)];

function formsOf(start: number, end?: number): string {
  const names = openerNames.map((name) => name === "identity" ? "identity:FILE" : name);
  return names.slice(start, end).join(", ");
}
