/**
 * A kind of base credentials as one record: how a profile is seen to name it, what it needs, and how it is fetched.
 *
 * @module
 */

import type { BaseKind } from "../config/base_kind.ts";
import { reasonOf } from "../config/plan/problem.ts";
import type { Profile, ProfileField } from "../config/profile.ts";
import type { AccessKeys } from "../credentials.ts";
import type { Logger } from "../logger.ts";
import type { AwsCliSsoRole, SourceStep } from "../plan.ts";
import type { WaitPort } from "../progress.ts";
import type { AskPassphrase } from "../store/passphrase_port.ts";
import type { Sts } from "../sts/sts.ts";
import type { CommandLine, Environment, ModuleSystem, System } from "../system.ts";

/** What a source works with. */
export interface SourceContext {
  readonly system: ModuleSystem;
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Ends the fetch at once. */
  readonly signal: AbortSignal;
  /** How long to wait for the response to a call, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** How long to wait for another process that fetches the same, in milliseconds. */
  readonly lockTimeoutMs?: number | undefined;
  /** Called with the process that is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Where waits are noted. */
  readonly waits?: WaitPort | undefined;
  /** Asks for the passphrase of sealed keys. */
  readonly passphrase?: AskPassphrase | undefined;
}

/** Base credentials that were fetched. */
export interface SourceCredentials {
  readonly keys: AccessKeys;
  /** When they end; undefined for keys that do not. */
  readonly expiration: Date | undefined;
  /** When they were issued, where that was not when they were fetched. */
  readonly issued?: Date;
}

/** A kind of source. */
export interface Source extends BaseKind {
  /** Whether a profile names this kind, be its settings complete or not. */
  isNamedBy(profile: Profile): boolean;
  /** The URLs that are called for a step; only their hosts count. */
  urls?(step: SourceStep): readonly string[];
  /** Files that are read and replaced for a step, such as the token of a sign-in; each has a lock beside it. */
  tokenFiles?(step: SourceStep, env: Environment): Promise<readonly string[]>;
  /** The folders of these files, for a sign-in that is meant without a step: "~/.aws/sso/cache". */
  folders?(env: Environment): readonly string[];
  /** The programs that are run for a step. A narrowed program can start these and no others. */
  programs?(step: SourceStep, env: Environment): readonly CommandLine[];
  /** Files that are read for a step, beside those of the configuration; a folder stands for everything in it. */
  files?(step: SourceStep, env: Environment): readonly string[];
  /**
   * What identifies the one whose credentials are fetched where the step's settings do not: it is part of what caches on
   * disk are keyed with. Undefined if it cannot be told.
   */
  identify?(
    step: SourceStep,
    context: { readonly system: Pick<System, "env" | "files"> },
  ): Promise<string | undefined>;
  /** True where a person may have to act, in a browser or at a prompt, before it can be fetched. */
  readonly mayAsk?: boolean;
  /** Whether a person may have to be asked at the prompt before the step can be fetched. */
  mayPrompt?(step: SourceStep): boolean;
  /** True where what was fetched is kept in stsaval's cache, for other processes. */
  readonly sharesOnDisk?: boolean;
  /**
   * Fetches the credentials.
   *
   * @throws {SignInNeededError} where a person has to sign in first
   * @throws {SourceError} where they cannot be had
   */
  fetch(
    step: SourceStep,
    context: SourceContext & { readonly sts: Sts },
  ): Promise<SourceCredentials>;
}

/** What names the credentials of a step. */
export interface StepParts {
  readonly source: string;
  readonly profile: Profile;
  /** The setting that names the source. */
  readonly field: ProfileField;
  readonly detail: string;
  /** Those that are undefined are left out. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly onlyNamed?: boolean;
  readonly isLongTerm?: boolean;
  readonly awsCli?: AwsCliSsoRole;
  readonly notices?: readonly string[];
}

/** The step of a source that variables of the environment name. */
export function environmentStep(
  { settings, ...rest }: Pick<SourceStep, "source" | "detail" | "reason"> & {
    readonly settings: StepParts["settings"];
    readonly onlyNamed?: boolean;
    readonly notices?: readonly string[];
  },
): SourceStep {
  return { kind: "source", profile: "", ...rest, settings: definedSettings(settings) };
}

function definedSettings(settings: StepParts["settings"]): Readonly<Record<string, string>> {
  const defined = Object.entries(settings).filter((entry): entry is [string, string] =>
    entry[1] !== undefined
  );
  return Object.fromEntries(defined);
}

/** The step of a profile that names a source. */
export function createStep({ profile, field, settings, ...rest }: StepParts): SourceStep {
  return {
    kind: "source",
    ...rest,
    profile: profile.name,
    settings: definedSettings(settings),
    reason: reasonOf(profile, field),
    place: profile.places[field] ?? profile.place,
  };
}
