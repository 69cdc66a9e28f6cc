/**
 * Which pages of a sign-in may be opened in the user's browser: AWS's own, and those of an emulator on this machine. The
 * service names the page of a sign-in by code, so the address is checked and not trusted.
 *
 * @module
 */

import { isLoopback } from "../../sts/endpoint.ts";
import { isServiceHost } from "../../sts/hosts.ts";
import type { SignInTarget } from "./sign_in_request.ts";

/** The domains of access portals (the AWS CLI's list, sources.md A4). */
const portalSuffixes: readonly string[] = [
  ...[".awsapps.com", ".awsapps.cn", ".app.aws"],
  ...[".portal.amazonaws.com", ".portal.amazonaws.com.cn", ".portal.amazonaws.eu"],
  ...[".app.amazonwebservices.com.cn", ".api.amazonwebservices.eu"],
];

/** How the addresses of these pages begin. */
export function mayOpen({ oidcUrl, startUrl, session }: SignInTarget): readonly string[] {
  const service = new URL(oidcUrl);
  const pages: string[] = [];
  if (isServiceHost(service.hostname) && service.protocol === "https:") {
    if (session !== undefined) pages.push(`${oidcUrl}/authorize?`);
    pages.push(`https://${service.hostname.replace(/^oidc\./, "device.sso.")}/`);
  } else if (isLoopback(service.hostname)) pages.push(`${service.origin}/`);
  return [...pages, ...portalPages(startUrl)];
}

function portalPages(startUrl: string): readonly string[] {
  const { protocol, hostname, origin } = URL.parse(startUrl) ?? {};
  const isPortal = protocol === "https:" &&
    portalSuffixes.some((suffix) => hostname?.endsWith(suffix));
  return isPortal ? [`${origin}/`] : [];
}
