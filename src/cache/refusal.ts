/**
 * A refusal of STS, kept for a minute, so that the processes which waited for the same answer do not ask again.
 *
 * @module
 */

import { StsError } from "../errors.ts";
import { parseRecord } from "./entry.ts";
import { sha256 } from "./key.ts";

/** What STS refused, and when. */
export interface Refusal {
  /** Milliseconds since 1970, by the machine's clock. */
  readonly time: number;
  /** The digest of the MFA device and the code that went with the call. */
  readonly codeHash?: string | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly operation: string;
  readonly awsCode?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Two codes' time: what was refused then is worth another try. */
const validMs = 60_000;

/** The digest under which a code is remembered. A code is worth nothing once AWS has seen it. */
export function hashCode(serial: string, code: string): Promise<string> {
  return sha256(JSON.stringify([serial, code]));
}

/** What is kept of an error. */
export function createRefusal(
  error: StsError,
  time: number,
  codeHash: string | undefined,
): Refusal {
  const { message, hint, operation, awsCode, requestId } = error;
  return { time, codeHash, message, hint, operation, awsCode, requestId };
}

/** The error again, as the process that called STS saw it. */
export function refusalError({ message, ...details }: Refusal): StsError {
  return new StsError(message, details);
}

/** True for whoever has waited since before the refusal, so that it is the answer to its own call as well. */
export function concernsWaiter(refusal: Refusal, began: number, now: number): boolean {
  return began < refusal.time && isRecent(refusal, now);
}

/** True for whoever is about to send the very code that was refused. */
export function concernsCode(refusal: Refusal, codeHash: string, now: number): boolean {
  return refusal.codeHash === codeHash && isRecent(refusal, now);
}

function isRecent({ time }: Refusal, now: number): boolean {
  return Math.abs(now - time) <= validMs;
}

/** The text of a refusal's file. */
export function formatRefusal(refusal: Refusal): string {
  return `${JSON.stringify(refusal)}\n`;
}

/** The refusal, or undefined where the text is none. */
export function parseRefusal(text: string): Refusal | undefined {
  const found = parseRecord(text);
  const { time, message, operation } = found ?? {};
  if (typeof time !== "number" || typeof message !== "string") return undefined;
  if (typeof operation !== "string") return undefined;
  const textOf = (name: string) => {
    const value = found?.[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    time,
    message,
    operation,
    codeHash: textOf("codeHash"),
    hint: textOf("hint"),
    awsCode: textOf("awsCode"),
    requestId: textOf("requestId"),
  };
}
