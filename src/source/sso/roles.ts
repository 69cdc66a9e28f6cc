/**
 * The roles that a person has in IAM Identity Center, of all accounts.
 *
 * @module
 */

import type { SsoRole } from "../../config/file/sso_sections.ts";
import { Gate } from "../gate.ts";
import type { SourceContext } from "../source.ts";
import { listAccountRoles, listAccounts } from "./portal.ts";
import { type SignInRequest, usableToken } from "./token.ts";

/** The portal allows about 20 calls a second. */
const atOnce = 5;

/**
 * All roles, in the order of the portal. `onProgress` is called with the number of accounts that are done.
 *
 * @throws {SignInNeededError} where the sign-in has ended
 * @throws {SourceError} where the portal refuses or cannot be reached
 */
export async function listSsoRoles(
  request: SignInRequest & { readonly portalUrl: string },
  context: SourceContext,
  onProgress: (done: number, all: number) => void,
): Promise<readonly SsoRole[]> {
  const { accessToken } = await usableToken(request, context);
  const access = { portalUrl: request.portalUrl, accessToken };
  const accounts = await listAccounts(context, access);
  const gate = new Gate(atOnce);
  let done = 0;
  const roles = await Promise.all(accounts.map(async ({ accountId, accountName }) => {
    const list = () => listAccountRoles(context, access, accountId);
    const names = await gate.run(list, context.signal);
    onProgress(++done, accounts.length);
    return names.map((roleName) => ({ accountId, accountName, roleName }));
  }));
  return roles.flat();
}
