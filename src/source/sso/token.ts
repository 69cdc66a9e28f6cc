/**
 * The token of a sign-in: the one that is kept, refreshed for all processes at once when little of it is left.
 *
 * The AWS CLI and the SDKs refresh the same file without a lock. Here it is refreshed under one, after reading it again,
 * and whoever loses to them takes their token.
 *
 * @module
 */

import { SignInNeededError, SourceError } from "../../errors.ts";
import { lockForRefresh, patientSignal, readSignInFile, readUntilNewer } from "../sign_in_file.ts";
import type { SourceContext } from "../source.ts";
import { createToken, OidcError } from "./oidc.ts";
import type { SsoSignIn } from "./settings.ts";
import { formatToken, parseToken, type SsoToken, tokenPathOf } from "./token_file.ts";

const source = "sso";

/** botocore's advisory window: with less left, a token is refreshed (facts of the SDKs, read 2026-11). */
const refreshWindowMs = 15 * 60_000;

/** A sign-in as a plan has it: what names its token, where it is refreshed, and for whom, for messages. */
export interface SignInRequest extends Pick<SsoSignIn, "session" | "startUrl"> {
  readonly oidcUrl: string;
  /** The profile that names the sign-in, or the name of its section. */
  readonly profile: string;
  /** True where the section itself was asked for. */
  readonly isSection?: boolean;
}

/**
 * A token that can be used now, and is not the one that the portal has rejected.
 *
 * @throws {SignInNeededError} where there is none, and none can be had without a person
 * @throws {SourceError} where the service cannot be reached and the token has ended
 */
export async function usableToken(
  request: SignInRequest,
  context: SourceContext,
  rejected?: string,
): Promise<SsoToken> {
  const path = await tokenPath(request, context);
  const known = await readToken(path, context);
  const isGood = (token: SsoToken) => lastsLong(token, context) && token.accessToken !== rejected;
  if (known !== undefined && isGood(known)) return known;
  if (known !== undefined && !canRefresh(known, context)) return stillGood(known, request, context);
  if (known === undefined) throw signInNeeded(request, "there is none");
  const lock = await lockForRefresh(path, request, context);
  using _lock = lock;
  const { isFirst } = lock;
  const text = await readSignInFile(path, source, context);
  if (text === undefined) throw signInNeeded(request, "the last one was ended meanwhile");
  const newest = tokenIn(text, path, context) ?? known;
  if (isGood(newest)) return newest;
  return await refresh({ path, token: newest, request, context, isFirst, rejected });
}

/** Where the sign-in's token is kept. @throws {SignInNeededError} where no home folder is known */
export async function tokenPath(
  request: Pick<SignInRequest, "session" | "startUrl" | "profile">,
  { system: { env } }: Pick<SourceContext, "system">,
): Promise<string> {
  const path = await tokenPathOf(request, env);
  if (path !== undefined) return path;
  throw new SignInNeededError(
    `Cannot read the sign-in of profile "${request.profile}": HOME is not set`,
    { hint: "set HOME to your home folder" },
  );
}

/** The token in the file; undefined where there is none, or what is there is no token. */
export async function readToken(
  path: string,
  context: Pick<SourceContext, "system" | "logger">,
): Promise<SsoToken | undefined> {
  return tokenIn(await readSignInFile(path, source, context), path, context);
}

function tokenIn(
  text: string | undefined,
  path: string,
  { logger }: Pick<SourceContext, "logger">,
): SsoToken | undefined {
  if (text === undefined) return undefined;
  const token = parseToken(text);
  if (token === undefined) logger.warn(`read: "${path}" is not used: it holds no token`);
  return token;
}

/** Puts the token into its file, as a whole; what else is in it stays. */
export async function writeToken(
  path: string,
  token: SsoToken,
  context: Pick<SourceContext, "system">,
): Promise<void> {
  const older = await readSignInFile(path, source, context);
  await context.system.files.replaceText(path, formatToken(token, older));
}

/** What a person has to do. */
export function signInNeeded(
  { session, startUrl, profile, isSection }: Omit<SignInRequest, "oidcUrl">,
  why: string,
): SignInNeededError {
  const goal = isSection ? "Cannot list roles" : `Cannot get credentials for profile "${profile}"`;
  return new SignInNeededError(
    `${goal}: a sign-in to IAM Identity Center "${session ?? startUrl}" is needed, ${why}`,
    { hint: `sign in with 'stsaval login ${isSection ? "--sso-session " : ""}${profile}'` },
  );
}

/** What is refreshed, and for whom. */
interface Refresh {
  readonly path: string;
  readonly token: SsoToken;
  readonly request: SignInRequest;
  readonly context: SourceContext;
  /** Whether the lock was free. */
  readonly isFirst: boolean;
  /** The token that the portal has rejected, if it has. */
  readonly rejected?: string | undefined;
}

async function refresh(work: Refresh): Promise<SsoToken> {
  const { token, request, context } = work;
  const { clientId = "", clientSecret = "", refreshToken = "" } = token;
  const grant = { grantType: "refresh_token", refreshToken } as const;
  try {
    const patience = patientSignal(context);
    using _patience = patience;
    const issued = await createToken(
      { ...context, signal: patience.signal },
      request.oidcUrl,
      { clientId, clientSecret },
      grant,
    );
    const newer = {
      ...token,
      accessToken: issued.accessToken,
      expiresAt: context.now() + issued.expiresInSeconds * 1_000,
      refreshToken: issued.refreshToken ?? refreshToken,
    };
    return await keep(newer, work);
  } catch (error) {
    return await afterFailure(error, work);
  }
}

/**
 * Writes the token, unless a program that takes no lock has put a later one there meanwhile. Until it is written, the
 * sign-in is in memory alone: there is one read and one write, and nothing else is waited for.
 */
async function keep(
  newer: SsoToken,
  { path, token: older, request, context }: Refresh,
): Promise<SsoToken> {
  const text = await readSignInFile(path, source, context);
  // Programs that take no lock sign out too: what they have removed is not put back.
  if (text === undefined) throw signInNeeded(request, "the last one was ended meanwhile");
  const found = tokenIn(text, path, context);
  const isTheirs = found !== undefined && found.accessToken !== older.accessToken;
  if (isTheirs && found.expiresAt > newer.expiresAt) return found;
  try {
    await context.system.files.replaceText(path, formatToken(newer, text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.logger.warn(`write: "${path}" cannot be written, the sign-in is not kept: ${why}`);
  }
  return newer;
}

/** Another program may have used the refresh token first; else the token that is kept serves to its end. */
async function afterFailure(error: unknown, work: Refresh): Promise<SsoToken> {
  if (!(error instanceof SourceError)) throw error;
  const { token, request, context, isFirst, rejected } = work;
  const read = () => readTheirs(work);
  const isSpent = error instanceof OidcError && error.oauthCode === "invalid_grant";
  const theirs = isSpent && isFirst ? await readUntilNewer(read, context) : await read();
  if (theirs !== undefined) return theirs;
  if (isAlive(token, context) && token.accessToken !== rejected) {
    context.logger.warn(`refresh: the sign-in is used to its end: ${error.message}`);
    return token;
  }
  if (!(error instanceof OidcError) || !endsSignIn.has(error.oauthCode)) throw error;
  throw signInNeeded(request, `its refresh was refused (${error.oauthCode})`);
}

/** The token that another program has put into the file. */
async function readTheirs({ path, token, context }: Refresh): Promise<SsoToken | undefined> {
  const found = await readToken(path, context);
  const isTheirs = found !== undefined && found.accessToken !== token.accessToken;
  return isTheirs && isAlive(found, context) ? found : undefined;
}

/** After these, only a new sign-in helps. */
const endsSignIn: ReadonlySet<string> = new Set([
  ...["invalid_grant", "expired_token", "invalid_client", "unauthorized_client", "access_denied"],
]);

function stillGood(token: SsoToken, request: SignInRequest, context: SourceContext): SsoToken {
  if (isAlive(token, context)) return token;
  const end = new Date(token.expiresAt).toISOString();
  throw signInNeeded(request, `the last one ended at ${end}`);
}

function lastsLong({ expiresAt }: SsoToken, { now }: SourceContext): boolean {
  return expiresAt - now() > refreshWindowMs;
}

function isAlive({ expiresAt }: SsoToken, { now }: SourceContext): boolean {
  return expiresAt > now();
}

function canRefresh(token: SsoToken, { now }: SourceContext): boolean {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  return refreshToken !== undefined && clientId !== undefined && clientSecret !== undefined &&
    (registrationExpiresAt === undefined || registrationExpiresAt > now());
}
