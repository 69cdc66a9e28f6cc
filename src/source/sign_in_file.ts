/**
 * The files in which the AWS CLI keeps sign-ins: read as what another program wrote, and changed under a lock.
 *
 * @module
 */

import { acquireLock } from "../cache/lock.ts";
import { SourceError, StsavalError } from "../errors.ts";
import { parseObject } from "./json_fields.ts";
import type { SourceContext } from "./source.ts";

/** A file of a few kilobytes is written within this. */
const longestReads = 5;
const rereadMs = 20;

/**
 * The file's text; undefined where there is none. Some programs write it in place: what is half there is read again.
 *
 * @throws {SourceError} where it cannot be read
 */
export async function readSignInFile(
  path: string,
  source: string,
  context: Pick<SourceContext, "system"> & Partial<Pick<SourceContext, "signal">>,
): Promise<string | undefined> {
  const { signal, system: { clock } } = context;
  for (let reads = 1;; reads++) {
    const text = await readOnce(path, source, context);
    if (text === undefined || parseObject(text) !== undefined || reads === longestReads) {
      return text;
    }
    await clock.sleep(rereadMs, signal === undefined ? {} : { signal });
  }
}

async function readOnce(
  path: string,
  source: string,
  { system: { files } }: Pick<SourceContext, "system">,
): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SourceError("SOURCE_REFUSED", source, `Cannot read "${path}": ${why}`);
  }
}

/** The lock under which the file is changed; it is held while a service is called, never while a person is asked. */
export async function lockSignIn(
  path: string,
  { profile }: { readonly profile: string },
  { system, signal, lockTimeoutMs, onWait, waits, logger }: SourceContext,
): Promise<Disposable | undefined> {
  try {
    return await acquireLock(system, `${path}.lock`, {
      purpose: "refreshes the sign-in",
      goal: `refresh the sign-in of profile "${profile}"`,
      timeoutMs: lockTimeoutMs,
      signal,
      onWait,
      waits,
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof Error) || error instanceof StsavalError) throw error;
    logger.warn(
      `lock: "${path}" cannot be locked, other processes may refresh it too: ${error.message}`,
    );
    return undefined;
  }
}

/** The digest of a text's UTF-8, in lower-case hexadecimal: what the AWS CLI names its files by. */
export async function hexDigest(algorithm: "SHA-1" | "SHA-256", text: string): Promise<string> {
  const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Who has waited for longer had another process before it, which has waited for what other programs write. */
const longestFreeLockMs = 500;

/** The lock, and whether whoever has it now is the first to have waited for it. */
export async function lockForRefresh(
  path: string,
  request: { readonly profile: string },
  context: SourceContext,
): Promise<Disposable & { readonly isFirst: boolean }> {
  const { clock } = context.system;
  const asked = clock.now();
  const lock = await lockSignIn(path, request, context);
  const isFirst = clock.now() - asked < longestFreeLockMs;
  return { isFirst, [Symbol.dispose]: () => lock?.[Symbol.dispose]() };
}

/** How long another program may take to write what it got for a refresh token, on a machine that is busy. */
const othersWriteMs = 3_000;
const pauseMs = 50;

/**
 * Reads again until there is something newer, for some seconds: the refresh token was refused, so a program that takes no
 * lock may have used it first, and be about to write what it got.
 */
export async function readUntilNewer<T>(
  read: () => Promise<T | undefined>,
  { system: { clock }, signal }: Pick<SourceContext, "system" | "signal">,
): Promise<T | undefined> {
  const end = clock.now() + othersWriteMs;
  for (;;) {
    const found = await read();
    if (found !== undefined || clock.now() >= end) return found;
    await clock.sleep(pauseMs, { signal });
  }
}

/** A response that is on its way when the program is interrupted is waited for: it holds the only refresh token. */
const graceMs = 2_000;

/** A signal that aborts a moment after that of the context. */
export function patientSignal(
  { signal, system: { clock } }: Pick<SourceContext, "signal" | "system">,
): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController();
  const done = new AbortController();
  const begin = () => {
    clock.sleep(graceMs, { signal: done.signal })
      .then(() => late.abort(signal.reason)).catch(() => {});
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true, signal: done.signal });
  return { signal: late.signal, [Symbol.dispose]: () => done.abort() };
}
