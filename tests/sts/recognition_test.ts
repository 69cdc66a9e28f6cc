import { assertEquals } from "@std/assert";
import { dateOf, isStsResponse, requestIdOf } from "../../src/sts/recognition.ts";
import { credentialsXml, identityXml, refusal, xml } from "./handmade.ts";

async function received(response: Response) {
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const role = credentialsXml("AssumeRole");
const html = "<html><body>Sign in to the network</body></html>";
const denied = await refusal("AccessDenied", "no", 403).text();

/** Answers that are STS's own. */
const own: Readonly<Record<string, Response>> = {
  "credentials of a role": xml(role),
  "a session token": xml(credentialsXml("GetSessionToken")),
  "an identity": xml(identityXml),
  "a refusal": refusal("AccessDenied", "no", 403),
  "a refusal, indented, with a declaration": xml(
    `<?xml version="1.0" encoding="UTF-8"?>\n${denied.replaceAll("><", ">\n  <")}\n`,
    {},
    403,
  ),
  "a refusal whose text is a page": refusal("AccessDenied", html, 403),
  "an outage that STS tells itself": refusal("InternalFailure", "later", 500),
  "another type for XML": xml(role, { "content-type": "application/xml; charset=utf-8" }),
};

/** Answers of others. */
const foreign: Readonly<Record<string, Response>> = {
  "a portal's redirect": new Response(null, {
    status: 302,
    headers: { location: "http://portal/" },
  }),
  "a redirect with STS's own words": xml(role, {}, 302),
  "a page": new Response(html, { headers: { "content-type": "text/html" } }),
  "a page that calls itself XML": xml(html),
  "a load balancer's 502": new Response(html, { status: 502 }),
  "a gateway's JSON": new Response('{"Code":"SignatureDoesNotMatch","RequestId":"1"}', {
    status: 403,
    headers: { "content-type": "application/json" },
  }),
  "a body that breaks off": xml(role.slice(0, -20)),
  "a refusal that breaks off": xml(denied.slice(0, -30), {}, 403),
  "a document with more behind it": xml(`${role}${html}`),
  "credentials with an error's status": xml(role, {}, 403),
  "an error with the status of success": xml(denied, {}, 200),
  "an error of S3": xml(
    "<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>1</RequestId></Error>",
    {},
    403,
  ),
  "an error of another service": xml(
    denied.replace(
      "https://sts.amazonaws.com/doc/2011-06-15/",
      "https://iam.amazonaws.com/doc/2010-05-08/",
    ),
    {},
    403,
  ),
  "an error without a namespace": xml(denied.replace(/ xmlns="[^"]*"/, ""), {}, 403),
  "an error without a request id": xml(denied.replace(/<RequestId>.*<\/RequestId>/, ""), {}, 403),
  "an error without a code": xml(denied.replace(/<Code>.*<\/Code>/, ""), {}, 403),
  "another type": xml(role, { "content-type": "text/html" }),
  "no type": new Response(new TextEncoder().encode(role)),
  "STS's document within a page": xml(`<html>${role}</html>`),
  "the answer of one operation in the other's name": xml(
    role.replaceAll("AssumeRoleResponse", "GetSessionTokenResponse"),
  ),
  "nothing": xml(""),
};

for (const [table, expected] of [[own, true], [foreign, false]] as const) {
  for (const [name, response] of Object.entries(table)) {
    Deno.test({
      name: `isStsResponse() is ${expected} for ${name}`,
      permissions: "none",
      async fn() {
        assertEquals(isStsResponse(await received(response)), expected);
      },
    });
  }
}

Deno.test({
  name: "dateOf() takes nothing for a time but a date of HTTP that is fresh",
  permissions: "none",
  fn() {
    const date = "Thu, 01 Jan 2026 00:40:00 GMT";
    const of = (headers: Record<string, string>) => dateOf(new Headers(headers));
    assertEquals(of({ date }), Date.UTC(2026, 0, 1, 0, 40));
    assertEquals(of({ date, age: "0" }), Date.UTC(2026, 0, 1, 0, 40));
    assertEquals(of({ date, age: "2400" }), undefined);
    assertEquals(of({ date, age: "?" }), undefined);
    assertEquals(of({}), undefined);
    for (
      const text of [
        "",
        "0",
        "soon",
        "2026-01-01",
        `${date}, ${date}`,
        "Thu, 99 Jan 2026 00:40:00 GMT",
      ]
    ) {
      assertEquals(of({ date: text }), undefined, text);
    }
  },
});

Deno.test({
  name: "requestIdOf() takes an id from the header or the body, and nothing else",
  permissions: "none",
  fn() {
    const of = (header: string | undefined, text: string) =>
      requestIdOf({
        status: 403,
        headers: new Headers(header === undefined ? {} : { "x-amzn-requestid": header }),
        text,
      });
    assertEquals(of("id-1", ""), "id-1");
    assertEquals(of(undefined, "<RequestId>id-2</RequestId>"), "id-2");
    assertEquals(of("x".repeat(200), ""), undefined);
    assertEquals(of("a b", "<RequestId>id-2</RequestId>"), "id-2");
    assertEquals(of(undefined, "<RequestId><b/></RequestId>"), undefined);
  },
});
