/**
 * Maps the command line to a `StsCore`: its options, the profile that it names, the files that it has read.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { StsCoreOptions } from "../session/core_options.ts";
import type { Files, System } from "../system.ts";
import { narrowingSettings } from "./narrowing_settings.ts";
import type { ParsedArguments } from "./parse/arguments.ts";

/**
 * The settings for these options.
 *
 * @throws {UsageError} if one of them is not a number, or a tag has no value
 */
export function coreSettings(given: ParsedArguments): StsCoreOptions {
  return {
    configFile: given.text("config-file"),
    credentialsFile: given.text("credentials-file"),
    region: given.text("region"),
    endpointUrl: given.text("endpoint-url"),
    allowHttp: given.flag("allow-http"),
    githubOidc: githubOidc(given),
    mfaSerial: given.text("mfa-serial"),
    timeoutMs: milliseconds(given.wholeNumber("timeout")),
    maxAttempts: given.wholeNumber("max-attempts"),
    concurrency: given.wholeNumber("concurrency"),
    cache: given.flag("cache") ? "disk" : "memory",
    shareAwsCache: sharesAwsCache(given),
    sealCache: sealsCache(given),
    lockTimeoutMs: milliseconds(given.wholeNumber("lock-timeout")),
    ...narrowingSettings(given),
  };
}

/**
 * Whether roles are shared with the AWS CLI; undefined leaves it to the profiles. `--no-cache` turns off every cache on
 * disk, the AWS CLI's included.
 */
export function sharesAwsCache(given: ParsedArguments): boolean | undefined {
  if (given.isNegated("cache")) return false;
  return given.flag("share-aws-cache") ? true : undefined;
}

/**
 * Whether the cache is sealed; undefined leaves it to the profiles.
 *
 * @throws {UsageError} when nothing is cached, or the AWS CLI would have a copy in the clear
 */
function sealsCache(given: ParsedArguments): boolean | undefined {
  if (!given.flag("seal-cache")) return undefined;
  const [other, why] = given.isNegated("cache")
    ? ["no-cache", "nothing is cached"]
    : ["share-aws-cache", "the AWS CLI reads no sealed file"];
  if (other === "share-aws-cache" && !given.flag(other)) return true;
  throw new UsageError(`Cannot use --seal-cache with --${other}: ${why}`, {
    hint: "leave out one of them",
  });
}

/** @throws {UsageError} when an audience is given without --github-oidc */
function githubOidc(given: ParsedArguments): StsCoreOptions["githubOidc"] {
  const audience = given.text("github-audience");
  if (given.flag("github-oidc")) return audience === undefined ? true : { audience };
  if (audience === undefined) return false;
  throw new UsageError(
    "Cannot use --github-audience without --github-oidc: no token is asked for",
    {
      hint: "add --github-oidc",
    },
  );
}

/** Where a profile's name comes from. */
export interface ProfileContext {
  readonly arguments: ParsedArguments;
  readonly system: Pick<System, "env">;
}

/** The words that name profiles, as typed: the operands, then the values of `--profile` and `--profiles`. */
export function typedNames(given: ParsedArguments): readonly string[] {
  return [...given.operands, ...given.list("profile"), ...given.list("profiles")];
}

/** The only profile that was typed, else that of the environment; undefined if several were typed. */
export function namedProfile({ arguments: given, system }: ProfileContext): string | undefined {
  const [name, extra] = typedNames(given);
  if (extra !== undefined) return undefined;
  return name ?? system.env.get("AWS_PROFILE") ?? system.env.get("AWS_DEFAULT_PROFILE");
}

/** In characters. */
const longText = 65_536;

/**
 * The same files, with reads memoized in `texts`, of the paths `only` or of every file: a pipe, such as a shell makes for
 * `<(…)`, is empty on the second read. With `forgetLong`, a long text of a plain file is not kept for as long as the command
 * runs, but read again: only for who does not rely on the same text.
 */
export function memoizeReads(
  files: Files,
  { only, texts = new Map(), forgetLong = false }: {
    readonly only?: ReadonlySet<string>;
    readonly texts?: Map<string, Promise<string | undefined>>;
    readonly forgetLong?: boolean;
  } = {},
): Files {
  const readText = (path: string) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const text = files.readText(path);
    if (only?.has(path) ?? true) remember(path, text);
    return text;
  };
  const remember = (path: string, text: Promise<string | undefined>) => {
    texts.set(path, text);
    if (!forgetLong) return;
    const isWorthIt = async () =>
      ((await text)?.length ?? 0) <= longText || ((await files.facts(path))?.special ?? true);
    isWorthIt().then((isKept) => {
      if (!isKept && texts.get(path) === text) texts.delete(path);
    }, () => {});
  };
  const { readBytes, lockNew } = files;
  return {
    readText,
    ...(readBytes && { readBytes: (path: string) => readBytes.call(files, path) }),
    replaceText: (...words) => files.replaceText(...words),
    remove: (path) => files.remove(path),
    facts: (path) => files.facts(path),
    target: (path) => files.target(path),
    list: (folder) => files.list(folder),
    lock: (...words) => files.lock(...words),
    ...(lockNew &&
      { lockNew: (...words: Parameters<typeof lockNew>) => lockNew.call(files, ...words) }),
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
