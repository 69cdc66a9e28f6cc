/**
 * A refusal of STS, or a call that did not reach it, remembered for a minute for the processes that waited for the same
 * call: they do not repeat what was refused, and need not wait for one another where STS is down.
 *
 * @module
 */

import { StsError, StsUnreachableError } from "../errors.ts";
import { asRecord, type CacheOwner, cacheVersion, parseRecord } from "./entry.ts";
import { sha256 } from "./key.ts";

/** What STS refused, and when. */
export interface Refusal {
  /** Milliseconds since 1970, by the machine's clock. */
  readonly time: number;
  /** The digest of the MFA device and the code that were sent. */
  readonly codeHash?: string | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly operation: string;
  readonly awsCode?: string | undefined;
  readonly requestId?: string | undefined;
  /** Whose request it was. */
  readonly owner?: CacheOwner | undefined;
  /** True if STS was not reached, so that it refused nothing. */
  readonly unreachable?: boolean | undefined;
}

/** A refusal is remembered for two TOTP steps (60 s); after that another attempt makes sense. */
const validMs = 60_000;

/** The digest that identifies a code. A code is worthless once AWS has seen it. */
export function hashCode(serial: string, code: string): Promise<string> {
  return sha256(JSON.stringify([serial, code]));
}

/** The part of an error that is stored. */
export function createRefusal(
  error: StsError | StsUnreachableError,
  time: number,
  codeHash: string | undefined,
  owner?: CacheOwner,
): Refusal {
  const { message, hint, operation, awsCode, requestId } = error;
  const answer = { time, codeHash, message, hint, operation, awsCode, requestId };
  const facts = owner === undefined ? answer : { ...answer, owner };
  return error instanceof StsUnreachableError ? { ...facts, unreachable: true } : facts;
}

/** The error as the process that called STS saw it. */
export function refusalError({ message, ...details }: Refusal): StsError {
  return new StsError(message, details);
}

/** True for a waiter that started before the refusal, so that it is the result of its own call as well. */
export function appliesToWaiter(refusal: Refusal, began: number, now: number): boolean {
  return began < refusal.time && isRecent(refusal, now);
}

/** True for a process that is about to send the code that was refused. */
export function appliesToCode(refusal: Refusal, codeHash: string, now: number): boolean {
  return !refusal.unreachable && refusal.codeHash === codeHash && isRecent(refusal, now);
}

function isRecent({ time }: Refusal, now: number): boolean {
  return Math.abs(now - time) <= validMs;
}

/** The text of a refusal's file. */
export function formatRefusal(refusal: Refusal): string {
  return `${JSON.stringify({ version: cacheVersion, ...refusal })}\n`;
}

/** The refusal, or undefined if there is no text, or it is not one. */
export function parseRefusal(text: string | undefined): Refusal | undefined {
  const found = parseRecord(text);
  const { version, time, message, operation } = found ?? {};
  // Those of the first releases name no version.
  if (version !== undefined && version !== cacheVersion) return undefined;
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
    ...ownerOf(found?.owner),
    ...(found?.unreachable === true ? { unreachable: true } : {}),
  };
}

function ownerOf(value: unknown): { readonly owner?: CacheOwner } {
  const { profile, operation, roleArn } = asRecord(value) ?? {};
  if (typeof profile !== "string" || typeof operation !== "string") return {};
  return {
    owner: { profile, operation, roleArn: typeof roleArn === "string" ? roleArn : undefined },
  };
}
