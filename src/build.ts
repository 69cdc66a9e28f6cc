/**
 * What this program was built from. `scripts/compile.ts` writes it into a copy of this file; unset from source.
 *
 * @module
 */

/** What a program was compiled from, and what it may reach. */
export interface BuildFacts {
  /** The commit, followed by `+` if the working tree was dirty. */
  readonly commit: string;
  /** The version of Deno that it embeds. */
  readonly deno: string;
  /** The SHA-256 digest of `deno.lock`, which pins every package by its own digest. */
  readonly lock: string;
  /** The hosts that it may call besides those of STS and this machine. */
  readonly hosts: readonly string[];
  /** The programs that it may run; undefined where it may run any. */
  readonly programs?: readonly string[] | undefined;
}

/** Undefined when run from source. */
export const build: BuildFacts | undefined = undefined;
