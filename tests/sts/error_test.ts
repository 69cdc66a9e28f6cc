import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import { resolveEndpoint } from "../../src/sts/endpoint.ts";
import { stsErrorOf } from "../../src/sts/error.ts";
import type { FailedCall } from "../../src/sts/failed_call.ts";
import { type Failure, readFailure } from "../../src/sts/failure.ts";
import { userKeys } from "./handmade.ts";

const roleArn = "arn:aws:iam::111122223333:role/Deploy";
const serial = "arn:aws:iam::111122223333:mfa/kim";
const assumeRole = { operation: "AssumeRole", roleArn, profile: "prod" } as const;
const sessionToken = {
  operation: "GetSessionToken",
  mfa: { serial, code: "314159" },
} as const;

function refused(code: string, text: string, more: Partial<Failure> = {}): Failure {
  return { kind: "refused", code, text, status: 403, requestId: "id-1", ...more };
}

function errorOf(failure: Failure, call: Partial<FailedCall> = {}) {
  return stsErrorOf({
    subject: assumeRole,
    endpoint: resolveEndpoint({ region: "eu-west-1" }),
    keys: userKeys,
    failure,
    attempts: 1,
    ...call,
  });
}

function errorTest(name: string, fn: () => void): void {
  Deno.test({ name: `stsErrorOf() ${name}`, permissions: "none", fn });
}

errorTest("says what failed, what STS said, and how to look further", () => {
  const error = errorOf(
    refused("AccessDenied", "User: arn:aws:iam::111122223333:user/kim is not authorized."),
  );
  assertInstanceOf(error, StsError);
  assertEquals(
    error.message,
    `Cannot assume role "${roleArn}" for profile "prod": ` +
      "AccessDenied: User: arn:aws:iam::111122223333:user/kim is not authorized",
  );
  assertEquals(
    error.hint,
    "the role's trust policy must allow the caller, and the caller's own policy sts:AssumeRole, " +
      "see 'stsaval explain prod'",
  );
  assertEquals([error.operation, error.awsCode, error.requestId], [
    "AssumeRole",
    "AccessDenied",
    "id-1",
  ]);
});

errorTest("names what was called", () => {
  const failure = refused("AccessDenied", "no");
  const head = (subject: FailedCall["subject"]) => errorOf(failure, { subject }).message;
  assertEquals(
    head({ operation: "AssumeRole", roleArn }),
    `Cannot assume role "${roleArn}": AccessDenied: no`,
  );
  assertEquals(
    head(sessionToken),
    `Cannot get a session token with access key "…LE7Q" and MFA device "${serial}": AccessDenied: no`,
  );
  assertEquals(
    head({ operation: "GetCallerIdentity" }),
    'Cannot get the identity of access key "…LE7Q": AccessDenied: no',
  );
});

errorTest("has a hint for each refusal that users meet", () => {
  const table: readonly (readonly [string, string, string, FailedCall["subject"]?])[] = [
    [
      "AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
      "wait for the next code on your device, then try again",
      sessionToken,
    ],
    [
      "AccessDenied",
      "MultiFactorAuthentication failed, unable to validate MFA code.",
      `MFA device "${serial}" must belong to the user of access key "…LE7Q"`,
      sessionToken,
    ],
    [
      "AccessDenied",
      "Cannot call GetSessionToken with session credentials",
      "only for the long-term keys of an IAM user",
      sessionToken,
    ],
    ["ExpiredToken", "The security token included in the request is expired", "renew them"],
    ["ExpiredTokenException", "expired", "renew them"],
    [
      "InvalidClientTokenId",
      "The security token is invalid.",
      'does not belong to partition "aws"',
    ],
    ["SignatureDoesNotMatch", "does not match", 'does not belong to access key "…LE7Q"'],
    ["RequestExpired", "Request has expired", "correct this machine's clock"],
    ["RegionDisabledException", "STS is not activated", 'activate STS in region "eu-west-1"'],
    [
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      "at most 1h",
    ],
    [
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      "raise the role's maximum session duration",
    ],
    [
      "ValidationError",
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint",
      "15 minutes to 36 hours",
      sessionToken,
    ],
    [
      "ValidationError",
      "roleSessionName is odd",
      "check the settings of the profile, see 'stsaval",
    ],
  ];
  for (const [code, text, hint, subject] of table) {
    const error = errorOf(refused(code, text), subject === undefined ? {} : { subject });
    assertInstanceOf(error, StsError, code);
    assertStringIncludes(error.hint ?? "", hint);
  }
  assertEquals(errorOf(refused("SomethingNew", "?")).hint, undefined);
});

errorTest("blames the clock where it is wrong", () => {
  const text = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z";
  const late = errorOf(refused("SignatureDoesNotMatch", text, { clockOffset: 903_000 }));
  assertEquals(late.hint, "correct this machine's clock: it is 15m3s behind STS's");
  const early = errorOf(refused("RequestExpired", text, { clockOffset: -3_600_000 }));
  assertEquals(early.hint, "correct this machine's clock: it is 1h ahead of STS's");
  const right = errorOf(refused("SignatureDoesNotMatch", text, { clockOffset: 900 }));
  assertStringIncludes(right.hint ?? "", "does not belong to");
});

errorTest("counts the attempts where STS kept failing", () => {
  const throttled: Failure = { kind: "throttled", code: "Throttling", text: "Rate exceeded" };
  const error = errorOf(throttled, { attempts: 3 });
  assertInstanceOf(error, StsUnreachableError);
  assertEquals(
    error.message,
    `Cannot assume role "${roleArn}" for profile "prod": Throttling: Rate exceeded, tried 3 times`,
  );
  assertStringIncludes(error.hint ?? "", "fewer profiles at once");
  const outage: Failure = { kind: "failing", code: "InternalFailure", text: "" };
  assertStringIncludes(errorOf(outage).message, "InternalFailure: no reason given");
  const gateway: Failure = { kind: "failing", code: "HTTP502", text: "responded with HTTP 502" };
  assertStringIncludes(
    errorOf(gateway, { attempts: 2 }).message,
    '"sts.eu-west-1.amazonaws.com" responded with HTTP 502, tried 2 times',
  );
});

errorTest("names the host that cannot be reached, and what may help", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["dns error", "its name cannot be resolved", "check the network, the region and the endpoint"],
    ["Connection refused", "connection refused", "HTTPS_PROXY"],
    ["invalid peer certificate", "its TLS certificate is not trusted", "set AWS_CA_BUNDLE"],
  ];
  for (const [words, reason, hint] of table) {
    const error = errorOf(readFailure(new TypeError(words), undefined), { attempts: 3 });
    assertInstanceOf(error, StsUnreachableError);
    assertStringIncludes(
      error.message,
      `"sts.eu-west-1.amazonaws.com" cannot be reached: ${reason}, tried 3 times`,
    );
    assertStringIncludes(error.hint ?? "", hint);
  }
  const late = readFailure(new DOMException("no response within 10 s", "TimeoutError"), undefined);
  assertStringIncludes(errorOf(late).message, "cannot be reached: no response within 10 s");
  assertStringIncludes(errorOf(late).hint ?? "", "check the network");
});

errorTest("says which permission is missing", () => {
  for (const [kind, name] of [["net", "sts.eu-west-1.amazonaws.com:443"], ["env", "SOME_NAME"]]) {
    const words = `Requires ${kind} access to "${name}", run again with the --allow-${kind} flag`;
    const error = errorOf(readFailure(new Deno.errors.NotCapable(words), undefined));
    assert(error.message.endsWith(`: Requires ${kind} access to "${name}"`), error.message);
    assertEquals(error.hint, `run with --allow-${kind}=${name}`);
  }
  const bare = errorOf(readFailure(new Deno.errors.NotCapable("Not allowed"), undefined));
  assertEquals(bare.hint, "run with --allow-net");
});

errorTest("says when the answer is not one of STS", () => {
  const error = errorOf({ kind: "foreign", code: "malformed", text: "responded with HTTP 302" });
  assertInstanceOf(error, StsUnreachableError);
  assertStringIncludes(
    error.message,
    '"sts.eu-west-1.amazonaws.com" responded with HTTP 302',
  );
  assertEquals(error.hint, "check the endpoint, and the proxy if there is one");
});

errorTest("repeats no secret and no control character of STS's text", () => {
  const keys = { ...userKeys, accessKeyId: "ASIAEXAMPLEEXAMPLE99", sessionToken: "IQoJb3/Jp+Z==" };
  const secrets = [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken, "314159"];
  const failure = refused(
    "SignatureDoesNotMatch",
    `The signature\nof ${secrets.join(", ")} and AKIAOTHEROTHEROTHER1\x1b[31m does not match.\n\n` +
      `The Canonical String for this request should have been\n'x-amz-security-token:${keys.sessionToken}'`,
  );
  const { message, hint, cause } = errorOf(failure, { keys, subject: sessionToken });
  for (const secret of [...secrets, "AKIAOTHEROTHEROTHER1"]) {
    assert(!`${message} ${hint}`.includes(secret), message);
  }
  assertStringIncludes(
    message,
    "SignatureDoesNotMatch: The signature of …LE99, ********, ********, ******** and …HER1 [31m does not match",
  );
  assert(!message.includes("Canonical"));
  assertEquals(cause, undefined);
});

errorTest("cuts a text that has no end", () => {
  const { message } = errorOf(refused("AccessDenied", "a".repeat(10_000)));
  assert(message.length < 800);
  assert(message.endsWith("a…"));
});

errorTest("quotes a profile name with a space in the command that it suggests", () => {
  const subject = { ...assumeRole, profile: "my prod" };
  const { hint } = errorOf(refused("AccessDenied", "no"), { subject });
  assert(hint?.endsWith(`see 'stsaval explain "my prod"'`), hint);
});
