/**
 * A random identity that another program keeps: made once, kept, and fetched again to see that it is kept.
 *
 * @module
 */

import { type AgeKey, newIdentity } from "../age_file.ts";
import { anotherOpener, type Opener, type OpenerContext, openerError } from "./opener.ts";

/** Makes an identity, has it kept, and compares it with what is found then. */
export async function makeKeptIdentity(
  opener: Opener,
  context: OpenerContext,
  keep: (identity: string) => Promise<void>,
): Promise<AgeKey> {
  const identity = await newIdentity();
  await keep(identity);
  const found = await opener.find(context, 0);
  if (found?.kind === "identity" && found.identities.includes(identity)) return found;
  const why = "it does not give back the key that it was given";
  throw openerError(opener, "failed", why, anotherOpener);
}
