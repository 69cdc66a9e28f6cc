/**
 * Turns failed calls into readable errors: what failed, the reason that STS gave, and a hint. No secret gets into a
 * message, whatever the text of STS contains.
 *
 * @module
 */

import { StsError, StsUnreachableError } from "../errors.ts";
import { maskSecrets } from "../masking.ts";
import { hintFor, tailOf } from "./error_hints.ts";
import type { FailedCall } from "./failed_call.ts";
import type { Failure } from "./failure.ts";

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
  const key = tailOf(keys);
  if (roleArn !== undefined) {
    const token = operation === "AssumeRoleWithWebIdentity" ? " with a web identity token" : "";
    return `Cannot assume role "${roleArn}"${
      profile === undefined ? "" : ` for profile "${profile}"`
    }${token}`;
  }
  if (operation === "GetScopedCredentials") {
    return `Cannot get a scoped copy of the credentials of profile "${profile ?? ""}"`;
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
    secrets: [
      keys?.secretAccessKey,
      keys?.sessionToken,
      subject.mfa?.code,
      subject.webIdentityToken,
    ],
    keyIds: [keys?.accessKeyId],
    harmless: [subject.roleArn, subject.mfa?.serial],
  });
}
