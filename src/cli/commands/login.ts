/**
 * `stsaval login`: one MFA code for all later commands and programs.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { definedFields } from "../../config/fields.ts";
import { settingNames } from "../../config/file/setting_names.ts";
import { resolveChain } from "../../config/plan/chain.ts";
import { wantsSealedCache } from "../../config/plan/sealed_cache.ts";
import { formatDuration } from "../../duration.ts";
import { StsavalError, UsageError } from "../../errors.ts";
import { isKeysStep, isLongTerm, type SourceStep } from "../../plan.ts";
import { checkedFirst } from "../../session/mfa.ts";
import { sealWish } from "../../session/sealed_cache.ts";
import { sourceOf } from "../../source/sources.ts";
import { silentLogger } from "../../logger.ts";
import { createSessionCache } from "../../cache/cache.ts";
import { cacheFolder } from "../../cache/cache_folder.ts";
import type { CacheKeyKeepers } from "../../cache/sealing/port.ts";
import type { FolderProblem } from "../../cache/owner_only_folder.ts";
import type { CacheListing, SessionCache } from "../../cache/port.ts";
import type { CredentialStatus } from "../../refresh/live.ts";
import type { Command, Invocation } from "../command.ts";
import { askedOnce } from "../cache_keys.ts";
import { cacheKeysOf, mfaCodeOption, openCore } from "../context.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { coreSettings } from "../core_settings.ts";
import { knownConfig } from "../known_config.ts";
import { signInByAwsLogin } from "./shared/aws_login.ts";
import { signInToSso, ssoLoginOf, ssoLoginOfSession } from "./shared/sso_login.ts";
import { wantedProfile } from "../profile_names.ts";
import { cacheOptions, codeOptions, fileOptions, profileOption, stsOptions } from "../options.ts";

const defaultLifetime = "12h";

/** The record. */
export const login: Command = {
  name: "login",
  topic: "keep",
  summary: "Sign in once for all later commands: an MFA code, or IAM Identity Center",
  description:
    "Gets a session token with the code and caches it in ~/.aws/stsaval. Until it expires, no command and no\n" +
    "program that gets its credentials from stsaval asks for a code again.\n\n" +
    "A profile that rests on IAM Identity Center is signed in to, in a browser; the sign-in is kept where the AWS\n" +
    "CLI and the SDKs find it. A sign-in by 'aws login' is the AWS CLI's: --aws-login runs that command.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [
    profileOption,
    { name: "sso-session", value: "NAME", summary: "Sign in to that [sso-session NAME] section" },
    { name: "device", summary: "Sign in on another device, by a code" },
    { name: "browser", negated: true, summary: "Open no browser: print the page's address" },
    { name: "aws-login", summary: "Run 'aws login' for the profile, which stsaval goes on from" },
    ...codeOptions,
    {
      name: "lifetime",
      value: "DURATION",
      summary: `The lifetime of the session token: hours, or 90m; 15m to 36h (${defaultLifetime})`,
    },
    ...cacheOptions.filter(({ name }) => name !== "cache"),
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval login dev", summary: "for twelve hours" },
    {
      line: "stsaval login dev --lifetime 36h --share-aws-cache",
      summary: "for the AWS CLI's own profiles too",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "sign-in", "aws-login", "kept-answers"],
  run: runLogin,
};

async function runLogin(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const session = given.text("sso-session");
  if (session !== undefined) {
    return await signInToSso(
      invocation,
      ssoLoginOfSession(await knownConfig(invocation), session),
    );
  }
  const name = await wantedProfile(invocation);
  const config = await knownConfig(invocation);
  if (given.flag("aws-login")) return await signInByAwsLogin(invocation, config, name);
  const sso = ssoLoginOf(config, name);
  if (sso !== undefined) return await signInToSso(invocation, sso);
  const fetched = fetchedBase(config, name);
  if (fetched !== undefined) return reportNoLogin(invocation, name, fetched);
  const keepers = askedOnce(cacheKeysOf(invocation));
  const wish = sealWishOf(invocation, config, name);
  const { cache, folder } = await writableCache(invocation, keepers, wish);
  // The first sealing comes when the plan has been checked, and before the code.
  const code = checkedFirst(mfaCodeOption(invocation), async () => {
    if (wish === true && !await cache.isSealed()) throw cannotSeal(folder);
  });
  const core = await openCore(invocation, { cache: "disk", cacheKeys: keepers });
  await using _core = core;
  const set = await core.generateCredentials([name], {
    lifetime: given.text("lifetime") ?? defaultLifetime,
    keepFresh: false,
    mfaCode: code,
    renew: true,
    signal,
  });
  const [status] = set.status();
  if (status === undefined) throw new StsavalError("FAILED", `Cannot log in to "${name}"`);
  await checkCached(invocation, folder, status);
  const { renewAnswers } = await import("../answers/renew.ts");
  await renewAnswers(invocation);
  const until = status.renewableUntil ?? status.expires;
  const left = formatDuration((until.getTime() - system.clock.now()) / 1_000);
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ profile: name, until })}\n`
      : `"${name}" needs no code until ${until.toISOString()} (${left})\n`,
  );
  return 0;
}

/** The source of a profile that no login serves: it needs no person, and each program fetches it again. */
function fetchedBase(config: Config, name: string): SourceStep | undefined {
  const { base, roles } = resolveChain(config, name);
  if (isKeysStep(base) || isLongTerm(base) || roles.length > 0) return undefined;
  const { mayAsk, sharesOnDisk } = sourceOf(base);
  return mayAsk || sharesOnDisk ? undefined : base;
}

function reportNoLogin(
  { arguments: given, system: { terminal } }: Invocation,
  profile: string,
  { source, reason }: SourceStep,
): number {
  terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ profile, until: null })}\n`
      : `"${profile}" needs no login: ${source} gives its credentials whenever they are needed (${reason})\n`,
  );
  return 0;
}

/** Whether the login seals the cache from now on, as its plan will have it. */
function sealWishOf(
  { arguments: given }: Invocation,
  config: Config,
  name: string,
): boolean | undefined {
  const { baseProfile, roles } = resolveChain(config, name);
  const profiles = [baseProfile, ...roles.map(({ profile }) => profile)];
  const asked = definedFields({ sealCache: coreSettings(given).sealCache });
  const sealCache = wantsSealedCache(name, profiles, asked);
  return sealWish([definedFields({ sealCache })], config);
}

/** A code is used up only if its session can be cached, and sealed where the cache is and stays so. */
async function writableCache(
  { logger, system }: Invocation,
  keepers: CacheKeyKeepers,
  wish: boolean | undefined,
): Promise<{ readonly cache: SessionCache; readonly folder: string }> {
  const { clock, env, files, random } = system;
  const folder = cacheFolder(env);
  const sealing = { keepers, random };
  const cache = createSessionCache({ clock, env, files, logger, sealing });
  if (folder === undefined || cache === undefined) {
    throw new UsageError("Cannot log in: there is no folder to cache credentials in", {
      hint: "set HOME or STSAVAL_CACHE_DIR",
    });
  }
  const problem = await cache.keepProblem();
  if (problem !== undefined) throw cannotCacheIn(folder, problem);
  if (wish !== false && !await cache.ensureKey()) throw cannotCacheIn(folder);
  return { cache, folder };
}

function cannotCacheIn(folder: string, problem: FolderProblem = { hint: undefined }): StsavalError {
  return cannotCache(`credentials in "${folder}"`, problem);
}

function cannotSeal(folder: string): StsavalError {
  return new StsavalError("FAILED", `Cannot seal the cache "${folder}": see the warnings above`, {
    hint:
      `to keep credentials in the clear, leave out --seal-cache, or set ${settingNames.sealCache} = false`,
  });
}

function cannotCache(what: string, { hint }: { readonly hint?: string | undefined }): StsavalError {
  const elsewhere = "set STSAVAL_CACHE_DIR to another folder";
  return new StsavalError("FAILED", `Cannot cache ${what}: see the warnings above`, {
    hint: hint === undefined ? elsewhere : `${hint}; or ${elsewhere}`,
  });
}

/** The folder may have changed meanwhile: only a warning for the cache, but an error for a login. */
async function checkCached(
  { system: { clock, env, files } }: Invocation,
  folder: string,
  { profile, expires }: CredentialStatus,
): Promise<void> {
  const cached = await createSessionCache({ clock, env, files, logger: silentLogger })?.list() ??
    [];
  const isOurs = (entry: CacheListing) =>
    entry.profile === profile && entry.credentials.Expiration.getTime() === expires.getTime();
  if (cached.some(isOurs)) return;
  throw cannotCache(`the credentials of profile "${profile}" in "${folder}"`, {
    hint: "try again",
  });
}
