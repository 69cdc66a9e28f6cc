/**
 * What a credential server needs: the addresses that it listens on, and the folder of its token.
 *
 * @module
 */

import { cacheFolder } from "../../cache/cache.ts";
import type { Environment } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

/** Where the tokens of the credential servers lie that run now. */
export function tokenFolder(env: Environment): string | undefined {
  const folder = cacheFolder(env);
  return folder === undefined ? undefined : `${folder.replace(/(?<=.)\/+$/, "")}/servers`;
}

/** Whether `exec` starts a credential server for its program. */
export function servesChild(given: ParsedArguments): boolean {
  return given.flag("serve") || given.list("serve-profiles").length > 0;
}

/** Where it listens. To port 0, which stands for any free one, nothing can connect: other servers stay out of reach. */
export function servedAddresses(given: ParsedArguments): readonly string[] {
  const port = given.wholeNumber("port", 0) ?? 0;
  const next = port === 0 ? 0 : port + 1;
  return [`127.0.0.1:${port}`, ...(given.flag("imds") ? [`127.0.0.1:${next}`] : [])];
}
