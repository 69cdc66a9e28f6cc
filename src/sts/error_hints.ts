/**
 * What may help when a call fails: one row a kind of failure.
 *
 * @module
 */

import { type AccessKeys, keyTail } from "../credentials.ts";
import { formatClockError, isClockWrong } from "./clock_offsets.ts";
import { invalidCode } from "./code_refusal.ts";
import type { FailedCall } from "./failed_call.ts";
import { type HintRow, sessionRows } from "./session_hints.ts";
import { type Failure, isClockSuspect } from "./failure.ts";

/** The last characters of the access key id; empty for a call that is not signed. */
export function tailOf(keys: AccessKeys | undefined): string {
  return keys === undefined ? "" : keyTail(keys.accessKeyId);
}

/** AWS takes the code of the step before, and of the one after. */
const codeToleranceMs = 30_000;

/** About the token of an identity provider, and who may use it for a role. */
const webIdentityRows: readonly HintRow[] = [
  {
    code: /^AccessDenied/,
    operation: "AssumeRoleWithWebIdentity",
    hint: (call) =>
      "the role's trust policy must allow sts:AssumeRoleWithWebIdentity for the token's issuer, audience and " +
      `subject${seeExplain(call)}`,
  },
  {
    code: /^ExpiredToken/,
    operation: "AssumeRoleWithWebIdentity",
    hint: () => "the web identity token has expired: whoever writes it must write a new one",
  },
  {
    code: /^InvalidIdentityToken$/,
    hint: () =>
      "the account of the role needs an IAM OIDC provider with the token's issuer as its URL and the token's audience " +
      "among its client ids, see 'aws iam list-open-id-connect-providers'",
  },
  {
    code: /^IDPRejectedClaim$/,
    hint: () =>
      "the identity provider says that the token was revoked or has expired: get a new one",
  },
  {
    code: /^ValidationError$/,
    text: /durationSeconds/i,
    operation: "AssumeRoleWithWebIdentity",
    hint: () =>
      "a role lasts 15 minutes to 12 hours, and no longer than its maximum session duration",
  },
];

/** Hints by STS's error code; the first matching row applies. */
const hintRows: readonly HintRow[] = [
  ...sessionRows,
  {
    ...invalidCode,
    hint: ({ failure: { clockOffset = 0 } }) =>
      Math.abs(clockOffset) < codeToleranceMs
        ? "wait for the next code on your device, then try again"
        : "wait for the next code on your device, then try again; codes that this machine makes are wrong, since " +
          `its clock is ${formatClockError(clockOffset)}`,
  },
  {
    code: /^AccessDenied/,
    text: /MultiFactorAuthentication|\bMFA\b/,
    hint: ({ subject, keys }) =>
      `MFA device "${subject.mfa?.serial ?? ""}" must belong to the user of access key "${
        tailOf(keys)
      }", see 'aws iam list-mfa-devices'`,
  },
  {
    code: /^AccessDenied/,
    operation: "AssumeRole",
    hint: (call) =>
      `the role's trust policy must allow the caller, and the caller's own policy sts:AssumeRole${
        seeExplain(call)
      }`,
  },
  {
    code: /^AccessDenied/,
    operation: "GetSessionToken",
    hint: () => "session tokens are issued only for the long-term keys of an IAM user",
  },
  ...webIdentityRows,
  {
    code: /^ExpiredToken/,
    hint: () => "the temporary keys that signed the call have expired: renew them, then try again",
  },
  {
    code: /^(InvalidClientTokenId|UnrecognizedClientException)$/,
    hint: ({ keys, endpoint }) =>
      `access key "${
        tailOf(keys)
      }" was deleted or deactivated, lacks its session token, or does not belong to partition "${endpoint.partition}" (region "${endpoint.signingRegion}")`,
  },
  {
    code: /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/,
    hint: ({ keys }) => `the secret access key does not belong to access key "${tailOf(keys)}"`,
  },
  {
    code: /^(RequestExpired|RequestInTheFuture|RequestTimeTooSkewed)$/,
    hint: () => "correct this machine's clock",
  },
  {
    code: /^RegionDisabledException$/,
    hint: ({ endpoint }) =>
      `an administrator can activate STS in region "${endpoint.signingRegion}" in the IAM console; or use another region with --region`,
  },
  {
    code: /^ValidationError$/,
    text: /role chaining/i,
    hint: () =>
      "a role that is assumed with a session token or from another role lasts at most 1h: request 3600 seconds or less",
  },
  {
    code: /^ValidationError$/,
    text: /MaxSessionDuration/,
    hint: () =>
      "request a shorter duration, or raise the role's maximum session duration (1 to 12 hours)",
  },
  {
    code: /^ValidationError$/,
    text: /durationSeconds/i,
    hint: () => "a session token lasts 15 minutes to 36 hours, a role 15 minutes to 12 hours",
  },
  {
    code: /^ValidationError$/,
    operation: "AssumeRole",
    hint: (call) => `check the settings of the profile${seeExplain(call)}`,
  },
];

/** Hints for failures other than a rejection by STS. */
const otherHints = {
  throttled: () => "wait a minute, then try again with fewer profiles at once",
  failing: ({ failure }: FailedCall) =>
    failure.code === "IDPCommunicationError"
      ? "AWS reads the keys of the identity provider over the internet: check that its " +
        "/.well-known/openid-configuration can be read there, then try again"
      : "wait a minute, then try again; https://health.aws.amazon.com shows AWS's own state",
  foreign: () => "check the endpoint, and the proxy if there is one",
  timeout: () => "check the network, and HTTPS_PROXY if there is a proxy",
  permission: ({ failure }: FailedCall) => permissionHint(failure.text),
  unreachable: ({ failure }: FailedCall) => unreachableHint(failure.code),
} as const satisfies Partial<Record<Failure["kind"], (call: FailedCall) => string>>;

/** What may help. */
export function hintFor(call: FailedCall): string | undefined {
  const { failure, subject } = call;
  if (failure.kind !== "refused") return otherHints[failure.kind](call);
  if (isClockSuspect(failure) && isClockWrong(failure.clockOffset)) {
    return `correct this machine's clock: it is ${formatClockError(failure.clockOffset)}`;
  }
  return hintRows.find(({ code, text, operation }) =>
    code.test(failure.code) && (text?.test(failure.text) ?? true) &&
    (operation === undefined || operation === subject.operation)
  )?.hint(call);
}

function unreachableHint(code: string): string {
  if (code === "certificate") {
    return "if a proxy signs TLS here, set AWS_CA_BUNDLE to the file with its certificate";
  }
  if (code === "dns") return "check the network, the region and the endpoint";
  return "check the network, and HTTPS_PROXY if there is a proxy";
}

/** From Deno's message: `Requires net access to "sts.amazonaws.com:443"`. */
function permissionHint(text: string): string {
  const [, kind = "net", name = ""] = /(\w+) access to "([^"]*)"/.exec(text) ?? [];
  return `run with --allow-${kind}${name === "" ? "" : `=${name}`}`;
}

function seeExplain({ subject: { profile } }: FailedCall): string {
  if (profile === undefined) return "";
  return `, see 'stsaval explain ${/\s/.test(profile) ? `"${profile}"` : profile}'`;
}
