/**
 * `pass`, the password store over gpg.
 *
 * @module
 */

import type { StoreError } from "../../errors.ts";
import { makeKeptIdentity } from "./kept_identity.ts";
import {
  anotherOpener,
  askingSeconds,
  commonFault,
  identityIn,
  lastWords,
  type Opener,
  openerError,
  type ProgramRun,
} from "./opener.ts";
import { openerLines } from "./opener_lines.ts";

const install = "install pass";

/** The record. */
export const pass: Opener = {
  name: "pass",
  title: "pass",
  asks: false,
  async find({ env, run }) {
    const [line] = openerLines("pass", "find", env);
    const found = await run(line, { seconds: askingSeconds });
    if (found.outcome === "failed" && /is not in the password store/.test(found.text)) {
      return undefined;
    }
    const fault = faultOf(found);
    if (fault !== undefined) throw fault;
    return identityIn(found);
  },
  make(context) {
    return makeKeptIdentity(pass, context, async (identity) => {
      const [line] = openerLines("pass", "keep", context.env);
      const fault = faultOf(await context.run(line, { input: `${identity}\n` }));
      if (fault !== undefined) throw fault;
    });
  },
};

function faultOf(run: ProgramRun): StoreError | undefined {
  const fault = commonFault(pass, run, "pass", install);
  if (fault !== undefined || run.outcome === "ok") return fault;
  if (/pass init/.test(run.text)) {
    const hint = "run 'pass init KEY' with a key of 'gpg --list-secret-keys'";
    return openerError(pass, "no-service", "it has no password store yet", hint);
  }
  if (/pinentry|ioctl|cancel|No secret key|decryption failed|Timeout/i.test(run.text)) {
    const hint = "unlock the key of gpg first: 'export GPG_TTY=$(tty)', then 'pass show'";
    return openerError(pass, "locked", `gpg does not open it: ${lastWords(run)}`, hint);
  }
  return openerError(pass, "failed", lastWords(run), anotherOpener);
}
