/**
 * The address of an instance's metadata service.
 *
 * @module
 */

import { quoteValue } from "../../config/file/quote.ts";
import { UsageError } from "../../errors.ts";
import { instanceHosts, mayCall } from "./hosts.ts";
import { instanceVariables } from "./instance_variables.ts";

/**
 * The address for a step's settings; it ends with a slash.
 *
 * @throws {UsageError} where the settings name none, or one that no instance has
 */
export function instanceUrl({ endpoint, mode }: Readonly<Record<string, string>>): URL {
  if (endpoint === undefined) return new URL(`http://${hostOf(mode ?? "IPv4")}/`);
  const url = /\s/.test(endpoint) ? null : URL.parse(endpoint);
  const variable = instanceVariables.endpoint;
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "") {
    throw new UsageError(
      `Cannot use ${variable}: ${
        shown(endpoint)
      } is no URL of a host, wanted one such as http://169.254.169.254`,
    );
  }
  if (!mayCall(url, instanceHosts)) {
    throw new UsageError(
      `Cannot use ${variable}: the host of ${shown(url.origin)} is not allowed`,
      { hint: `wanted https, this machine, or one of ${instanceHosts.join(", ")}` },
    );
  }
  return url.pathname.endsWith("/") ? url : new URL(`${url.origin}${url.pathname}/`);
}

function hostOf(mode: string): string {
  const [ipv4, ipv6] = instanceHosts;
  const word = mode.toLowerCase();
  if (word === "ipv4") return ipv4;
  if (word === "ipv6") return ipv6;
  throw new UsageError(
    `Cannot use ${quoteValue(mode)} for ${instanceVariables.mode}: wanted IPv4 or IPv6`,
  );
}

/** Without a query or what stands before an `@`: they may hold a secret. */
function shown(text: string): string {
  return quoteValue(text.replace(/[?#].*$/s, "").replace(/^([a-z]+:\/\/)?[^/]*@/i, "$1***@"));
}
