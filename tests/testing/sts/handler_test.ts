import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ConnectionDroppedError } from "../../../src/testing/mod.ts";
import { settle } from "../../settle.ts";
import { bench, kim, mfaSession, role, roleArn } from "../fixtures.ts";
import { type HttpRefusal, refusal, refusalOf, whoAmI } from "./http_refusal.ts";
import { presignedGet, type RequestParts, signedPost } from "../signing/signed_request.ts";

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

const PROTOCOL: readonly [what: string, wrong: Partial<RequestParts>, answer: HttpRefusal][] = [
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
  ["a duration as text", {
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
