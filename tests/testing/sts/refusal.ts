/**
 * Checks that the emulator says no, and how.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { EmulatorError } from "../../../src/testing/mod.ts";

/** What an emulator says when it says no. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** The call rejects with this code, this status and exactly this text. */
export async function assertRefused(
  call: () => Promise<unknown>,
  wanted: Refusal,
): Promise<void> {
  const { code, status, message } = await assertRejects(call, EmulatorError);
  assertEquals({ code, status, message }, wanted);
}

export const codeRefused = {
  code: "AccessDenied",
  status: 403,
  message: "MultiFactorAuthentication failed with invalid MFA one time pass code.",
};

export const expired = {
  code: "ExpiredToken",
  status: 403,
  message: "The security token included in the request is expired",
};

export const unknownKey = {
  code: "InvalidClientTokenId",
  status: 403,
  message: "The security token included in the request is invalid.",
};

/** AccessDenied for a role. */
export function notAuthorized(caller: string, role: string): Refusal {
  const message =
    `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
  return { code: "AccessDenied", status: 403, message };
}

/** A ValidationError with this text. */
export function invalid(message: string): Refusal {
  return { code: "ValidationError", status: 400, message };
}
