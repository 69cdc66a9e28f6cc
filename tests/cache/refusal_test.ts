import { assertEquals, assertNotEquals } from "@std/assert";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import {
  appliesToCode,
  appliesToWaiter,
  createRefusal,
  formatRefusal,
  hashCode,
  parseRefusal,
  refusalError,
} from "../../src/cache/refusal.ts";
import { start } from "../session/fixtures.ts";

const error = new StsError('Cannot get a session token for "kim": AccessDenied', {
  operation: "GetSessionToken",
  awsCode: "AccessDenied",
  requestId: "1-2-3",
  hint: "wait for the next code",
});
const minute = 60_000;

Deno.test({
  name: "a refusal comes back from its file as the error that it was",
  permissions: "none",
  fn() {
    const refusal = createRefusal(error, start, "digest");
    assertEquals(parseRefusal(formatRefusal(refusal)), refusal);
    const again = refusalError(refusal);
    const { message, hint, code, operation, awsCode, requestId } = again;
    assertEquals({ message, hint, code, operation, awsCode, requestId }, {
      message: error.message,
      hint: error.hint,
      code: "STS_REFUSED",
      operation: "GetSessionToken",
      awsCode: "AccessDenied",
      requestId: "1-2-3",
    });
    const bare = createRefusal(new StsError("No", { operation: "AssumeRole" }), start, undefined);
    assertEquals(parseRefusal(formatRefusal(bare)), bare);
  },
});

Deno.test({
  name: "parseRefusal() takes nothing else for a refusal",
  permissions: "none",
  fn() {
    const good = JSON.parse(formatRefusal(createRefusal(error, start, undefined)));
    for (const name of ["time", "message", "operation"]) {
      assertEquals(parseRefusal(JSON.stringify({ ...good, [name]: undefined })), undefined);
    }
    for (const text of ["", "null", "[]", "{", '"no"']) {
      assertEquals(parseRefusal(text), undefined);
    }
  },
});

Deno.test({
  name: "appliesToWaiter() is true for who began before it, for a minute",
  permissions: "none",
  fn() {
    const refusal = createRefusal(error, start, undefined);
    assertEquals(appliesToWaiter(refusal, start - 1, start), true);
    assertEquals(appliesToWaiter(refusal, start - 1, start + minute), true);
    assertEquals(appliesToWaiter(refusal, start - 1, start + minute + 1), false);
    assertEquals(appliesToWaiter(refusal, start, start + 1), false);
    assertEquals(appliesToWaiter(refusal, start - 1, start - minute - 1), false, "clock set back");
  },
});

Deno.test({
  name: "appliesToCode() is true for the same device and code, for a minute",
  permissions: "none",
  async fn() {
    const digest = await hashCode("GAHT12345678", "123456");
    const refusal = createRefusal(error, start, digest);
    assertEquals(appliesToCode(refusal, digest, start + minute), true);
    assertEquals(appliesToCode(refusal, digest, start + minute + 1), false);
    assertEquals(appliesToCode(refusal, await hashCode("GAHT12345678", "123457"), start), false);
    assertEquals(appliesToCode({ ...refusal, codeHash: undefined }, digest, start), false);
    assertNotEquals(digest, await hashCode("GAHT12345679", "123456"));
    assertNotEquals(await hashCode("a", "bc"), await hashCode("ab", "c"));
  },
});

Deno.test({
  name: "a call that did not reach STS, and whose it was, come back from the file",
  permissions: "none",
  fn() {
    const owner = { profile: "dev", operation: "AssumeRole", roleArn: "arn:dev" };
    const outage = new StsUnreachableError("No connection", { operation: "AssumeRole" });
    const refusal = createRefusal(outage, start, "digest", owner);
    assertEquals([refusal.unreachable, refusal.owner], [true, owner]);
    assertEquals(parseRefusal(formatRefusal(refusal)), refusal);
    assertEquals(appliesToCode(refusal, "digest", start), false, "it refused nothing");
    assertEquals("unreachable" in createRefusal(error, start, "digest", owner), false);
    const parsed = (parts: Record<string, unknown>) =>
      parseRefusal(JSON.stringify({ ...refusal, version: 1, ...parts }));
    assertEquals(parsed({ owner: { ...owner, roleArn: 7 } })?.owner, {
      ...owner,
      roleArn: undefined,
    });
    for (const odd of [null, "dev", {}, { ...owner, profile: 1 }, { ...owner, operation: 1 }]) {
      assertEquals(parsed({ owner: odd })?.owner, undefined, JSON.stringify(odd));
    }
    for (const odd of [false, "true", 1]) {
      assertEquals(parsed({ unreachable: odd })?.unreachable, undefined);
    }
    assertEquals(parsed({ hint: 7 })?.hint, undefined);
    assertEquals(parsed({ version: 2 }), undefined);
    assertEquals(parsed({ version: undefined }), refusal);
  },
});
