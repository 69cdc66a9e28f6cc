/**
 * What the servers answer with: never kept by anyone, and errors that every SDK shows.
 *
 * @module
 */

/** `no-transform` keeps the runtime from compressing what holds secrets. */
const common = { "cache-control": "no-store, no-transform", "x-content-type-options": "nosniff" };

/** Headers in the form that the runtime reads in two thirds of the time that it takes for an object. */
export interface PairsInit {
  readonly headers: [name: string, value: string][];
}

/** JSON, as `application/json` alone: SDKs for Go read errors of no other type, not even with a charset. */
export const jsonInit: PairsInit = initOf("application/json");

/** Plain text, as instance metadata is. */
export const textInit: PairsInit = initOf("text/plain");

function initOf(type: string): PairsInit {
  return { headers: Object.entries({ ...common, "content-type": type }) };
}

/** Status, code and message of what cannot be answered. */
export interface Failure {
  /** 4xx where trying again brings nothing, 503 where it may: SDKs try again at 5xx alone. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** An error under the names that each SDK looks for: `code` and `message` (Go), `Code` and `Message` (JavaScript). */
export function errorReply({ status, code, message }: Failure): Response {
  const body = { code, message, Code: code, Message: message };
  return new Response(`${JSON.stringify(body)}\n`, { ...jsonInit, status });
}

/** A status without a body; `allow` are the methods that a path takes where it does not take this one. */
export function emptyReply(status: number, allow?: string): Response {
  return new Response(null, {
    status,
    headers: allow === undefined ? common : { ...common, allow },
  });
}
