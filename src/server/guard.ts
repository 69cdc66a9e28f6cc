/**
 * What stands before every route: refuses requests that a browser, a proxy or a rebound name has sent, and whatever is
 * larger than any SDK sends.
 *
 * @module
 */

import type { Failure } from "./reply.ts";

/** The names of this machine's loopback address that SDKs accept for a server. */
const loopbackNames = ["127.0.0.1", "localhost"];

const browserHeaders = ["origin", "sec-fetch-site", "access-control-request-method"];

const longestUrl = 4_096;
const longestHeaders = 16_384;

/** Checks a request before its token; undefined where nothing is wrong. */
export type Guard = (request: Request) => Failure | undefined;

/** What a request may not have, whoever sent it; the first that applies is the answer. */
type Rule = (request: Request) => Failure | undefined;

/** The guard of a server on that port of the loopback address. */
export function createGuard(port: number): Guard {
  const rules: readonly Rule[] = [
    rejectOtherHosts(loopbackNames.map((name) => `${name}:${port}`)),
    rejectBrowsers,
    rejectProxies,
    rejectLargeOnes,
  ];
  return (request) => {
    for (const rule of rules) {
      const failure = rule(request);
      if (failure !== undefined) return failure;
    }
    return undefined;
  };
}

/**
 * A name that was rebound to 127.0.0.1 still stands in `Host`. Of a request line in absolute form, which only proxies
 * get, the runtime takes the host from that line: both must be ours.
 */
function rejectOtherHosts(hosts: readonly string[]): Rule {
  const failure = forbidden(`wanted the Host ${hosts[0]}`);
  return ({ headers, url }) => {
    const host = headers.get("host");
    const isOurs = host !== null && hosts.includes(host) && url.startsWith(`http://${host}/`);
    return isOurs ? undefined : failure;
  };
}

/** Browsers add these by themselves, and no SDK does. Without CORS headers a preflight is refused like anything else. */
function rejectBrowsers({ headers, method }: Request): Failure | undefined {
  const isBrowser = method === "OPTIONS" || browserHeaders.some((name) => headers.has(name));
  return isBrowser ? fromBrowser : undefined;
}

/** Whoever passes a request on for others must not hand out these credentials; AWS's own service does the same. */
function rejectProxies({ headers }: Request): Failure | undefined {
  return headers.has("x-forwarded-for") || headers.has("forwarded") ? fromProxy : undefined;
}

/** No SDK sends a body, and none sends more headers than fit on a page. */
function rejectLargeOnes({ headers, url }: Request): Failure | undefined {
  if (url.length > longestUrl) return tooLarge(414, `a URL of at most ${longestUrl} characters`);
  const length = headers.get("content-length");
  if (headers.has("transfer-encoding") || (length !== null && length !== "0")) {
    return tooLarge(413, "no body");
  }
  let total = 0;
  for (const [name, value] of headers) total += name.length + value.length;
  return total > longestHeaders
    ? tooLarge(431, `at most ${longestHeaders} characters of headers`)
    : undefined;
}

const fromBrowser = forbidden("browsers are refused");
const fromProxy = forbidden("requests that were passed on for others are refused");

function forbidden(why: string): Failure {
  return { status: 403, code: "Forbidden", message: `Cannot serve this request: ${why}` };
}

function tooLarge(status: number, wanted: string): Failure {
  return { status, code: "TooLarge", message: `Cannot serve this request: wanted ${wanted}` };
}
