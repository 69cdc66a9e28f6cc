/**
 * What a need is: a row of the table, and what its permissions depend on.
 *
 * @module
 */

import type { SourceStep } from "../../plan.ts";
import type { Source } from "../../source/source.ts";
import type { CommandLine, Environment, Files } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

/** What the permissions of a need depend on. */
export interface NeedContext {
  readonly arguments: ParsedArguments;
  readonly env: Environment;
  readonly files: Pick<Files, "target" | "list">;
  /** The programs for MFA codes of these profiles. */
  readonly mfaPrograms: readonly string[];
  /** The lines of these programs, that of `--mfa-command` in place of the others; undefined before any file was read. */
  readonly mfaLines?: readonly CommandLine[] | undefined;
  /** The files of certificates of these profiles; undefined before the configuration was read. */
  readonly caBundles?: readonly string[] | undefined;
  /** The files of the policies of these profiles, and of those that are typed. */
  readonly policyFiles: readonly string[];
  /** Whether any of their roles is shared with the AWS CLI. */
  readonly sharesAwsCache: boolean;
  /** The steps of the plans that fetch base credentials. */
  readonly sourceSteps: readonly SourceStep[];
  /** What keeps the key of the sealed cache; empty for one that is to be sealed; undefined for one in the clear. */
  readonly cacheKeeper?: string | undefined;
  /** The kept seeds that make codes, and what opens them. */
  readonly keptSeeds?: readonly KeptSeedFile[] | undefined;
  /** The kinds of sign-ins that are meant without a plan: all of their files are open. */
  readonly sources: ReadonlySet<Source>;
  /** The programs that their plans run. */
  readonly programs: readonly CommandLine[];
}

/** A kept seed. */
export interface KeptSeedFile {
  readonly profile: string;
  /** As `--opener` has it; undefined where there is no seed that can be read. */
  readonly opener: string | undefined;
}

/** One need: its text in help, and its permissions for one command line. */
export interface NeedRow {
  /** For help, such as "read ~/.aws". */
  readonly summary: string;
  /** The environment variables that it reads. */
  readonly environment?: readonly string[];
  /** Those that it reads besides when it is run from source. */
  readonly sourceEnvironment?: readonly string[];
  /** True if it calls STS. */
  readonly sts?: boolean;
  /** Names of hosts that it calls beside STS's, in what is granted for AWS: no other command may call them. */
  readonly hostNames?: readonly string[];
  /** Suffixes of the host names that it calls beside STS's and those of sign-ins. */
  readonly hosts?: readonly string[];
  /** False where the command line wants nothing of it. Without it, every command line does. */
  applies?(given: ParsedArguments): boolean;
  /** True if it reads what profiles name, although it calls nothing. */
  readonly readsNamed?: boolean;
  /** True if the user may be prompted, if need be on the controlling terminal. */
  readonly prompts?: boolean;
  /** True if it opens pages in the user's browser. */
  opensPages?(context: NeedContext): boolean;
  /** The addresses that it listens on, as in Deno's permissions: port 0 is any free one, and none to call. */
  listen?(given: ParsedArguments): readonly string[];
  /** Files that are read; they need not exist. */
  read?(context: NeedContext): readonly string[];
  /** Files of which only the metadata is read. */
  inspect?(context: NeedContext): readonly string[];
  /** Files that are read and atomically replaced. */
  replace?(context: NeedContext): readonly string[] | Promise<readonly string[]>;
  /** Folders in which everything may be read and written. */
  folders?(context: NeedContext): readonly string[];
  /** What a broker runs, if it can be started: then the permission to run it is dropped. */
  brokered?(context: NeedContext): readonly CommandLine[];
  /** Programs that are run. */
  run?(context: NeedContext): readonly string[];
}
