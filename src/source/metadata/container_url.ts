/**
 * The URL of a container's credentials.
 *
 * @module
 */

import { quoteValue } from "../../config/file/quote.ts";
import { UsageError } from "../../errors.ts";
import { containerHosts, mayCall } from "./hosts.ts";
import { containerVariables } from "./container_variables.ts";

/** Where a relative URI leads. */
const relativeHost = "169.254.170.2";

/**
 * The URL of a step.
 *
 * @throws {UsageError} where it leads to a host that no container has
 */
export function containerUrl(settings: Readonly<Record<string, string>>): URL {
  const { relativeUri, fullUri = "" } = settings;
  if (relativeUri !== undefined) return relativeUrl(relativeUri);
  const variable = containerVariables.fullUri;
  const url = /\s/.test(fullUri) ? null : URL.parse(fullUri);
  if (url === null || url.username !== "" || url.password !== "") {
    throw new UsageError(
      `Cannot use ${variable}: ${shown(fullUri)} is no URL of a host and a path`,
      { hint: "wanted one such as http://169.254.170.23/v1/credentials" },
    );
  }
  if (mayCall(url, containerHosts)) return url;
  throw new UsageError(
    `Cannot use ${variable}: the host of ${shown(url.origin)} is not allowed`,
    { hint: `wanted https, this machine, or one of ${containerHosts.join(", ")}` },
  );
}

/** A path, which must not lead to another host: `@example.com/` would. */
function relativeUrl(uri: string): URL {
  const url = /^\/(?!\/)/.test(uri) && !/\s/.test(uri)
    ? URL.parse(uri, `http://${relativeHost}`)
    : null;
  if (url?.origin === `http://${relativeHost}`) return url;
  throw new UsageError(
    `Cannot use ${containerVariables.relativeUri}: ${
      shown(uri)
    } is no path, wanted one such as /v2/credentials/ID`,
  );
}

/** Without a query or what stands before an `@`: they may hold a secret. */
function shown(text: string): string {
  return quoteValue(text.replace(/[?#].*$/s, "").replace(/^([a-z]+:\/\/)?[^/]*@/i, "$1***@"));
}
