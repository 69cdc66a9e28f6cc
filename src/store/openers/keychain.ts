/**
 * The login keychain of macOS, by `security`.
 *
 * @module
 */

import { makeKeptIdentity } from "./kept_identity.ts";
import {
  anotherOpener,
  askingSeconds,
  commonFault,
  identityIn,
  lastWords,
  type Opener,
  openerError,
} from "./opener.ts";
import { openerLines } from "./opener_lines.ts";

/** The exit codes of `security`: the last byte of errSecItemNotFound, and of errSecInteractionNotAllowed. */
const exits = { notFound: 44, notAllowed: 36, cancelled: 128 } as const;
const install = "it comes with macOS";

/** The record. */
export const keychain: Opener = {
  name: "keychain",
  title: "the login keychain",
  asks: false,
  async find({ env, run }) {
    const [line] = openerLines("keychain", "find", env);
    const found = await run(line, { seconds: askingSeconds });
    const fault = commonFault(keychain, found, "security", install);
    if (fault !== undefined) throw fault;
    if (found.outcome === "ok") return identityIn(found);
    if (found.status === exits.notFound) return undefined;
    const isLocked = found.status === exits.notAllowed || found.status === exits.cancelled ||
      /interaction is not allowed|canceled/i.test(found.text);
    throw isLocked
      ? openerError(keychain, "locked", "it is locked", "run 'security unlock-keychain' first")
      : openerError(keychain, "failed", lastWords(found), anotherOpener);
  },
  make(context) {
    return makeKeptIdentity(keychain, context, async (identity) => {
      const [line] = openerLines("keychain", "keep", context.env);
      const input = `add-generic-password -U -a stsaval -s stsaval -w ${identity}\n`;
      const kept = await context.run(line, { input, seconds: askingSeconds });
      const fault = commonFault(keychain, kept, "security", install);
      if (fault !== undefined) throw fault;
      if (/interaction is not allowed/i.test(kept.text)) {
        throw openerError(
          keychain,
          "locked",
          "it is locked",
          "run 'security unlock-keychain' first",
        );
      }
      if (kept.outcome === "ok") return;
      throw openerError(keychain, "failed", lastWords(kept), anotherOpener);
    });
  },
};
