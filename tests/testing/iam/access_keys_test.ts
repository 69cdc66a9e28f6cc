/**
 * Access keys in the emulator's IAM, by AWS's rules, as stsaval's own client meets them.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { lastUseOf, listAccessKeys } from "../../../src/source/iam/access_keys.ts";
import {
  createAccessKey,
  deactivateAccessKey,
  deleteAccessKey,
} from "../../../src/source/iam/change_keys.ts";
import { IamRefusal, queryIam } from "../../../src/source/iam/query.ts";
import { iamBench } from "./fixtures.ts";

const refusalOf = async (work: () => Promise<unknown>) =>
  (await assertRejects(work, IamRefusal)).refusal;

Deno.test("IAM: a new key works, is listed, and a third one is refused", async () => {
  const { owner, ports, endpoint, user, userName, tried } = iamBench();
  const made = await createAccessKey(owner());
  assertMatch(made.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  assertEquals(made.secretAccessKey.length, 40);
  assertEquals(await tried(made), "ok");
  const listed = await listAccessKeys(ports, user, endpoint, { userName });
  assertEquals(listed, [
    { accessKeyId: user.accessKeyId, created: Date.UTC(2026, 0, 1), isActive: true },
    { accessKeyId: made.accessKeyId, created: made.created, isActive: true },
  ]);
  assertEquals(await refusalOf(() => createAccessKey(owner())), "LimitExceeded");
  await deleteAccessKey(owner(), user.accessKeyId);
  await createAccessKey(owner(made));
});

Deno.test("IAM: a key that is deactivated or deleted is refused; another user's is not found", async () => {
  const { emulator, owner, ports, endpoint, user, userName, tried } = iamBench({
    furtherKeys: [{ accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" }],
  });
  const second = { accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" };
  assertEquals(await tried(second), "ok");
  await deactivateAccessKey(owner(), second.accessKeyId);
  assertEquals(await tried(second), "InvalidClientTokenId");
  const listed = await listAccessKeys(ports, user, endpoint, { userName });
  assertEquals(listed.map(({ isActive }) => isActive), [true, false]);
  await deleteAccessKey(owner(), second.accessKeyId);
  assertEquals(await tried(second), "InvalidClientTokenId");
  // Once more: it is gone, which is what was wanted.
  await deleteAccessKey(owner(), second.accessKeyId);
  assertEquals(emulator.count("DeleteAccessKey", "NoSuchEntity"), 1);
  await deactivateAccessKey(owner(), second.accessKeyId);
  assertEquals(emulator.count("UpdateAccessKey", "NoSuchEntity"), 1);
  const nobody = { ...owner(), userName: "nobody" };
  assertEquals(await refusalOf(() => createAccessKey(nobody)), "NoSuchEntity");
});

Deno.test("IAM: a key that the world has inactive is listed so, and refused", async () => {
  const second = { accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" };
  const { ports, endpoint, user, tried } = iamBench({
    furtherKeys: [{ ...second, isInactive: true, created: "2025-05-05T00:00:00Z" }],
  });
  assertEquals(await tried(second), "InvalidClientTokenId");
  const [, other] = await listAccessKeys(ports, user, endpoint);
  assertEquals([other?.isActive, other?.created], [false, Date.UTC(2025, 4, 5)]);
});

Deno.test("IAM: a session calls it with MFA alone, and names the user", async () => {
  const { owner, ports, endpoint, session, userName } = iamBench();
  const plain = await session(false);
  assertEquals(await refusalOf(() => createAccessKey(owner(plain))), "InvalidClientTokenId");
  const proven = await session();
  await createAccessKey(owner(proven));
  assertEquals(
    await refusalOf(() => listAccessKeys(ports, proven, endpoint)),
    "ValidationError",
  );
  assertEquals((await listAccessKeys(ports, proven, endpoint, { userName })).length, 2);
});

Deno.test("IAM: a policy can want MFA, which the keys alone do not bring", async () => {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::*:user/${aws:username}" },
      {
        Effect: "Deny",
        Action: "iam:*AccessKey",
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      },
      {
        Effect: "Deny",
        Action: "iam:*AccessKey",
        Resource: "*",
        Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } },
      },
    ],
  });
  const { owner, session } = iamBench({ policies: [policy] });
  assertEquals(await refusalOf(() => createAccessKey(owner())), "AccessDenied");
  const made = await createAccessKey(owner(await session()));
  assertEquals(await refusalOf(() => deleteAccessKey(owner(), made.accessKeyId)), "AccessDenied");
});

Deno.test("IAM: a user with a path is named without it, and its policies name the whole ARN", async () => {
  const allow = (resource: string) =>
    JSON.stringify({ Statement: { Effect: "Allow", Action: "iam:*", Resource: resource } });
  const name = "ops/eu/kim";
  const right = iamBench({ name, policies: [allow("arn:aws:iam::*:user/ops/eu/kim")] });
  assertEquals(right.userName, "kim");
  await createAccessKey(right.owner());
  const { ports, user, endpoint, owner } = right;
  assertEquals(
    await refusalOf(() => listAccessKeys(ports, user, endpoint, { userName: name })),
    "ValidationError",
  );
  assertEquals(
    await refusalOf(() => createAccessKey({ ...owner(), userName: "Kim" })),
    "NoSuchEntity",
  );
  const wrong = iamBench({ name, policies: [allow("arn:aws:iam::*:user/kim")] });
  assertEquals(await refusalOf(() => createAccessKey(wrong.owner())), "AccessDenied");
});

Deno.test("IAM: it knows when a key was used last, and for what", async () => {
  const { ports, system, endpoint, user, tried } = iamBench();
  const second = { accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" };
  const two = iamBench({ furtherKeys: [second] });
  const lastOf = (id: string, bench = two) =>
    lastUseOf(id, bench.ports, bench.user, bench.endpoint);
  assertEquals(await lastOf(second.accessKeyId), undefined);
  await two.tried(second);
  assertEquals(await lastOf(second.accessKeyId), { at: two.system.clock.now(), service: "sts" });
  assertEquals((await lastOf(two.user.accessKeyId))?.service, "iam");
  await tried(user);
  await system.clock.advance(5_000);
  assertEquals((await lastUseOf(user.accessKeyId, ports, user, endpoint))?.service, "iam");
  assertEquals(await refusalOf(() => lastOf("AKIANOSUCHKEYNOSUCHK")), "NoSuchEntity");
  assertEquals(await refusalOf(() => lastOf("short")), "ValidationError");
});

Deno.test("IAM: until a new key is known everywhere its hosts disagree", async () => {
  const { owner, system, tried } = iamBench({}, { keyDelayMs: 9_000 });
  const made = await createAccessKey(owner());
  const three = async () => [await tried(made), await tried(made), await tried(made)].sort();
  assertEquals(await three(), Array(3).fill("InvalidClientTokenId"));
  await system.clock.advance(3_000);
  assertEquals(await three(), ["InvalidClientTokenId", "InvalidClientTokenId", "ok"]);
  await system.clock.advance(3_000);
  assertEquals(await three(), ["InvalidClientTokenId", "ok", "ok"]);
  await system.clock.advance(3_000);
  assertEquals(await three(), ["ok", "ok", "ok"]);
  await deactivateAccessKey(owner(), made.accessKeyId);
  assertEquals(await three(), ["ok", "ok", "ok"]);
  await system.clock.advance(9_000);
  assertEquals(await three(), Array(3).fill("InvalidClientTokenId"));
});

Deno.test("IAM: lists may be behind, though the limit of two is not", async () => {
  const { owner, system, ports, user, endpoint } = iamBench({}, { listDelayMs: 5_000 });
  const count = async () => (await listAccessKeys(ports, user, endpoint)).length;
  await createAccessKey(owner());
  assertEquals(await count(), 1);
  assertEquals(await refusalOf(() => createAccessKey(owner())), "LimitExceeded");
  await system.clock.advance(5_000);
  assertEquals(await count(), 2);
});

Deno.test("createAccessKey() is called once where it is not known whether a key was made", async () => {
  for (
    const effect of [
      { kind: "lose-answer" },
      { kind: "fail", code: "ServiceFailure", status: 500 },
    ] as const
  ) {
    const { emulator, owner } = iamBench();
    emulator.faults.push({ when: { operation: "CreateAccessKey" }, effect });
    const error = await assertRejects(() => createAccessKey(owner()));
    assert(error instanceof Error && "code" in error && error.code === "SOURCE_UNREACHABLE");
    assertEquals(emulator.count("CreateAccessKey"), 1);
  }
});

Deno.test("queryIam() tries again what IAM turned away as too many, and what failed", async () => {
  const { emulator, owner, ports, system, user, endpoint } = iamBench();
  emulator.faults.push({ when: { times: 2 }, effect: { kind: "throttle" } });
  await system.clock.runUntil(createAccessKey(owner()));
  assertEquals(emulator.count("CreateAccessKey", "Throttling"), 2);
  emulator.faults.push({
    when: { operation: "ListAccessKeys", times: 2 },
    effect: { kind: "fail", code: "ServiceFailure", status: 500 },
  });
  assertEquals((await system.clock.runUntil(listAccessKeys(ports, user, endpoint))).length, 2);
  emulator.faults.push({ effect: { kind: "throttle" } });
  const query = { action: "ListAccessKeys", cannot: "Cannot list", hint: "wait" };
  const refused = await assertRejects(
    () => system.clock.runUntil(queryIam(ports, user, endpoint, query)),
    IamRefusal,
  );
  assertEquals(refused.message, "Cannot list: 127.0.0.1:4566 responded with Throttling");
});
