/**
 * What a sign-in is asked to do, in a browser or on another device.
 *
 * @module
 */

import type { System } from "../../system.ts";
import type { SourceContext } from "../source.ts";
import type { SsoSignIn } from "./settings.ts";

/** What a person is shown, and may be taken to. */
export interface SignInPage {
  /** Where the person signs in. */
  readonly url: string;
  /** The code that the page shows, to be compared; none where the browser comes back by itself. */
  readonly userCode?: string | undefined;
}

/** How a person signs in. */
export interface SignInOptions {
  /** A browser on this machine, which comes back by itself, or any device. */
  readonly method: "browser" | "device";
  /** Called with the page; it may open a browser. */
  readonly show: (page: SignInPage) => void | Promise<void>;
  /** The profile that was asked for, for messages. */
  readonly profile: string;
}

/** A sign-in with the URL of the service that gives its tokens. */
export type SignInTarget = SsoSignIn & { readonly oidcUrl: string };

/** What signing in works with. */
export type SignInContext = SourceContext & {
  readonly system: Pick<System, "network">;
};

/** What the AWS CLI asks for where a section names no scopes: the credentials of the person's accounts, refreshable. */
const usualScopes: readonly string[] = ["sso:account:access"];

/** Without a port: any may follow on loopback (RFC 8252, section 7.3). */
export const redirectUri = "http://127.0.0.1/oauth/callback";

/** The scopes of the section, else the usual one. */
export function scopesOf(
  { registrationScopes }: Pick<SsoSignIn, "registrationScopes">,
): readonly string[] {
  const scopes = registrationScopes?.split(",").map((scope) => scope.trim()).filter((scope) =>
    scope !== ""
  );
  return scopes === undefined || scopes.length === 0 ? usualScopes : scopes;
}
