/**
 * Codes of a kept seed, none of them twice: AWS accepts a code once, so the step of each is noted before it is used, for
 * all processes.
 *
 * @module
 */

import { MfaError } from "../../errors.ts";
import type { Clock, Files } from "../../system.ts";
import type { SealedSeed, SealedStore } from "../port.ts";
import { parseSeed } from "./read_seed.ts";
import { formatSeedNote, type NotePorts, readSeedNote, seedNotePath } from "./seed_note.ts";
import { codeOfStep, startOfStep, stepAt } from "./totp.ts";

/** The ports of kept codes. */
export interface KeptCodePorts extends NotePorts {
  readonly clock: Clock;
  readonly files: Pick<Files, "readText" | "replaceText">;
  readonly store: Pick<SealedStore, "read">;
  /** Keeps other processes away from the note; undefined on a file system without locks. */
  readonly lock: (path: string) => Promise<Disposable | undefined>;
  /** Called with the seconds, before the next step is waited for. */
  readonly onWait?: ((seconds: number) => void) | undefined;
}

/** Whose code is wanted. */
export interface WantedCode {
  /** The user profile. */
  readonly profile: string;
  /** The ARN of the device; undefined takes that of the seed. */
  readonly serial?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A code that no process has used. Where the present one was used, it waits for the next step.
 *
 * @throws {MfaError} when no seed is kept for the user, or that of another device
 * @throws {StoreError} when the seed cannot be opened
 */
export async function nextKeptCode(ports: KeptCodePorts, wanted: WantedCode): Promise<string> {
  const seed = await readKeptSeed(ports.store, wanted);
  const step = await reserveStep(ports, wanted.profile, seed);
  const waitMs = startOfStep(seed, step) - ports.clock.now();
  if (waitMs > 0) {
    ports.onWait?.(Math.ceil(waitMs / 1_000));
    await ports.clock.sleep(waitMs, { signal: wanted.signal });
  }
  return await codeOfStep(seed, step);
}

/**
 * The seed that is kept for the user.
 *
 * @throws {MfaError} when there is none, or that of another device
 */
export async function readKeptSeed(
  store: Pick<SealedStore, "read">,
  { profile, serial }: WantedCode,
): Promise<SealedSeed> {
  const content = await store.read({ kind: "mfa", profile });
  const fail = (why: string, hint: string): never => {
    throw new MfaError(`Cannot make an MFA code for profile "${profile}": ${why}`, { hint });
  };
  if (content === undefined) {
    return fail("no seed is kept for it", `keep one with 'stsaval mfa add ${profile}'`);
  }
  const again = `'stsaval mfa remove ${profile}', then 'stsaval mfa add ${profile}'`;
  const seed = parseSeed(content) ?? fail("what is kept is no seed of this version", again);
  if (serial === undefined || seed.serial === undefined || seed.serial === serial) return seed;
  return fail(`the seed of "${seed.serial}" is kept, and a code of "${serial}" is needed`, again);
}

/** The first step that no code was used of, noted as used. */
async function reserveStep(
  { clock, env, files, lock }: KeptCodePorts,
  profile: string,
  seed: SealedSeed,
): Promise<number> {
  const path = seedNotePath(env, profile);
  const now = stepAt(seed, clock.now());
  if (path === undefined) return now;
  const held = await lock(`${path}.lock`);
  using _held = held;
  const note = await readSeedNote({ env, files }, profile);
  if (note === undefined) return now;
  const next = Math.ceil((note.usedUntil ?? 0) / startOfStep(seed, 1));
  // A step that is far ahead was noted by a clock that has been set back since.
  const step = next > now + mostAhead ? now : Math.max(now, next);
  const usedUntil = startOfStep(seed, step + 1);
  await files.replaceText(path, formatSeedNote({ ...note, usedUntil }));
  return step;
}

/** As many processes may wait for a code of the same device, one after the other. */
const mostAhead = 10;
