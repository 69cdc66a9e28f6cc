/**
 * The Secret Service of a desktop (GNOME Keyring, KWallet, KeePassXC), by `secret-tool`. It is asked in a way that opens
 * no window, and in the other way only where there is a display to see it on.
 *
 * @module
 */

import type { StoreError } from "../../errors.ts";
import type { Environment } from "../../system.ts";
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

const install = "install it (Debian: libsecret-tools, Fedora: libsecret)";

/** The record. */
export const secretService: Opener = {
  name: "secret-service",
  title: "the Secret Service",
  asks: false,
  async find({ env, run }) {
    const [search, lookup] = openerLines("secret-service", "find", env);
    const found = await run(search);
    const fault = faultOf(found, env);
    if (fault !== undefined) throw fault;
    const identity = identityIn(found);
    if (identity !== undefined) return identity;
    if (!isListed(found)) return undefined;
    if (!hasDisplay(env)) throw locked(env);
    const opened = await run(lookup, { seconds: askingSeconds });
    const failure = commonFault(secretService, opened, "secret-tool", install);
    if (failure !== undefined) throw failure;
    return identityIn(opened) ?? fail(locked(env));
  },
  make(context) {
    return makeKeptIdentity(secretService, context, async (identity) => {
      const { env, run } = context;
      const [store] = openerLines("secret-service", "keep", env);
      const kept = await run(store, { input: identity, seconds: askingSeconds });
      const fault = faultOf(kept, env, true);
      if (fault !== undefined) throw fault;
    });
  },
};

/** Whether a window could be seen. */
export function hasDisplay(env: Environment): boolean {
  return (env.get("DISPLAY") ?? env.get("WAYLAND_DISPLAY")) !== undefined;
}

/** An item is shown without its secret while it is locked. */
function isListed({ text }: ProgramRun): boolean {
  return /locked object|^attribute\.application = stsaval$|^label = /m.test(text);
}

function faultOf(run: ProgramRun, env: Environment, isStoring = false): StoreError | undefined {
  const fault = commonFault(secretService, run, "secret-tool", install);
  if (fault !== undefined || run.outcome === "ok") return fault;
  if (/autolaunch|Could not connect|Connection refused|No such file/.test(run.text)) {
    const why = "there is no D-Bus session here, as over ssh or in a container";
    return openerError(secretService, "no-service", why, anotherOpener);
  }
  if (/was not provided by any \.service files|ServiceUnknown/.test(run.text)) {
    const why = "no keyring answers on D-Bus";
    return openerError(secretService, "no-service", why, `start one, or ${anotherOpener}`);
  }
  // Without a display its prompt fails, and what it says then is not the reason.
  const isLocked = /locked|prompt|Object does not exist at path/i.test(run.text);
  if (isLocked || (isStoring && !hasDisplay(env))) return locked(env);
  return openerError(secretService, "failed", lastWords(run), anotherOpener);
}

function locked(env: Environment): StoreError {
  const isSeen = hasDisplay(env);
  const why = isSeen
    ? "the keyring is locked"
    : "the keyring is locked, and there is no display to ask for its password on";
  const hint = `unlock it in a desktop session, or ${anotherOpener}`;
  return openerError(secretService, "locked", why, hint);
}

function fail(error: StoreError): never {
  throw error;
}
