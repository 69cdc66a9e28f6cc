/**
 * Ends a sign-in by `aws login` on this machine.
 *
 * @module
 */

import { lockSignIn, readSignInFile } from "../sign_in_file.ts";
import type { SourceContext } from "../source.ts";
import { loginPath, type LoginRequest } from "./token.ts";

/**
 * Removes what `aws login` has kept, as `aws logout` does. False where there is nothing. AWS is not told: credentials that
 * another program has copied work until they end.
 */
export async function forgetLogin(
  request: Pick<LoginRequest, "loginSession" | "profile">,
  context: SourceContext,
): Promise<boolean> {
  const path = await loginPath(request, context);
  // A missing folder would be made for the lock.
  if (await readSignInFile(path, "login", context) === undefined) return false;
  using _lock = await lockSignIn(path, request, context);
  if (await readSignInFile(path, "login", context) === undefined) return false;
  await context.system.files.remove(path);
  return true;
}
