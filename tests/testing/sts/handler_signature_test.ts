import { assertEquals } from "@std/assert";
import { bench, kim } from "../fixtures.ts";
import { type HttpRefusal, refusal, refusalOf, whoAmI } from "./http_refusal.ts";
import { type RequestParts, signedPost } from "../signing/signed_request.ts";

const SIGNATURES: readonly [what: string, wrong: Partial<RequestParts>, answer: HttpRefusal][] = [
  ["a wrong secret", { keys: { ...kim, secretAccessKey: "wrong" } }, [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ]],
  ["an unknown key", { keys: { ...kim, accessKeyId: "AKIAUNKNOWN000000000" } }, [
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
  ]],
  ["another service's scope", {
    claim: { scope: ["20260101", "us-east-1", "s3", "aws4_request"] },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Credential should be scoped to correct service: 'sts'.",
  ]],
  [
    "a scope of another day",
    { claim: { scope: ["20260102", "us-east-1", "sts", "aws4_request"] } },
    [
      403,
      "SignatureDoesNotMatch",
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
    ],
  ],
  ["a scope with another end", { claim: { scope: ["20260101", "us-east-1", "sts", "aws5"] } }, [
    403,
    "SignatureDoesNotMatch",
    "Credential should be scoped with a valid terminator: 'aws4_request'.",
  ]],
  ["a host that was not signed", { claim: { signedHeaders: ["x-amz-date"] } }, [
    403,
    "SignatureDoesNotMatch",
    "'Host' must be a 'SignedHeader' in the AWS Authorization.",
  ]],
  ["a clock that is slow", { at: Date.UTC(2025, 11, 31, 23, 44, 59) }, [
    403,
    "SignatureDoesNotMatch",
    "Signature expired: 20251231T234459Z is now earlier than 20251231T234500Z (20260101T000000Z - 15 min.)",
  ]],
  ["a clock that is fast", { at: Date.UTC(2026, 0, 1, 0, 15, 1) }, [
    403,
    "SignatureDoesNotMatch",
    "Signature not yet current: 20260101T001501Z is still later than 20260101T001500Z " +
    "(20260101T000000Z + 15 min.)",
  ]],
  ["a date that is none", {
    claim: {
      timestamp: "20269999T999999Z",
      scope: ["20269999", "us-east-1", "sts", "aws4_request"],
    },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Signature expired: 20269999T999999Z is now earlier than 20251231T234500Z (20260101T000000Z - 15 min.)",
  ]],
];

const NOT_CANONICAL = (found: string): HttpRefusal => [
  403,
  "SignatureDoesNotMatch",
  `'SignedHeaders' must be in lowercase and sorted, each name once, found '${found}'.`,
];

const MISMATCH: HttpRefusal = [
  403,
  "SignatureDoesNotMatch",
  "The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
];

const PAYLOAD: HttpRefusal = [
  403,
  "SignatureDoesNotMatch",
  "The provided 'x-amz-content-sha256' header does not match what was computed.",
];

const STRICT: readonly [what: string, wrong: Partial<RequestParts>, answer: HttpRefusal][] = [
  ["signed headers that are not sorted", {
    claim: { signedHeaders: ["x-amz-date", "host", "content-type"] },
  }, NOT_CANONICAL("x-amz-date;host;content-type")],
  ["signed headers in upper case", {
    claim: { signedHeaders: ["content-type", "Host", "host", "x-amz-date"] },
  }, NOT_CANONICAL("content-type;Host;host;x-amz-date")],
  ["a signed header that is named twice", {
    claim: { signedHeaders: ["content-type", "host", "host", "x-amz-date"] },
  }, NOT_CANONICAL("content-type;host;host;x-amz-date")],
  ["a signed header that is not in the request", {
    claim: { signedHeaders: ["content-type", "host", "x-amz-date", "x-forwarded"] },
  }, [403, "SignatureDoesNotMatch", "Signed headers are not in the request: x-forwarded."]],
  ["an x-amz-* header that was not signed", { unsignedHeaders: { "x-amz-target": "Other" } }, [
    403,
    "SignatureDoesNotMatch",
    "There were headers present in the request which were not signed: x-amz-target.",
  ]],
  ["a date that was not signed", { claim: { signedHeaders: ["content-type", "host"] } }, [
    403,
    "SignatureDoesNotMatch",
    "There were headers present in the request which were not signed: x-amz-date.",
  ]],
  [
    "a signed header that was changed",
    { headers: { "x-extra": "a" }, unsignedHeaders: { "x-extra": "b" } },
    MISMATCH,
  ],
  ["a second date", { unsignedHeaders: { "x-amz-date": "20260101T000000Z" } }, [
    400,
    "IncompleteSignature",
    "The request signature is not complete: 'X-Amz-Date' must have the form 20260101T000000Z",
  ]],
  ["a session token for keys that have none", { keys: { ...kim, sessionToken: "token" } }, [
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
  ]],
  ["another payload", { headers: { "x-amz-content-sha256": "0".repeat(64) } }, PAYLOAD],
  ["an unsigned payload", { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }, PAYLOAD],
  [
    "a streamed payload",
    { headers: { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" } },
    PAYLOAD,
  ],
  ["the beginning of a date as the scope's", {
    claim: { scope: ["2026", "us-east-1", "sts", "aws4_request"] },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
  ]],
  ["another region than the endpoint's", {
    claim: { scope: ["20260101", "eu-west-1", "sts", "aws4_request"] },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Credential should be scoped to a valid region, not 'eu-west-1'.",
  ]],
  ["a region that is none", {
    claim: { scope: ["20260101", "nowhere", "sts", "aws4_request"] },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Credential should be scoped to a valid region, not 'nowhere'.",
  ]],
  ["a day that is not in the calendar", {
    at: Date.UTC(2026, 1, 28),
    claim: {
      timestamp: "20260229T000000Z",
      scope: ["20260229", "us-east-1", "sts", "aws4_request"],
    },
  }, [
    403,
    "SignatureDoesNotMatch",
    "Signature expired: 20260229T000000Z is now earlier than 20251231T234500Z (20260101T000000Z - 15 min.)",
  ]],
];

for (const [what, wrong, answer] of [...SIGNATURES, ...STRICT]) {
  Deno.test({
    name: `handle() refuses ${what}`,
    permissions: "none",
    fn: async () => assertEquals(await refusalOf(wrong), answer),
  });
}

Deno.test({
  name: "handle() accepts a signature whose clock is up to 15 minutes off",
  permissions: "none",
  async fn() {
    for (const off of [-900_000, 900_000]) {
      const { clock, emulator } = bench();
      const request = await signedPost({ keys: kim, at: clock.now() + off, parameters: whoAmI });
      assertEquals((await emulator.handle(request)).status, 200);
    }
  },
});

Deno.test({
  name: "handle() accepts what SDKs sign too: the payload's hash, and other headers",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const body = new TextEncoder().encode(String(new URLSearchParams(whoAmI)));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    const headers = {
      "x-amz-content-sha256": [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      "x-amz-user-agent": "aws-sdk-js/3  lang/js",
      "amz-sdk-request": "attempt=1; max=3",
    };
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    const request = await signedPost({
      ...{ ...parts, headers },
      unsignedHeaders: { "x-amzn-trace-id": "Root=1", accept: "a, b" },
    });
    assertEquals((await emulator.handle(request)).status, 200);
  },
});

const GOOD_CREDENTIAL = "Credential=AKIAKIMKIMKIMKIMKIM0/20260101/us-east-1/sts/aws4_request";
const INCOMPLETE: readonly [authorization: string, why: string][] = [
  ["Bearer abc", "only AWS4-HMAC-SHA256 is supported"],
  ["AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", "'Credential' is missing"],
  [
    "AWS4-HMAC-SHA256 Credential=AKIA/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00",
    "'Credential' must have the form key/date/region/service/aws4_request",
  ],
  ...[
    "/20260101/us-east-1/sts/aws4_request",
    "AKIA//us-east-1/sts/aws4_request",
    "AKIA/20260101//sts/aws4_request",
    "AKIA/20260101/us-east-1//aws4_request",
    "AKIA/20260101/us-east-1/sts/",
    "AKIA/20260101/us-east-1/sts/aws4_request/more",
  ].map((credential): [string, string] => [
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
    "'Credential' must have the form key/date/region/service/aws4_request",
  ]),
  [`AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, Signature=00`, "'SignedHeaders' is missing"],
  [`AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, SignedHeaders=host`, "'Signature' is missing"],
  [
    `AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, SignedHeaders=host, Signature=00, Signature=11`,
    "'Signature' appears more than once",
  ],
  [
    `AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, ${GOOD_CREDENTIAL}, SignedHeaders=host, Signature=00`,
    "'Credential' appears more than once",
  ],
];

Deno.test({
  name: "handle() says what is missing in a signature",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const ask = (headers: Record<string, string>) =>
      refusal(emulator, new Request("https://sts.amazonaws.com/?Action=X", { headers }));
    const wanted = (why: string): HttpRefusal => [
      400,
      "IncompleteSignature",
      `The request signature is not complete: ${why}`,
    ];
    for (const [authorization, why] of INCOMPLETE) {
      assertEquals(await ask({ authorization, "x-amz-date": "20260101T000000Z" }), wanted(why));
    }
    const authorization = `AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, SignedHeaders=host, Signature=00`;
    assertEquals(
      await ask({ authorization, "x-amz-date": "today" }),
      wanted("'X-Amz-Date' must have the form 20260101T000000Z"),
    );
    assertEquals(await ask({}), [
      403,
      "MissingAuthenticationToken",
      "Request is missing Authentication Token",
    ]);
    assertEquals(emulator.calls[0]?.accessKeyId, "");
  },
});
