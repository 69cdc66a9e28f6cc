/**
 * The kernel's keyring, which keeps a passphrase until the machine is restarted. The passphrase itself opens the files,
 * so that nothing is lost with the keyring.
 *
 * @module
 */

import type { AgeKey } from "../age_file.ts";
import { anotherOpener, type Opener, type OpenerContext, openerError } from "./opener.ts";
import { commonFault, lastWords } from "./opener.ts";
import { openerLines } from "./opener_lines.ts";
import { passphrase } from "./passphrase.ts";

/** How it is kept: one word, whatever the passphrase holds. */
const mark = "stsaval1:";
const install = "install keyutils";

/** The record. */
export const keyctl: Opener = {
  name: "keyctl",
  title: "the kernel's keyring",
  asks: true,
  async find(context, refused) {
    const [line] = openerLines("keyctl", "find", context.env);
    const run = await context.run(line);
    const fault = commonFault(keyctl, run, "keyctl", install);
    if (fault !== undefined) throw fault;
    const kept = run.outcome === "ok" ? decode(run.text) : undefined;
    return refused === 0 && kept !== undefined ? kept : await passphrase.find(context, refused);
  },
  async make(context) {
    const key = await passphrase.make(context);
    await keep(context, key);
    return key;
  },
  remember: keep,
};

async function keep(context: OpenerContext, key: AgeKey): Promise<void> {
  if (key.kind !== "passphrase") return;
  const [line] = openerLines("keyctl", "keep", context.env);
  const run = await context.run(line, { input: encode(key.passphrase) });
  const fault = commonFault(keyctl, run, "keyctl", install);
  if (fault !== undefined) throw fault;
  if (run.outcome === "ok") return;
  const hint = `${anotherOpener}; a container may have no keyring`;
  throw openerError(keyctl, "failed", lastWords(run), hint);
}

function encode(passphrase: string): string {
  const bytes = new TextEncoder().encode(passphrase);
  return mark + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function decode(text: string): AgeKey | undefined {
  const [, digits] = new RegExp(`^${mark}((?:[0-9a-f]{2})+)\\s*$`).exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = (digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  return { kind: "passphrase", passphrase: new TextDecoder().decode(Uint8Array.from(bytes)) };
}
