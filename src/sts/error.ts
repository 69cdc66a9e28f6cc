/**
 * Turns failed calls into readable errors: what failed, the reason that STS gave, and a hint. No secret gets into a
 * message, whatever the text of STS contains.
 *
 * @module
 */

import { type AccessKeys, keyTail } from "../credentials.ts";
import { StsError, StsUnreachableError } from "../errors.ts";
import { maskSecrets } from "../masking.ts";
import { formatClockError, isClockWrong } from "./clock_offsets.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Failure, isClockSuspect } from "./failure.ts";
import type { MfaCode } from "./sts.ts";

/** The operation, and whom it is for. */
export interface CallSubject {
  readonly operation: "GetSessionToken" | "AssumeRole" | "GetCallerIdentity";
  readonly roleArn?: string;
  /** The profile that names the role. */
  readonly profile?: string | undefined;
  readonly mfa?: MfaCode | undefined;
}

/** A call that failed for good. */
export interface FailedCall {
  readonly subject: CallSubject;
  readonly endpoint: Endpoint;
  /** The keys that signed it. */
  readonly keys: AccessKeys;
  readonly failure: Failure;
  /** The number of attempts. */
  readonly attempts: number;
}

/** The maximum length of STS text in a message. */
const longestText = 600;

/** The error of a failed call: `StsError` if STS rejected it, `StsUnreachableError` for everything else. */
export function stsErrorOf(failed: FailedCall): StsError | StsUnreachableError {
  const call = { ...failed, failure: withCleanNames(failed) };
  const { failure, subject } = call;
  const message = `${formatSubject(call)}: ${formatReason(call)}`;
  const details = {
    operation: subject.operation,
    awsCode: failure.code,
    requestId: failure.requestId,
    hint: hintFor(call),
  };
  return failure.kind === "refused"
    ? new StsError(message, details)
    : new StsUnreachableError(message, details);
}

/** The code and the request id come from the server too, which may be anything. */
function withCleanNames(call: FailedCall): Failure {
  const { failure } = call;
  const { code, requestId } = failure;
  if (requestId === undefined) return { ...failure, code: withoutSecrets(call, code) };
  return {
    ...failure,
    code: withoutSecrets(call, code),
    requestId: withoutSecrets(call, requestId),
  };
}

function formatSubject(
  { subject: { operation, roleArn, profile, mfa }, keys }: FailedCall,
): string {
  const key = keyTail(keys.accessKeyId);
  if (operation === "AssumeRole") {
    return `Cannot assume role "${roleArn}"${
      profile === undefined ? "" : ` for profile "${profile}"`
    }`;
  }
  if (operation === "GetCallerIdentity") return `Cannot get the identity of access key "${key}"`;
  const device = mfa === undefined ? "" : ` and MFA device "${mfa.serial}"`;
  return `Cannot get a session token with access key "${key}"${device}`;
}

function formatReason(call: FailedCall): string {
  const { failure, endpoint, attempts } = call;
  const host = new URL(endpoint.url).host;
  const tries = attempts > 1 ? `, tried ${attempts} times` : "";
  switch (failure.kind) {
    case "refused":
    case "throttled":
      return `${failure.code}: ${cleanText(call)}${tries}`;
    case "failing":
      return failure.code.startsWith("HTTP")
        ? `"${host}" ${failure.text}${tries}`
        : `${failure.code}: ${cleanText(call)}${tries}`;
    case "foreign":
      return `"${host}" ${failure.text}`;
    case "unreachable":
    case "timeout":
      return `"${host}" cannot be reached: ${cleanText(call)}${tries}`;
    case "permission":
      return cleanText(call);
  }
}

/**
 * The first paragraph of the failure's text as one line, with secrets masked. For a rejected signature, STS repeats the
 * whole signed request, session token included, from the second paragraph on.
 */
function cleanText(call: FailedCall): string {
  const [paragraph = ""] = call.failure.text.trim().split(/\n\s*\n|\n(?=The Canonical String)/, 1);
  const text = withoutSecrets(call, paragraph).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return text.length > longestText
    ? `${text.slice(0, longestText)}…`
    : text.replace(/\.$/, "") || "no reason given";
}

/** Everything that was sent may come back, in any encoding. */
function withoutSecrets({ keys, subject }: FailedCall, text: string): string {
  return maskSecrets(text, {
    secrets: [keys.secretAccessKey, keys.sessionToken, subject.mfa?.code],
    keyIds: [keys.accessKeyId],
    harmless: [subject.roleArn, subject.mfa?.serial],
  });
}

interface HintRow {
  readonly code: RegExp;
  /** Matched against the text that STS sent. */
  readonly text?: RegExp;
  readonly operation?: CallSubject["operation"];
  readonly hint: (call: FailedCall) => string;
}

/** What STS says of a code that is wrong, too old, or used already. */
const invalidCode = { code: /^AccessDenied/, text: /invalid MFA one.?time pass.?code/i };

/** Whether STS refused the code, so that another one of the same device may do. */
export function isCodeRefusal(error: unknown): error is StsError {
  return error instanceof StsError && invalidCode.code.test(error.awsCode ?? "") &&
    invalidCode.text.test(error.message);
}

/** Hints by STS's error code; the first matching row applies. */
const hintRows: readonly HintRow[] = [
  {
    ...invalidCode,
    hint: () => "wait for the next code on your device, then try again",
  },
  {
    code: /^AccessDenied/,
    text: /MultiFactorAuthentication|\bMFA\b/,
    hint: ({ subject, keys }) =>
      `MFA device "${subject.mfa?.serial ?? ""}" must belong to the user of access key "${
        keyTail(keys.accessKeyId)
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
  {
    code: /^ExpiredToken/,
    hint: () => "the temporary keys that signed the call have expired: renew them, then try again",
  },
  {
    code: /^(InvalidClientTokenId|UnrecognizedClientException)$/,
    hint: ({ keys, endpoint }) =>
      `access key "${
        keyTail(keys.accessKeyId)
      }" was deleted or deactivated, lacks its session token, or does not belong to partition "${endpoint.partition}" (region "${endpoint.signingRegion}")`,
  },
  {
    code: /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/,
    hint: ({ keys }) =>
      `the secret access key does not belong to access key "${keyTail(keys.accessKeyId)}"`,
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
  failing: () =>
    "wait a minute, then try again; https://health.aws.amazon.com shows AWS's own state",
  foreign: () => "check the endpoint, and the proxy if there is one",
  timeout: () => "check the network, and HTTPS_PROXY if there is a proxy",
  permission: ({ failure }: FailedCall) => permissionHint(failure.text),
  unreachable: ({ failure }: FailedCall) => unreachableHint(failure.code),
} as const satisfies Partial<Record<Failure["kind"], (call: FailedCall) => string>>;

function hintFor(call: FailedCall): string | undefined {
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
