/**
 * Each hint, word for word: a person follows it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { resolveEndpoint } from "../../src/sts/endpoint.ts";
import { isCodeRefusal } from "../../src/sts/code_refusal.ts";
import { stsErrorOf } from "../../src/sts/error.ts";
import { hintFor, tailOf } from "../../src/sts/error_hints.ts";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import type { CallSubject, FailedCall } from "../../src/sts/failed_call.ts";
import type { Failure } from "../../src/sts/failure.ts";
import { userKeys } from "./handmade.ts";

const roleArn = "arn:aws:iam::111122223333:role/Deploy";
const serial = "arn:aws:iam::111122223333:mfa/kim";
const role: CallSubject = { operation: "AssumeRole", roleArn, profile: "prod" };
const token: CallSubject = { operation: "GetSessionToken", mfa: { serial, code: "314159" } };
const web: CallSubject = { operation: "AssumeRoleWithWebIdentity", roleArn, profile: "prod" };
const identity: CallSubject = { operation: "GetCallerIdentity" };

function callOf(failure: Partial<Failure>, parts: Partial<FailedCall> = {}): FailedCall {
  return {
    subject: role,
    endpoint: resolveEndpoint({ region: "eu-west-1" }),
    keys: userKeys,
    failure: { kind: "refused", code: "Odd", text: "", ...failure },
    attempts: 1,
    ...parts,
  };
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const explain = ", see 'stsaval explain prod'";
const untrusted = "the role's trust policy must allow the caller, and the caller's own policy " +
  `sts:AssumeRole${explain}`;
const clock = "correct this machine's clock";
const foreignKeys = 'access key "…LE7Q" was deleted or deactivated, lacks its session token, or ' +
  'does not belong to partition "aws" (region "eu-west-1")';
const wrongSecret = 'the secret access key does not belong to access key "…LE7Q"';
const onlyUsers = "session tokens are issued only for the long-term keys of an IAM user";
const renew = "the temporary keys that signed the call have expired: renew them, then try again";

/** A code, STS's text, what was called, and the hint. */
const refusals: readonly (readonly [string, string, CallSubject, string | undefined])[] = [
  [
    "AccessDenied",
    "failed with invalid MFA one time pass code",
    token,
    "wait for the next code on your device, then try again",
  ],
  [
    "AccessDenied",
    "invalid MFA one-time passcode",
    role,
    "wait for the next code on your device, then try again",
  ],
  [
    "AccessDenied",
    "MultiFactorAuthentication failed",
    token,
    `MFA device "${serial}" must belong to the user of access key "…LE7Q", see 'aws iam list-mfa-devices'`,
  ],
  [
    "AccessDenied",
    "the MFA device is odd",
    role,
    `MFA device "" must belong to the user of access key "…LE7Q", see 'aws iam list-mfa-devices'`,
  ],
  ["AccessDeniedException", "no", role, untrusted],
  ["AccessDenied", "no", { operation: "AssumeRole", roleArn }, untrusted.replace(explain, "")],
  ["AccessDenied", "no", { ...role, profile: "my prod" }, untrusted.replace("prod", '"my prod"')],
  ["AccessDenied", "no", token, onlyUsers],
  ["AccessDenied", "no", identity, undefined],
  [
    "AccessDenied",
    "no",
    web,
    `the role's trust policy must allow sts:AssumeRoleWithWebIdentity for the token's issuer, audience and subject${explain}`,
  ],
  [
    "ExpiredTokenException",
    "expired",
    web,
    "the web identity token has expired: whoever writes it must write a new one",
  ],
  ["ExpiredToken", "expired", role, renew],
  [
    "InvalidIdentityToken",
    "no provider",
    web,
    "the account of the role needs an IAM OIDC provider with the token's issuer as its URL and the token's audience among its client ids, see 'aws iam list-open-id-connect-providers'",
  ],
  [
    "IDPRejectedClaim",
    "revoked",
    web,
    "the identity provider says that the token was revoked or has expired: get a new one",
  ],
  [
    "ValidationError",
    "durationSeconds is too long",
    web,
    "a role lasts 15 minutes to 12 hours, and no longer than its maximum session duration",
  ],
  ["InvalidClientTokenId", "invalid", role, foreignKeys],
  ["UnrecognizedClientException", "invalid", role, foreignKeys],
  ["SignatureDoesNotMatch", "no match", role, wrongSecret],
  ["InvalidSignatureException", "no match", role, wrongSecret],
  ["IncompleteSignature", "no match", role, wrongSecret],
  ["RequestExpired", "expired", role, clock],
  ["RequestInTheFuture", "early", role, clock],
  ["RequestTimeTooSkewed", "skewed", role, clock],
  [
    "RegionDisabledException",
    "off",
    role,
    'an administrator can activate STS in region "eu-west-1" in the IAM console; or use another region with --region',
  ],
  [
    "ValidationError",
    "limit for roles assumed by Role Chaining",
    role,
    "a role that is assumed with a session token or from another role lasts at most 1h: request 3600 seconds or less",
  ],
  [
    "ValidationError",
    "exceeds the MaxSessionDuration",
    role,
    "request a shorter duration, or raise the role's maximum session duration (1 to 12 hours)",
  ],
  [
    "ValidationError",
    "Value at 'durationSeconds'",
    role,
    "a session token lasts 15 minutes to 36 hours, a role 15 minutes to 12 hours",
  ],
  ["ValidationError", "roleSessionName", role, `check the settings of the profile${explain}`],
  ["ValidationError", "roleSessionName", token, undefined],
  ["NotAccessDenied", "no", role, undefined],
  ["XValidationError", "roleSessionName", role, undefined],
  ["ValidationErrorX", "roleSessionName", role, undefined],
];

pure("each refusal has its hint", () => {
  for (const [code, text, subject, hint] of refusals) {
    assertEquals(hintFor(callOf({ code, text }, { subject })), hint, `${code}: ${text}`);
  }
});

pure("a clock that is wrong is named before anything else, where it explains the refusal", () => {
  const at = (clockOffset: number, code = "SignatureDoesNotMatch") =>
    hintFor(callOf({ code, clockOffset }));
  assertEquals(at(240_000), `${clock}: it is 4m behind STS's`);
  assertEquals(at(-240_000), `${clock}: it is 4m ahead of STS's`);
  assertEquals(at(239_999), wrongSecret);
  assertEquals(at(240_000, "ValidationError"), `check the settings of the profile${explain}`);
});

pure("each failure that is no refusal has its hint", () => {
  const rows: readonly (readonly [Partial<Failure>, string])[] = [
    [{ kind: "throttled" }, "wait a minute, then try again with fewer profiles at once"],
    [
      { kind: "failing" },
      "wait a minute, then try again; https://health.aws.amazon.com shows AWS's own state",
    ],
    [
      { kind: "failing", code: "IDPCommunicationError" },
      "AWS reads the keys of the identity provider over the internet: check that its /.well-known/openid-configuration can be read there, then try again",
    ],
    [{ kind: "foreign" }, "check the endpoint, and the proxy if there is one"],
    [{ kind: "timeout" }, "check the network, and HTTPS_PROXY if there is a proxy"],
    [
      { kind: "unreachable", code: "refused" },
      "check the network, and HTTPS_PROXY if there is a proxy",
    ],
    [{ kind: "unreachable", code: "dns" }, "check the network, the region and the endpoint"],
    [
      { kind: "unreachable", code: "certificate" },
      "if a proxy signs TLS here, set AWS_CA_BUNDLE to the file with its certificate",
    ],
    [{ kind: "permission", text: 'Requires env access to "HOME"' }, "run with --allow-env=HOME"],
    [{ kind: "permission", text: 'Requires read access to ""' }, "run with --allow-read"],
    [{ kind: "permission", text: "no" }, "run with --allow-net"],
  ];
  for (const [failure, hint] of rows) assertEquals(hintFor(callOf(failure)), hint);
});

pure("tailOf() shows the end of a key id, and nothing of a call that is not signed", () => {
  assertEquals([tailOf(userKeys), tailOf(undefined)], ["…LE7Q", ""]);
});

pure("each message says what failed and why", () => {
  const message = (failure: Partial<Failure>, parts: Partial<FailedCall> = {}) =>
    stsErrorOf(callOf(failure, parts)).message;
  const head = `Cannot assume role "${roleArn}" for profile "prod"`;
  const host = '"sts.eu-west-1.amazonaws.com"';
  const rows: readonly (readonly [string, string])[] = [
    [message({ text: "no." }), `${head}: Odd: no`],
    [message({ text: " " }, { attempts: 2 }), `${head}: Odd: no reason given, tried 2 times`],
    [
      message({ kind: "throttled", text: "Rate" }, { attempts: 3 }),
      `${head}: Odd: Rate, tried 3 times`,
    ],
    [
      message({ kind: "failing", code: "HTTP503", text: "responded with HTTP 503" }, {
        attempts: 2,
      }),
      `${head}: ${host} responded with HTTP 503, tried 2 times`,
    ],
    [
      message({ kind: "failing", code: "InternalFailure", text: "sorry" }),
      `${head}: InternalFailure: sorry`,
    ],
    [
      message({ kind: "foreign", text: "responded oddly" }, { attempts: 3 }),
      `${head}: ${host} responded oddly`,
    ],
    [
      message({ kind: "unreachable", text: "connection refused" }),
      `${head}: ${host} cannot be reached: connection refused`,
    ],
    [
      message({ kind: "timeout", text: "no response within 10 s" }, { attempts: 2 }),
      `${head}: ${host} cannot be reached: no response within 10 s, tried 2 times`,
    ],
    [
      message({ kind: "permission", text: 'Requires net access to "x"' }, { attempts: 2 }),
      `${head}: Requires net access to "x"`,
    ],
    [message({ text: "no" }, { subject: web }), `${head} with a web identity token: Odd: no`],
    [
      message({ text: "no" }, { subject: { ...web, profile: undefined } as never }),
      `Cannot assume role "${roleArn}" with a web identity token: Odd: no`,
    ],
    [
      message({ text: "no" }, { subject: { operation: "GetSessionToken" } }),
      'Cannot get a session token with access key "…LE7Q": Odd: no',
    ],
    [
      message({ text: "no" }, { subject: identity }),
      'Cannot get the identity of access key "…LE7Q": Odd: no',
    ],
  ];
  for (const [found, wanted] of rows) assertEquals(found, wanted);
  const long = message({ text: "ab ".repeat(300) }).slice(head.length + ": Odd: ".length);
  assertEquals([long.length, long.endsWith("…")], [601, true]);
  const exact = message({ text: "x y".repeat(200) }).slice(head.length + ": Odd: ".length);
  assertEquals([exact.length, exact.endsWith("…")], [600, false]);
});

pure(
  "a secret that comes back twice is masked twice, in the text, the code and the request id",
  () => {
    const keys = { ...userKeys, sessionToken: "IQoJb3/Jp+Z==" };
    const secrets = [keys.secretAccessKey, keys.sessionToken, "314159", "the web token"];
    for (const secret of secrets) {
      const error = stsErrorOf(callOf(
        {
          code: `X${secret}`,
          requestId: secret,
          text: `${secret} and ${secret}, once more ${secret}`,
        },
        {
          keys,
          subject: {
            ...web,
            mfa: { serial, code: "314159" },
            webIdentityToken: "the web token",
          } as never,
        },
      ));
      const shown = [error.message, error.awsCode, error.requestId, error.hint].join(" ");
      assertEquals(shown.includes(secret), false, shown);
      assertEquals(error.message.match(/\*{8}/g)?.length, 4, error.message);
    }
    const ids = stsErrorOf(callOf({ text: `${keys.accessKeyId} ${keys.accessKeyId}` })).message;
    assertEquals(ids.includes(keys.accessKeyId), false);
    // What is no secret stays, however much it looks like one.
    const plain = `${roleArn} ${serial} is not yours`;
    assertEquals(stsErrorOf(callOf({ text: plain })).message.endsWith(plain), true);
  },
);

pure("isCodeRefusal() is true for a code that STS refused, and for nothing else", () => {
  const refused = (awsCode: string, text: string) =>
    isCodeRefusal(new StsError(text, { operation: "GetSessionToken", awsCode }));
  const wrong =
    "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code";
  assertEquals([
    refused("AccessDenied", wrong),
    refused("ExpiredToken", wrong),
    refused("AccessDenied", "no"),
  ], [
    ...[true, false, false],
  ]);
  assertEquals(isCodeRefusal(new Error(wrong)), false);
  assertEquals(isCodeRefusal(new StsError(wrong, { operation: "GetSessionToken" })), false);
  const outage = new StsUnreachableError(wrong, { operation: "GetSessionToken" });
  assertEquals(isCodeRefusal(outage), false);
});

pure("a refused code tells how wrong the clock is that codes on this machine are made by", () => {
  const text = "failed with invalid MFA one time pass code";
  const wait = "wait for the next code on your device, then try again";
  const hintOf = (clockOffset?: number) =>
    hintFor(callOf({
      ...{ code: "AccessDenied", text },
      ...(clockOffset === undefined ? {} : { clockOffset }),
    }, { subject: token }));
  assertEquals([undefined, 0, 29_999, -29_999].map(hintOf), [wait, wait, wait, wait]);
  const why = "; codes that this machine makes are wrong, since its clock is";
  assertEquals(hintOf(30_000), `${wait}${why} 30s behind STS's`);
  assertEquals(hintOf(-95_000), `${wait}${why} 1m35s ahead of STS's`);
});
