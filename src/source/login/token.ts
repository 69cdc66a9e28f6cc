/**
 * The credentials of an `aws login`: those that are kept, refreshed for all processes at once when little of them is left.
 *
 * The AWS CLI and the SDKs refresh the same file without a lock. Here it is refreshed under one, after reading it again,
 * and whoever loses to them takes their credentials.
 *
 * @module
 */

import { regionPattern } from "../../plan.ts";
import { SignInNeededError, SourceError } from "../../errors.ts";
import { type SignInEndpoint, signInUrl } from "../../sts/sign_in_endpoint.ts";
import { parseObject } from "../json_fields.ts";
import { lockForRefresh, patientSignal, readSignInFile, readUntilNewer } from "../sign_in_file.ts";
import type { SourceContext } from "../source.ts";
import { readProofKey } from "./dpop.ts";
import { LoginRefusedError, refreshLogin } from "./refresh_call.ts";
import { formatLoginToken, loginPathOf, type LoginToken, parseLoginToken } from "./token_file.ts";

const source = "login";

/** The window of the AWS CLI and of most SDKs: with less left, the credentials are refreshed. */
const refreshWindowMs = 5 * 60_000;

/** A sign-in as a plan has it. */
export interface LoginRequest {
  /** The value of `login_session`: the ARN of who signed in. */
  readonly loginSession: string;
  /** The profile that names the sign-in. */
  readonly profile: string;
  /** Where it is refreshed; the region in the file beats the one here. */
  readonly endpoint: SignInEndpoint;
}

/**
 * Credentials that can be used now.
 *
 * @throws {SignInNeededError} where there are none, and none can be had without a person
 * @throws {SourceError} where the service cannot be reached and the credentials have ended
 */
export async function usableLogin(
  request: LoginRequest,
  context: SourceContext,
): Promise<LoginToken> {
  const path = await loginPath(request, context);
  const { token } = await readLogin(path, request, context);
  if (lastsLong(token, context)) return token;
  const lock = await lockForRefresh(path, request, context);
  using _lock = lock;
  const { isFirst } = lock;
  const newest = await readLogin(path, request, context);
  if (lastsLong(newest.token, context)) return newest.token;
  return await refresh({ path, request, context, isFirst, ...newest });
}

/** Where the sign-in is kept. @throws {SignInNeededError} where no home folder is known */
export async function loginPath(
  request: Pick<LoginRequest, "loginSession" | "profile">,
  { system: { env } }: Pick<SourceContext, "system">,
): Promise<string> {
  const path = await loginPathOf(request.loginSession, env);
  if (path !== undefined) return path;
  throw new SignInNeededError(
    `Cannot read the sign-in of profile "${request.profile}": HOME is not set`,
    { hint: "set HOME to your home folder" },
  );
}

interface KeptLogin {
  /** The file's text. */
  readonly text: string;
  readonly token: LoginToken;
}

/** What the file holds. @throws {SignInNeededError} where that is no sign-in */
async function readLogin(
  path: string,
  request: LoginRequest,
  context: SourceContext,
): Promise<KeptLogin> {
  const text = await readSignInFile(path, source, context);
  if (text === undefined) throw signInNeeded(request, "there is none");
  const token = parseLoginToken(text);
  if ("refreshToken" in token) {
    const { signInRegion } = token;
    if (signInRegion === undefined || regionPattern.test(signInRegion)) return { text, token };
    throw signInNeeded(request, `signInRegion in "${path}" is no region`);
  }
  throw signInNeeded(request, `"${path}" has no ${token.join(", no ")}`);
}

interface Refresh extends KeptLogin {
  readonly path: string;
  readonly request: LoginRequest;
  readonly context: SourceContext;
  /** False where another process had the lock before. */
  readonly isFirst: boolean;
}

async function refresh(attempt: Refresh): Promise<LoginToken> {
  const { token, request, context } = attempt;
  const key = await readProofKey(token.dpopKey);
  if (key === undefined) throw signInNeeded(request, "its key cannot be read");
  const baseUrl = signInUrl(request.endpoint, token.signInRegion);
  try {
    await checkWritable(attempt);
    const patience = patientSignal(context);
    using _patience = patience;
    const ports = { ...context, signal: patience.signal };
    const newer = { ...token, ...await refreshLogin(ports, { baseUrl, key, token }) };
    return await keep(newer, attempt);
  } catch (error) {
    return await afterFailure(error, attempt);
  }
}

/** The refresh token is good once: it is not spent where the next one could not be kept. */
async function checkWritable(attempt: Refresh): Promise<void> {
  const { path, request, context } = attempt;
  const { files } = context.system;
  const found = await stillThere(attempt);
  try {
    // Another program may have written it since: its token is not put back to the older one.
    await files.replaceText(path, found);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SourceError(
      "SOURCE_REFUSED",
      source,
      `Cannot refresh the sign-in of profile "${request.profile}": "${path}" cannot be written: ${why}`,
      { hint: "the refresh token changes with each refresh, and the next one is kept there" },
    );
  }
}

/** The file's text. Programs that take no lock sign out too: what they have removed is not put back. */
async function stillThere({ path, request, context }: Refresh): Promise<string> {
  const text = await readSignInFile(path, source, context);
  if (text !== undefined) return text;
  throw signInNeeded(request, "the last one was ended meanwhile");
}

/** Writes the sign-in before it is used, unless a program that takes no lock has put a later one there meanwhile. */
async function keep(newer: LoginToken, attempt: Refresh): Promise<LoginToken> {
  const { path, text, context } = attempt;
  const whole = await stillThere(attempt);
  const found = parseObject(whole) === undefined ? text : whole;
  const theirs = parseLoginToken(found);
  if ("refreshToken" in theirs && theirs.expiresAt > newer.expiresAt) return theirs;
  try {
    await context.system.files.replaceText(path, formatLoginToken(newer, found));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.logger.warn(
      `write: "${path}" cannot be written, the sign-in ends with its credentials: ${why}`,
    );
  }
  return newer;
}

/** Another program may have used the refresh token first; else the credentials that are kept serve to their end. */
async function afterFailure(
  error: unknown,
  { path, token, request, context, isFirst }: Refresh,
): Promise<LoginToken> {
  if (!(error instanceof SourceError)) throw error;
  const read = async () => {
    const { token: found } = await readLogin(path, request, context);
    const isTheirs = found.refreshToken !== token.refreshToken;
    return isTheirs && isAlive(found, context) ? found : undefined;
  };
  const isSpent = error instanceof LoginRefusedError && mayBeSpent.has(error.loginCode);
  const theirs = isSpent && isFirst ? await readUntilNewer(read, context) : await read();
  if (theirs !== undefined) return theirs;
  if (isAlive(token, context)) {
    context.logger.warn(`refresh: the sign-in is used to its end: ${error.message}`);
    return token;
  }
  if (!(error instanceof LoginRefusedError) || !endsSignIn.has(error.loginCode)) throw error;
  throw signInNeeded(request, `its refresh was refused: ${error.message}`);
}

/** What is said of a refresh token that was used before: the service has no word of its own for it. */
const mayBeSpent: ReadonlySet<string> = new Set(["TOKEN_EXPIRED", "INVALID_REQUEST"]);

/** After these, only a new sign-in helps. */
const endsSignIn: ReadonlySet<string> = new Set([
  ...["TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "INVALID_REQUEST", "AUTHCODE_EXPIRED"],
]);

function signInNeeded({ profile }: LoginRequest, why: string): SignInNeededError {
  return new SignInNeededError(
    `Cannot get credentials for profile "${profile}": a sign-in by "aws login" is needed, ${why}`,
    { hint: `sign in with 'aws login --profile ${profile}'` },
  );
}

function lastsLong({ expiresAt }: LoginToken, { now }: SourceContext): boolean {
  return expiresAt - now() > refreshWindowMs;
}

function isAlive({ expiresAt }: LoginToken, { now }: SourceContext): boolean {
  return expiresAt > now();
}
