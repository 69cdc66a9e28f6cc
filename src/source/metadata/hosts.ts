/**
 * The hosts that give a container or an instance its credentials. They are on a link of the machine's own, so that plain
 * http may go to them, and to no others but this machine.
 *
 * @module
 */

import { isLoopback } from "../../sts/endpoint.ts";

/** The hosts of the metadata service of an instance, as `URL` writes them. */
export const instanceHosts = ["169.254.169.254", "[fd00:ec2::254]"] as const;

/** Those of containers: of ECS, and of EKS with IPv4 and IPv6. */
export const containerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"] as const;

/** All of them with their port, as in Deno's permissions. */
export const metadataHosts: readonly string[] = [...instanceHosts, ...containerHosts].map((host) =>
  `${host}:80`
);

/** Whether a URL leads to one of the hosts, or to this machine, or is https. */
export function mayCall(url: URL, hosts: readonly string[]): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && (isLoopback(url.hostname) || hosts.includes(url.hostname));
}

/** Whether a URL is one of a metadata service's own: plain http to its own host and port. */
export function isMetadataUrl({ protocol, hostname, port }: URL): boolean {
  return protocol === "http:" && port === "" && metadataHosts.includes(`${hostname}:80`);
}
