/**
 * What this program was made of. `scripts/compile.ts` writes it into a copy of this file; from source it is not known.
 *
 * @module
 */

/** Of what, and for where, a program was compiled. */
export interface BuildFacts {
  /** The commit, with `+` behind it where files had been changed since. */
  readonly commit: string;
  /** The version of Deno in it. */
  readonly deno: string;
  /** The SHA-256 digest of `deno.lock`, which names every package by its own digest. */
  readonly lock: string;
  /** The hosts that it may call beside those of STS and this machine. */
  readonly hosts: readonly string[];
  /** The programs that it may run; undefined where it may run any. */
  readonly programs?: readonly string[] | undefined;
}

/** Undefined where it is run from source. */
export const build: BuildFacts | undefined = undefined;
