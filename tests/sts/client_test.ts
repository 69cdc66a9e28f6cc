import { assertEquals, assertMatch } from "@std/assert";
import {
  bench,
  credentialsXml,
  endpoint,
  identityXml,
  readCredentials,
  userKeys,
  xml,
} from "./handmade.ts";

Deno.test("getSessionToken() sends the duration and the MFA code, and reads the credentials", async () => {
  const { sts, bodies, requests } = bench(() => xml(credentialsXml("GetSessionToken")));
  const found = await sts.getSessionToken({
    keys: userKeys,
    endpoint,
    durationSeconds: 18_000,
    mfa: { serial: "arn:aws:iam::111122223333:mfa/kim", code: "123456" },
  });
  assertEquals(found, readCredentials);
  assertEquals(Object.fromEntries(bodies[0] ?? []), {
    Action: "GetSessionToken",
    Version: "2011-06-15",
    DurationSeconds: "18000",
    SerialNumber: "arn:aws:iam::111122223333:mfa/kim",
    TokenCode: "123456",
  });
  const [request] = requests;
  assertEquals(request?.url, "https://sts.eu-west-1.amazonaws.com/");
  assertMatch(request?.headers.get("user-agent") ?? "", /^stsaval\/\d/);
  assertMatch(
    request?.headers.get("authorization") ?? "",
    /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE7Q\/20260101\/eu-west-1\/sts\/aws4_request, /,
  );
  assertEquals(request?.headers.get("x-amz-date"), "20260101T000000Z");
});
