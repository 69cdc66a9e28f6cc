/**
 * What a credential server needs: the addresses that it listens on, and the folder of its token.
 *
 * @module
 */

import { cacheFolder } from "../../cache/cache_folder.ts";
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

const highestPort = 65_535;

/**
 * The port of `--port`; 0 is any free one. With `--imds` the next one is used too.
 *
 * @throws {UsageError} when there is no such port
 */
export function wantedPort(given: ParsedArguments): number {
  const most = given.flag("imds") ? highestPort - 1 : highestPort;
  return given.wholeNumber("port", 0, most) ?? 0;
}

/** Where it listens. To port 0, which stands for any free one, nothing can connect: other servers stay out of reach. */
export function servedAddresses(given: ParsedArguments): readonly string[] {
  const port = wantedPort(given);
  const next = port === 0 ? 0 : port + 1;
  return [`127.0.0.1:${port}`, ...(given.flag("imds") ? [`127.0.0.1:${next}`] : [])];
}
