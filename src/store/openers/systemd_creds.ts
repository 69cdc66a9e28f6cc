/**
 * `systemd-creds --user`: the identity, sealed with a key of this machine (and its TPM, where it has one) in a file beside
 * the sealed keys.
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
import { credentialPath, openerLines } from "./opener_lines.ts";

const install = "it comes with systemd, from version 256 on with --user";

/** The record. */
export const systemdCreds: Opener = {
  name: "systemd-creds",
  title: "systemd-creds",
  asks: false,
  async find({ env, files, run }) {
    if (await files.facts(credentialPath(env)) === undefined) return undefined;
    const [line] = openerLines("systemd-creds", "find", env);
    const found = await run(line, { seconds: askingSeconds });
    const fault = faultOf(found);
    if (fault !== undefined) throw fault;
    return identityIn(found);
  },
  make(context) {
    return makeKeptIdentity(systemdCreds, context, async (identity) => {
      const { env, files, run } = context;
      const [line] = openerLines("systemd-creds", "keep", env);
      const kept = await run(line, { input: identity, seconds: askingSeconds, ownErrors: true });
      const fault = faultOf(kept);
      if (fault !== undefined) throw fault;
      await files.replaceText(credentialPath(env), kept.text, { mode: 0o600 });
    });
  },
};

function faultOf(run: ProgramRun): StoreError | undefined {
  const fault = commonFault(systemdCreds, run, "systemd-creds", install);
  if (fault !== undefined || run.outcome === "ok") return fault;
  if (/unrecognized option|Unknown command/.test(run.text)) {
    const hint = anotherOpener;
    return openerError(systemdCreds, "no-program", "it knows no --user before version 256", hint);
  }
  if (/authentication required|polkit|Access denied|Permission denied/i.test(run.text)) {
    const hint = `run it in a session of your own, or ${anotherOpener}`;
    return openerError(systemdCreds, "locked", lastWords(run), hint);
  }
  const hint = "it opens only on the machine, and for the user, that sealed it";
  return openerError(systemdCreds, "failed", lastWords(run), hint);
}
