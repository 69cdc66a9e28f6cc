/**
 * A home whose person has signed in, to IAM Identity Center or by `aws login`, and a role on top of that.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator, type StsEmulator } from "../../src/testing/mod.ts";
import { loginSession } from "../source/login/fixtures.ts";
import { signInFile, signInWorld } from "../transcript_sign_ins.ts";
import { type Home, makeHome, stsavalWords } from "./stsaval_process.ts";

/** The role on top. */
export const onTop = "LambdaRole-dev";

/** The settings of the profile that signs in, what its file is named by, and the call that refreshes it. */
export const signIns = {
  "IAM Identity Center": {
    settings: "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin",
    file: "corp",
    refresh: "CreateToken",
  },
  "aws login": {
    settings: `login_session = ${loginSession}`,
    file: "aws-login",
    refresh: "CreateOAuth2Token",
  },
} as const;

/** The home, and what serves it. */
export interface SignInHome extends AsyncDisposable {
  readonly emulator: StsEmulator;
  readonly home: Home;
  /** The file of the sign-in. */
  readonly path: string;
}

/** Makes it; that many seconds of the sign-in are left. `intercept` stands before the emulator. */
export async function startSignInHome(
  kind: keyof typeof signIns,
  seconds = 800,
  intercept: (request: Request, handle: StsEmulator["handle"]) => Promise<Response> = (
    request,
    handle,
  ) => handle(request),
): Promise<SignInHome> {
  const { settings, file } = signIns[kind];
  const emulator = createStsEmulator({ world: signInWorld() });
  const home = await makeHome(
    (request) => intercept(request, emulator.handle),
    (url) => ({ ".aws/config": configFor(settings, url) }),
  );
  const kept = await signInFile(emulator, file, denoSystem.clock.now() + seconds * 1_000);
  const path = `${home.path}/${kept.path}`;
  await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeTextFile(path, kept.text, { mode: 0o600 });
  return { emulator, home, path, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** `cli` is for other programs, which get the role from stsaval. */
function configFor(settings: string, url: string): string {
  const where = `endpoint_url = ${url}\nregion = us-east-1\n`;
  return `[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
[profile admin]
${settings}
${where}[profile ${onTop}]
role_arn = arn:aws:iam::123456789012:role/${onTop}
source_profile = admin
${where}[profile cli]
credential_process = ${stsavalWords(["process", onTop]).join(" ")}
${where}`;
}
