/**
 * A file with identities of age, such as `age-keygen` makes.
 *
 * @module
 */

import { expandHome } from "../../config/home.ts";
import { isIdentity } from "../age_file.ts";
import { type Opener, type OpenerContext, openerError } from "./opener.ts";

/** The record. */
export const identityFile: Opener = {
  name: "identity",
  title: "an age identity file",
  asks: false,
  async find(context) {
    const path = expandHome(context.argument, context.env);
    await checkAccess(context, path);
    const text = await context.files.readText(path).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw openerError(identityFile, "failed", `cannot read "${path}": ${why}`, "check the file");
    });
    if (text === undefined) throw missing(path);
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
    if (identities.length > 0 && identities.every(isIdentity)) {
      return { kind: "identity", identities };
    }
    const found = identities.length === 0 ? "no identity" : "something else than AGE-SECRET-KEY-1…";
    throw openerError(
      identityFile,
      "no-key",
      `found ${found} in "${path}"`,
      "use a file of 'age-keygen', without a passphrase; keys of SSH and of plugins are not read",
    );
  },
  make({ argument, env }) {
    return Promise.reject(missing(expandHome(argument, env)));
  },
};

async function checkAccess({ files }: OpenerContext, path: string): Promise<void> {
  const facts = await files.facts(path).catch(() => undefined);
  if (facts?.foreign) {
    const why = `"${path}" belongs to another user`;
    throw openerError(identityFile, "owner", why, "use a file of your own");
  }
  if (facts?.mode === undefined || (facts.mode & 0o077) === 0) return;
  const why = `others have access to "${path}": its mode is ${facts.mode.toString(8)}, wanted 600`;
  throw openerError(identityFile, "mode", why, `chmod 600 ${path}`);
}

function missing(path: string) {
  const why = `there is no file "${path}"`;
  return openerError(identityFile, "no-key", why, `make one with 'age-keygen -o ${path}'`);
}
