/**
 * Listens on the loopback address.
 *
 * @module
 */

import { StsavalError } from "../../../errors.ts";
import type { Listener, Network } from "../../../system.ts";

/** A free port is looked for first, and listened on a moment later. */
const takenMeanwhile = "run it again: another program may have taken the free port that was found";

/**
 * Serves the function on that port of 127.0.0.1; 0 is any free one.
 *
 * @throws {StsavalError} when the port is in use, or may not be used; `hint` says what helps
 */
export async function listen(
  network: Network,
  handle: (request: Request) => Response | Promise<Response>,
  { port, signal, hint = port === 0 ? takenMeanwhile : "leave --port out for a free one" }: {
    readonly port: number;
    readonly signal: AbortSignal;
    readonly hint?: string | undefined;
  },
): Promise<Listener> {
  try {
    return await network.serve(handle, { port, signal });
  } catch (error) {
    if (error instanceof StsavalError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StsavalError("FAILED", `Cannot listen on 127.0.0.1:${port}: ${why}`, {
      hint,
      cause: error,
    });
  }
}
