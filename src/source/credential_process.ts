/**
 * `credential_process`: a program that prints credentials.
 *
 * @module
 */

import { quoteValue } from "../config/file/quote.ts";
import { createStep, type Source } from "./source.ts";

const source = "credential-process";

/** The record. */
export const credentialProcess: Source = {
  source,
  isNamedBy: ({ credentialProcess }) => credentialProcess !== undefined,
  ofProfile({ profile }) {
    const { credentialProcess: command } = profile;
    if (command === undefined) return undefined;
    return createStep({
      onlyNamed: true,
      source,
      profile,
      field: "credentialProcess",
      detail: quoteValue(programOf(command)),
      settings: { command },
    });
  },
};

/** Only the program is shown: what follows it may hold a secret. */
function programOf(command: string): string {
  const [word = "", double, single] = /^"([^"]*)"|^'([^']*)'|^\S+/.exec(command.trim()) ?? [];
  return double ?? single ?? word;
}
