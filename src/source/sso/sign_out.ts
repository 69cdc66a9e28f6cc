/**
 * Ends sign-ins to IAM Identity Center: at the portal, and on disk.
 *
 * @module
 */

import type { SourceContext } from "../source.ts";
import { logout } from "./portal.ts";
import { lockSignIn } from "../sign_in_file.ts";
import { readToken, type SignInRequest, tokenPath } from "./token.ts";

/** What became of a sign-in. */
export type SignOutResult = "ended" | "absent" | "only here";

/**
 * Ends a sign-in, and removes its token. Where the portal cannot be told, the token is removed all the same: "only here".
 */
export async function signOut(
  request: SignInRequest & { readonly portalUrl: string },
  context: SourceContext,
): Promise<SignOutResult> {
  const path = await tokenPath(request, context);
  const lock = await lockSignIn(path, request, context);
  using _lock = lock;
  const token = await readToken(path, context);
  if (token === undefined) return "absent";
  const told = await tell(request.portalUrl, token.accessToken, context);
  await context.system.files.remove(path);
  return told ? "ended" : "only here";
}

/** A token that has ended needs no telling. */
async function tell(
  portalUrl: string,
  accessToken: string,
  context: SourceContext,
): Promise<boolean> {
  try {
    await logout(context, { portalUrl, accessToken });
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    context.logger.warn(`logout: the portal was not told: ${why}`);
    return false;
  }
}
