/**
 * One description of a release, for every channel: what it is, where its files are, and their digests.
 *
 * @module
 */

import { version } from "../../src/version.ts";
import { programName, type Target, targets } from "../compile/targets.ts";

/** What the channels say of the program. */
export const product = {
  name: "stsaval",
  summary: "One MFA code, the credentials of all your AWS roles",
  owner: "x",
  homepage: "https://github.com/x/stsaval",
  license: "MIT",
} as const;

/** A program of a release. */
export interface ReleasedProgram {
  readonly target: Target;
  /** The name of its file. */
  readonly name: string;
  readonly url: string;
  /** Its SHA-256 digest in hexadecimal. */
  readonly sha256: string;
}

/** A release. */
export interface Release {
  readonly version: string;
  /** One for each target, in the order of the table of targets. */
  readonly programs: readonly ReleasedProgram[];
}

/**
 * The release whose `SHA256SUMS` this is.
 *
 * @throws {Error} where a target has no sum: a channel would offer a program that nobody made
 */
export function describeRelease(sums: string, released: string = version): Release {
  const digests = new Map(
    [...sums.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, digest, name]) => [name, digest]),
  );
  const programs = targets.map((target) => {
    const name = programName(target);
    const sha256 = digests.get(name);
    if (sha256 === undefined) {
      throw new Error(`Cannot describe the release: SHA256SUMS has no line for "${name}"`);
    }
    return {
      target,
      name,
      url: `${product.homepage}/releases/download/v${released}/${name}`,
      sha256,
    };
  });
  return { version: released, programs };
}

/**
 * The program for a target.
 *
 * @throws {Error} where the release has none
 */
export function programFor({ programs }: Release, target: Target): ReleasedProgram {
  const found = programs.find((program) => program.target === target);
  if (found === undefined) throw new Error(`Cannot find the program for "${target}"`);
  return found;
}
