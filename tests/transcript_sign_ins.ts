/**
 * Sign-ins of transcripts: the world that knows them, and what the AWS CLI keeps of each kind.
 *
 * @module
 */

import { loginFileName } from "../src/source/login/token_file.ts";
import { tokenFileName } from "../src/source/sso/token_file.ts";
import {
  type EmulatorWorld,
  sampleSsoWorld,
  ssoRoleArn,
  type StsEmulator,
} from "../src/testing/mod.ts";
import { account, loginFile, loginSession } from "./source/login/fixtures.ts";

/** What a transcript writes for the sign-in by `aws login`. */
const awsLogin = "aws-login";

/** IAM Identity Center with role Admin, AWS Sign-In, and three roles that trust both. */
export function signInWorld(): EmulatorWorld {
  const sample = sampleSsoWorld();
  const roleArn = `arn:aws:iam::${account}:role/Admin`;
  const center = ssoRoleArn(account, "Admin");
  const roles = sample.roles.map((role) =>
    role.trusts.includes(center) ? { ...role, trusts: [...role.trusts, account] } : role
  );
  return { ...sample, roles, signIn: { roleArn, sessionName: "admin" } };
}

/** The file of a person who has just signed in; `name` is a session, a start URL, or `aws-login`. */
export async function signInFile(
  emulator: StsEmulator,
  name: string,
  end: number,
): Promise<{ readonly path: string; readonly text: string }> {
  if (name === awsLogin) {
    const path = `.aws/login/cache/${await loginFileName(loginSession)}`;
    return { path, text: JSON.stringify(loginFile(emulator, end)) };
  }
  const expiresAt = new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
  const { startUrl, region, ...rest } = emulator.signInToSso();
  const isLegacy = name === startUrl;
  const path = `.aws/sso/cache/${await tokenFileName({
    session: isLegacy ? undefined : name,
    startUrl,
  })}`;
  // The AWS CLI gets no refresh token for a profile without a session.
  const { accessToken } = rest;
  const kept = isLegacy ? { accessToken } : rest;
  return { path, text: JSON.stringify({ startUrl, region, ...kept, expiresAt }) };
}

/** AWS ends every sign-in that has a file; the files stay. */
export async function endSignIns(
  emulator: StsEmulator,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [path, text] of files) {
    if (path.includes("/.aws/login/cache/")) emulator.endLogin("TOKEN_EXPIRED");
    if (!path.includes("/.aws/sso/cache/") || !path.endsWith(".json")) continue;
    const headers = { "x-amz-sso_bearer_token": JSON.parse(text).accessToken };
    await emulator.handle(new Request("http://127.0.0.1/logout", { method: "POST", headers }));
  }
}
