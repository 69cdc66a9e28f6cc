import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ConnectionDroppedError, type StsEmulator } from "../../src/testing/mod.ts";
import { settle } from "../fake_system.ts";
import { bench, kim, mfaSession, role, roleArn } from "./fixtures.ts";
import { presignedGet, type RequestParts, signedPost } from "./signed_request.ts";

const whoAmI = { Action: "GetCallerIdentity", Version: "2011-06-15" };

/** Status, code and text of what the emulator answers. */
async function refusal(emulator: StsEmulator, request: Request): Promise<[number, string, string]> {
  const response = await emulator.handle(request);
  const xml = await response.text();
  const read = (name: string) => xml.match(`<${name}>(.*)</${name}>`)?.[1] ?? "";
  return [response.status, read("Code"), read("Message").replaceAll("&apos;", "'")];
}

/** What the emulator answers to a GetCallerIdentity of kim's that has something wrong with it. */
async function refusalOf(wrong: Partial<RequestParts>): Promise<[number, string, string]> {
  const { clock, emulator } = bench();
  const parts = { keys: kim, at: clock.now(), parameters: whoAmI, ...wrong };
  return await refusal(emulator, await signedPost(parts));
}

Deno.test({
  name: "handle() answers a signed POST with XML, a request id and its own date",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const request = await signedPost({ keys: kim, at: clock.now(), parameters: whoAmI });
    const response = await emulator.handle(request);
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "text/xml");
    assertEquals(response.headers.get("date"), new Date(clock.now()).toUTCString());
    const id = response.headers.get("x-amzn-requestid") ?? "";
    assertMatch(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    const xml = await response.text();
    assertStringIncludes(xml, "<Arn>arn:aws:iam::111122223333:user/kim</Arn>");
    assertStringIncludes(xml, `<RequestId>${id}</RequestId>`);
  },
});

Deno.test({
  name: "handle() answers a presigned URL until it has expired",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const keys = await mfaSession(emulator);
    const signedAt = clock.now();
    const ask = async (expires?: number) =>
      emulator.handle(await presignedGet({ keys, at: signedAt, parameters: whoAmI }, expires));
    clock.jump(60_000);
    assertEquals((await ask(60)).status, 200);
    clock.jump(1_000);
    const late = await ask(60);
    assertEquals(late.status, 403);
    assertStringIncludes(
      await late.text(),
      "Signature expired: 20260101T000000Z is now earlier than 20260101T000001Z (20260101T000101Z - 1 min.)",
    );
    assertEquals((await ask()).status, 200);
    clock.jump(900_000);
    assertEquals((await ask()).status, 403);
  },
});

Deno.test({
  name: "handle() echoes a source identity and answers the parts of an assumed role",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parameters = {
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: roleArn("Deploy"),
      RoleSessionName: "sts",
      SourceIdentity: "kim@home",
      DurationSeconds: "900",
    };
    const request = await signedPost({ keys: kim, at: clock.now(), parameters });
    const xml = await (await emulator.handle(request)).text();
    assertStringIncludes(xml, "<SourceIdentity>kim@home</SourceIdentity>");
    assertMatch(xml, /<AssumedRoleId>AROA\w{17}:sts<\/AssumedRoleId>/);
    assertStringIncludes(xml, "<Expiration>2026-01-01T00:15:00Z</Expiration>");
  },
});

const SIGNATURES: readonly [what: string, wrong: Partial<RequestParts>, answer: unknown][] = [
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
    claim: { scope: ["20260101", "us-east-1", "iam", "aws4_request"] },
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

for (const [what, wrong, answer] of SIGNATURES) {
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

const GOOD_CREDENTIAL = "Credential=AKIAKIMKIMKIMKIMKIM0/20260101/us-east-1/sts/aws4_request";
const INCOMPLETE: readonly [authorization: string, why: string][] = [
  ["Bearer abc", "only AWS4-HMAC-SHA256 is known"],
  ["AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", "'Credential' is missing"],
  [
    "AWS4-HMAC-SHA256 Credential=AKIA/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00",
    "'Credential' must have the form key/date/region/service/aws4_request",
  ],
  [`AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, Signature=00`, "'SignedHeaders' is missing"],
  [`AWS4-HMAC-SHA256 ${GOOD_CREDENTIAL}, SignedHeaders=host`, "'Signature' is missing"],
];

Deno.test({
  name: "handle() says what is missing in a signature",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const ask = (headers: Record<string, string>) =>
      refusal(emulator, new Request("https://sts.amazonaws.com/?Action=X", { headers }));
    const wanted = (why: string) => [
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

const PROTOCOL: readonly [what: string, wrong: Partial<RequestParts>, answer: unknown][] = [
  ["an unknown operation", { parameters: { ...whoAmI, Action: "MakeCoffee" } }, [
    400,
    "InvalidAction",
    "Could not find operation MakeCoffee for version 2011-06-15",
  ]],
  ["a missing version", { parameters: { Action: "GetCallerIdentity" } }, [
    400,
    "InvalidAction",
    "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED",
  ]],
  ["a missing operation", { parameters: {} }, [
    400,
    "MissingAction",
    "The request is missing an action",
  ]],
  ["a body that is no form", { contentType: "application/x-amz-json-1.1" }, [
    400,
    "MissingAction",
    "The request is missing an action",
  ]],
  ["a duration in words", {
    parameters: { Action: "GetSessionToken", Version: "2011-06-15", DurationSeconds: "1h" },
  }, [400, "MalformedInput", "DurationSeconds is not a whole number"]],
];

for (const [what, wrong, answer] of PROTOCOL) {
  Deno.test({
    name: `handle() refuses ${what}`,
    permissions: "none",
    fn: async () => assertEquals(await refusalOf(wrong), answer),
  });
}

Deno.test({
  name: "handle() rejects where a fault drops the connection, and skews its date where one says so",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const parts = { keys: kim, at: clock.now(), parameters: whoAmI };
    emulator.faults.push({ effect: { kind: "skew", ms: 60_000 } });
    const response = await emulator.handle(await signedPost(parts));
    assertEquals(response.headers.get("date"), new Date(clock.now() + 60_000).toUTCString());
    emulator.faults.push({ effect: { kind: "drop" } });
    const request = await signedPost(parts);
    await assertRejects(() => emulator.handle(request), ConnectionDroppedError);
  },
});

Deno.test({
  name: "handle() ends with the request's signal while STS hangs",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    emulator.faults.push({ effect: { kind: "hang" } });
    const controller = new AbortController();
    const request = await signedPost({ keys: kim, at: clock.now(), parameters: whoAmI });
    const answer = emulator.handle(new Request(request, { signal: controller.signal }));
    answer.catch(() => {});
    await settle();
    controller.abort(new Error("enough"));
    await assertRejects(() => answer, Error, "enough");
  },
});

Deno.test({
  name: "Faults see the operation, the role and the key of a request",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench([role("Deploy"), role("Audit")]);
    emulator.faults.push({
      when: { operation: "AssumeRole", roleArn: roleArn("Audit"), accessKeyId: kim.accessKeyId },
      effect: { kind: "throttle" },
    });
    const ask = async (name: string) => {
      const parameters = {
        Action: "AssumeRole",
        Version: "2011-06-15",
        RoleArn: roleArn(name),
        RoleSessionName: "sts",
      };
      const request = await signedPost({ keys: kim, at: clock.now(), parameters });
      return (await refusal(emulator, request)).slice(0, 2);
    };
    assertEquals(await ask("Deploy"), [200, ""]);
    assertEquals(await ask("Audit"), [400, "Throttling"]);
  },
});
