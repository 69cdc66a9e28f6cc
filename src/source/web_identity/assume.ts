/**
 * Assumes the role of a step with a web identity token.
 *
 * @module
 */

import { asAccessKeys, type Credentials } from "../../credentials.ts";
import { StsError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import type { Sts } from "../../sts/sts.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";
import { roleOfStep } from "./role.ts";

/**
 * Credentials of the role. A token that STS calls expired is read once more: another may have been written meanwhile. The
 * same token is not sent twice.
 *
 * @throws {SourceError} when there is no token
 * @throws {StsError} when STS refuses
 */
export async function assumeWithToken(
  step: SourceStep,
  readToken: () => Promise<string>,
  { sts, signal }: SourceContext & { readonly sts: Sts },
): Promise<SourceCredentials> {
  const role = roleOfStep(step);
  const assume = async (webIdentityToken: string) =>
    asSourceCredentials(
      await sts.assumeRoleWithWebIdentity({
        ...{ ...role, webIdentityToken, signal },
        profile: step.profile === "" ? undefined : step.profile,
      }),
    );
  const token = await readToken();
  try {
    return await assume(token);
  } catch (error) {
    if (!isExpired(error)) throw error;
    const newer = await readToken();
    if (newer === token) throw error;
    return await assume(newer);
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof StsError && /^ExpiredToken/.test(error.awsCode ?? "");
}

function asSourceCredentials(credentials: Credentials): SourceCredentials {
  return {
    keys: asAccessKeys(credentials),
    expiration: credentials.Expiration,
    issued: credentials.StartTime,
  };
}
