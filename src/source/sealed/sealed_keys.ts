/**
 * Keys of a user that are sealed: `sealed_keys` names what opens them. They are opened when a session begins, and no
 * sooner: until it ends, caches answer without them.
 *
 * @module
 */

import { failProfile, settingAt } from "../../config/plan/problem.ts";
import { quoteValue } from "../../config/file/quote.ts";
import type { SourceStep } from "../../plan.ts";
import { identifyKeys } from "../../store/key_note.ts";
import {
  allOpenerLines,
  formatOpener,
  openerFiles,
  parseOpener,
  readOpener,
} from "../../store/openers/opener_lines.ts";
import {
  noteFileName,
  sealedFileName,
  sealedFolder,
  shownSealedFolder,
} from "../../store/sealed_folder.ts";
import { createStep, type Source } from "../source.ts";

const source = "sealed-keys";

/** The record. */
export const sealedKeys: Source = {
  source,
  isOwnKeys: true,
  isNamedBy: ({ sealedKeys }) => sealedKeys !== undefined,
  ofProfile({ asked, profile }) {
    const { sealedKeys: written } = profile;
    if (written === undefined) return undefined;
    const opener = readOpener(written);
    if (typeof opener === "string") {
      const where = settingAt(profile, "sealedKeys");
      return failProfile(asked, `${where} is ${quoteValue(written)}: ${opener}`);
    }
    const file = sealedFileName({ kind: "keys", profile: profile.name });
    return createStep({
      ...{ source, profile, field: "sealedKeys", isLongTerm: true },
      detail: `${shownSealedFolder}/${file}, opened by ${formatOpener(opener)}`,
      settings: { user: profile.name, opener: formatOpener(opener) },
    });
  },
  mayPrompt: (step) => ["passphrase", "keyctl"].includes(openerOf(step).name),
  programs: (step, env) => allOpenerLines(openerOf(step).name, env),
  files(step, env) {
    const folder = sealedFolder(env);
    if (folder === undefined) return [];
    const { user = "" } = step.settings;
    const names = [sealedFileName({ kind: "keys", profile: user }), noteFileName(user)];
    return [
      ...names.map((name) => `${folder}/${name}`),
      ...openerFiles(openerOf(step), env),
    ];
  },
  identify: ({ settings: { user = "" } }, { system }) => identifyKeys(system, user),
  async fetch(step, context) {
    const { openSealedKeys } = await import("./open.ts");
    return await openSealedKeys(step, openerOf(step), context);
  },
};

function openerOf({ settings: { opener = "" } }: SourceStep) {
  return parseOpener(opener);
}
