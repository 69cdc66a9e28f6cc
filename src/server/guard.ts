/**
 * What stands before every route: refuses requests that a browser, a proxy or a rebound name has sent, and whatever is
 * larger than any SDK sends.
 *
 * @module
 */

import type { Failure } from "./reply.ts";
import { usualPort } from "./variables.ts";

/** The names of this machine's loopback address that SDKs accept for a server. */
const loopbackNames = ["127.0.0.1", "localhost"];

const longestUrl = 4_096;
const longestHeaders = 16_384;

/**
 * Checks a request; undefined where nothing is wrong. Of one that is trusted, since it has shown the token, the headers
 * are not measured: that takes as long as all the rest of an answer, and who has the token gets the credentials anyway.
 */
export type Guard = (request: Request, isTrusted?: boolean) => Failure | undefined;

/** A value of `Host`, and what a URL of it begins with. */
interface OwnHost {
  readonly host: string;
  readonly urls: readonly string[];
}

/** The guard of a server on that port of the loopback address; the first thing that is wrong is the answer. */
export function createGuard(port: number): Guard {
  // The usual port is mostly left out (RFC 9110, section 4.2.1).
  const ports = port === usualPort ? [`:${port}`, ""] : [`:${port}`];
  const hosts = loopbackNames.flatMap((name) =>
    ports.map((shown) => ({
      host: `${name}${shown}`,
      urls: ports.map((other) => `http://${name}${other}/`),
    }))
  );
  const otherHost = forbidden(`wanted the Host ${loopbackNames[0]}:${port}`);
  return ({ headers, method, url }, isTrusted = false) => {
    if (!isOurs(hosts, headers.get("host"), url)) return otherHost;
    if (method === "OPTIONS") return fromBrowser;
    if (url.length > longestUrl) return longUrl;
    // Nothing but `get` leaves the headers where they are: `has` and a loop make an object of each first.
    // Browsers add these by themselves. Without CORS headers a preflight is refused like anything else.
    const ofBrowser = headers.get("origin") ?? headers.get("sec-fetch-site") ??
      headers.get("access-control-request-method");
    if (ofBrowser !== null) return fromBrowser;
    // Who passes a request on for others must not hand out these credentials; AWS's own service does the same.
    if ((headers.get("x-forwarded-for") ?? headers.get("forwarded")) !== null) return fromProxy;
    if (headers.get("transfer-encoding") !== null) return withBody;
    const length = headers.get("content-length");
    if (length !== null && length !== "0") return withBody;
    return isTrusted || sizeOf(headers) <= longestHeaders ? undefined : manyHeaders;
  };
}

/**
 * A name that was rebound to 127.0.0.1 still stands in `Host`. Of a request line in absolute form, which only proxies
 * get, the runtime takes the host from that line: both must be ours.
 */
function isOurs(hosts: readonly OwnHost[], host: string | null, url: string): boolean {
  for (const own of hosts) {
    if (own.host !== host) continue;
    for (const start of own.urls) if (url.startsWith(start)) return true;
  }
  return false;
}

function sizeOf(headers: Headers): number {
  let total = 0;
  for (const [name, value] of headers) total += name.length + value.length;
  return total;
}

const fromBrowser = forbidden("browsers are refused");
const fromProxy = forbidden("requests that were passed on for others are refused");
const longUrl = tooLarge(414, `a URL of at most ${longestUrl} characters`);
const withBody = tooLarge(413, "no body");
const manyHeaders = tooLarge(431, `at most ${longestHeaders} characters of headers`);

function forbidden(why: string): Failure {
  return { status: 403, code: "Forbidden", message: `Cannot serve this request: ${why}` };
}

function tooLarge(status: number, wanted: string): Failure {
  return { status, code: "TooLarge", message: `Cannot serve this request: wanted ${wanted}` };
}
