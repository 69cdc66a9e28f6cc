/**
 * `stsaval logout`: forget what is kept.
 *
 * @module
 */

import { createSessionCache } from "../../session/cache.ts";
import type { Command, Invocation } from "../command.ts";

/** The record. */
export const logout: Command = {
  name: "logout",
  summary: "Remove the credentials that are kept on disk",
  description:
    "Removes what is kept in ~/.aws/stsaval: everything, or what was fetched for one profile. STS cannot take\n" +
    "credentials back: whoever has a copy can use it until it ends.",
  options: [
    { name: "profile", value: "NAME", summary: "Only what was fetched for this profile" },
  ],
  examples: [
    { line: "stsaval logout", summary: "everything" },
    { line: "stsaval logout --profile dev", summary: "one profile" },
  ],
  environment: ["STSAVAL_CACHE_DIR: the folder in place of ~/.aws/stsaval"],
  needs: ["cache"],
  run: runLogout,
};

async function runLogout({ arguments: given, logger, system }: Invocation): Promise<number> {
  const { clock, env, files } = system;
  const cache = createSessionCache({ clock, env, files, logger });
  const name = given.text("profile");
  const removed = name === undefined
    ? await cache.clear()
    : (await cache.remove(({ profile }) => profile === name)).length;
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ removed })}\n`
      : `${removed} ${removed === 1 ? "credential" : "credentials"} removed\n`,
  );
  return 0;
}
