/**
 * A rotation from its first step to its last, killed at each of its effects, with IAM as slow and as forgetful as AWS's.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { SourceError, StsavalError, UsageError } from "../../../src/errors.ts";
import { IamRefusal } from "../../../src/source/iam/query.ts";
import {
  createAccessKey,
  deactivateAccessKey,
  deleteAccessKey,
} from "../../../src/source/iam/change_keys.ts";
import { Killed, type RotationBench, rotationBench } from "./fixtures.ts";

const second = { accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" };

/** The key in use works, and it is the only one. */
async function assertRotated(bench: RotationBench): Promise<void> {
  const { sealed: { content }, user, tried, online } = bench;
  const [key] = content.keys;
  assertEquals(content.keys.map(({ state }) => state), ["current"]);
  assert(key !== undefined && key.accessKeyId !== user.accessKeyId);
  assertEquals(await tried(key), "ok");
  assertEquals(online(), [key.accessKeyId]);
  assertEquals(content.rotation?.step, "done");
}

Deno.test("rotate: a new key takes the place of the old one, with one code", async () => {
  const bench = rotationBench();
  const result = await bench.run();
  await assertRotated(bench);
  assertEquals(bench.codes(), 1);
  assertEquals(result.old, bench.user.accessKeyId);
  assertEquals(result.keptUntil, undefined);
  const id = result.inUse.slice(-4);
  assertEquals(bench.told, [
    `Made access key …${id}, and sealed it beside the old one\n`,
    `Access key …${id} is in use from now on\n`,
    "Deactivated …MPLE\n",
  ]);
  assertMatch(bench.sealed.content.keys[0]?.created ?? "", /^2026-01-01T00:00:00/);
});

Deno.test("rotate: a session of the old key goes on working", async () => {
  const bench = rotationBench();
  const session = await bench.session();
  // A code is good once.
  await bench.system.clock.advance(30_000);
  await bench.run();
  assertEquals(await bench.tried(session), "ok");
});

Deno.test("rotate: killed at each of its effects, it loses nothing, and the next run goes on", async () => {
  let killAt = 0;
  for (let wasKilled = true; wasKilled; killAt++) {
    const bench = rotationBench({}, { keyDelayMs: 6_000, listDelayMs: 3_000 });
    const killed = await bench.run({ killAt }).then(() => false, (error) => {
      if (error instanceof Killed) return true;
      throw error;
    });
    wasKilled = killed;
    const current = bench.sealed.content.keys.find(({ state }) => state === "current");
    assert(current !== undefined);
    if (killed) {
      assertEquals(await bench.tried(current), "ok", `killed at ${killAt}`);
      assert(bench.online().length <= 2);
      // After its last effect nothing is left but to say so.
      if (bench.sealed.content.rotation?.step !== "done") await bench.run();
    }
    await assertRotated(bench);
    assertEquals(bench.codes(), 1, `killed at ${killAt}`);
  }
  assert(killAt > 20, `only ${killAt} effects`);
});

Deno.test("rotate: killed again and again, it comes to its end", async () => {
  const bench = rotationBench({}, { keyDelayMs: 6_000, listDelayMs: 3_000 });
  let runs = 0;
  // Each run is killed after a few effects more than the one before.
  for (let killAt = 1;; killAt += 2, runs++) {
    const ended = await bench.run({ killAt }).then(() => true, (error) => {
      if (error instanceof Killed) return false;
      throw error;
    });
    assert(bench.online().length <= 2);
    if (ended) break;
  }
  assert(runs > 3);
  await assertRotated(bench);
  assertEquals(bench.codes(), 1);
});

Deno.test("rotate: a key whose secret was lost on the way is told, deleted, and made anew", async () => {
  const bench = rotationBench();
  bench.emulator.faults.push({
    when: { operation: "CreateAccessKey", times: 1 },
    effect: { kind: "lose-answer" },
  });
  await bench.run();
  await assertRotated(bench);
  assertStringIncludes(
    bench.told.join(""),
    "its secret is lost: it was never used, and is deleted",
  );
  assertEquals(bench.emulator.count("CreateAccessKey", "ok"), 2);
});

Deno.test("rotate: the same where lists show the lost key late", async () => {
  const bench = rotationBench({}, { listDelayMs: 20_000 });
  bench.emulator.faults.push({
    when: { operation: "CreateAccessKey", times: 1 },
    effect: { kind: "lose-answer" },
  });
  await bench.run();
  await assertRotated(bench);
  assertEquals(bench.emulator.count("CreateAccessKey", "LimitExceeded"), 1);
});

Deno.test("rotate: a key that was used is not taken for the lost one", async () => {
  const bench = rotationBench();
  await assertRejects(() => bench.run({ killAt: 6 }), Killed);
  assertEquals(bench.sealed.content.rotation?.step, "create");
  const theirs = await createAccessKey(bench.owner());
  await bench.tried(theirs);
  const result = await bench.run();
  assertEquals(result, { inUse: bench.user.accessKeyId });
  assertEquals(bench.online().length, 2);
  assertStringIncludes(bench.asked.join(""), `Delete …${theirs.accessKeyId.slice(-4)} for good?`);
});

Deno.test("rotate: of two keys a person decides, who sees when each was used", async () => {
  const change = { furtherKeys: [{ ...second, created: "2025-02-03T00:00:00Z" }] };
  const refused = rotationBench(change);
  assertEquals(await refused.run(), { inUse: refused.user.accessKeyId });
  assertEquals(refused.online().length, 2);
  assertEquals(
    refused.told.join(""),
    'User "IAM_USER1" has two access keys, and AWS allows no third:\n' +
      "KEY    MADE        STATUS  LAST USED        WHERE\n" +
      "…MPLE  2026-01-01  active  2026-01-01, sts  in the store, in use\n" +
      "…SECO  2025-02-03  active  never            not in the store\n",
  );
  assertEquals(refused.asked, [
    "Delete …SECO for good? make sure that no program uses …SECO, then add --delete-key SECO",
  ]);
  const wanted = rotationBench(change);
  await wanted.run({ answer: true });
  await assertRotated(wanted);
  assertStringIncludes(wanted.told.join(""), "Deleted …SECO\n");
});

Deno.test("rotate: --delete-key answers the question, and names no key of the store", async () => {
  const change = { furtherKeys: [second] };
  for (const deleteKey of ["SECO", second.accessKeyId]) {
    const bench = rotationBench(change);
    await bench.run({ deleteKey });
    await assertRotated(bench);
    assertEquals(bench.asked, []);
  }
  const other = rotationBench(change);
  await other.run({ deleteKey: "WXYZ" });
  assertEquals([other.asked.length, other.online().length], [1, 2]);
  const own = await assertRejects(() => other.run({ deleteKey: "MPLE" }), UsageError);
  assertStringIncludes(own.message, "Cannot delete …MPLE: it is the key in the store");
});

Deno.test("rotate: where IAM may not tell when keys were used, that is said, and nothing is guessed", async () => {
  const policies = [JSON.stringify({
    Statement: [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "iam:GetAccessKeyLastUsed", Resource: "*" },
    ],
  })];
  const bench = rotationBench({ policies, furtherKeys: [second] });
  await bench.run();
  assertStringIncludes(bench.told.join(""), "not known");
  const lost = rotationBench({ policies });
  lost.emulator.faults.push({
    when: { operation: "CreateAccessKey", times: 1 },
    effect: { kind: "lose-answer" },
  });
  await lost.run();
  assertEquals([lost.asked.length, lost.online().length], [1, 2]);
});

Deno.test("rotate: --delete-after keeps the old key, deactivated, and a later run deletes it", async () => {
  const bench = rotationBench();
  const { user, system, tried, emulator } = bench;
  const hour = 3_600_000;
  const first = await bench.run({ deleteAfterMs: 24 * hour });
  const { keptUntil = 0 } = first;
  assertEquals(keptUntil - system.clock.now(), 24 * hour);
  assertEquals(await tried(user), "InvalidClientTokenId");
  assertEquals(bench.online().length, 2);
  const calls = emulator.calls.length;
  assertEquals(await bench.run(), first);
  assertEquals(emulator.calls.length, calls, "nothing is called before it is due");
  await system.clock.advance(24 * hour);
  await bench.run();
  await assertRotated(bench);
  assertEquals(emulator.count("CreateAccessKey"), 1);
});

Deno.test("rotate: without MFA it signs with the key in use, which IAM learns of late", async () => {
  const bench = rotationBench({}, { keyDelayMs: 9_000 }, { withMfa: false });
  await bench.run();
  await assertRotated(bench);
  const { emulator } = bench;
  const [deactivation] = emulator.calls.filter(({ operation }) => operation === "UpdateAccessKey");
  assertEquals(deactivation?.accessKeyId, bench.sealed.content.keys[0]?.accessKeyId);
});

Deno.test("rotate: a policy that wants MFA is recognized", async () => {
  const policies = [JSON.stringify({
    Statement: [{
      Effect: "Allow",
      Action: "iam:*",
      Resource: "*",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    }],
  })];
  const plain = rotationBench({ policies }, {}, { withMfa: false });
  const error = await assertRejects(() => plain.run(), IamRefusal);
  assertStringIncludes(error.hint ?? "", "name the device with --mfa-serial");
  const proven = rotationBench({ policies });
  await proven.run();
  await assertRotated(proven);
});

Deno.test("rotate: STS takes the new key three times in a row before it is put to use", async () => {
  const bench = rotationBench({}, { keyDelayMs: 30_000 });
  const start = bench.system.clock.now();
  await bench.run();
  const made = bench.sealed.content.keys[0]?.accessKeyId;
  const tries = bench.emulator.calls.filter(({ operation, accessKeyId }) =>
    operation === "GetCallerIdentity" && accessKeyId === made
  );
  assertEquals(tries.slice(-3).map(({ outcome }) => outcome), ["ok", "ok", "ok"]);
  assert(tries.some(({ outcome }) => outcome !== "ok"));
  assert((tries.at(-1)?.at ?? 0) - start >= 20_000);
});

Deno.test("rotate: a key that some hosts of STS do not take within a minute is put to use with a word", async () => {
  const bench = rotationBench({}, { keyDelayMs: 150_000 });
  await bench.run();
  assertStringIncludes(bench.told.join(""), "everywhere after 60 seconds: going on");
});

Deno.test("rotate: a key that no host of STS takes is not put to use; a later run goes on", async () => {
  const bench = rotationBench({}, { keyDelayMs: 400_000 });
  const error = await assertRejects(() => bench.run(), StsavalError);
  assertMatch(
    error.message,
    /^Cannot change over to access key …....: STS does not take it after 60 seconds$/,
  );
  assertEquals(bench.sealed.content.keys.map(({ state }) => state), ["current", "next"]);
  assertEquals(await bench.tried(bench.user), "ok");
  await bench.system.clock.advance(400_000);
  await bench.run();
  await assertRotated(bench);
  assertEquals(bench.emulator.count("CreateAccessKey"), 1);
});

Deno.test("rotate: a new key that was deleted or deactivated before its use is made again", async () => {
  for (const isDeleted of [true, false]) {
    const bench = rotationBench({}, { keyDelayMs: 400_000 });
    await assertRejects(() => bench.run(), StsavalError);
    const next = bench.sealed.content.keys.find(({ state }) => state === "next")?.accessKeyId ?? "";
    await (isDeleted ? deleteAccessKey : deactivateAccessKey)(bench.owner(), next);
    await bench.system.clock.advance(400_000);
    // The new key is known nowhere for 400 seconds again: that it is made is enough.
    await assertRejects(() => bench.run(), StsavalError);
    assertEquals(bench.emulator.count("CreateAccessKey", "ok"), 2);
    assertEquals(bench.online().length, 2);
    assertStringIncludes(bench.told.join(""), "was deactivated or deleted before it came into use");
  }
});

Deno.test("rotate: a key that IAM does not list is not rotated, however long the list is waited for", async () => {
  const bench = rotationBench();
  await assertRejects(() => bench.run({ killAt: 3 }), Killed);
  await deleteAccessKey(bench.owner(), bench.user.accessKeyId);
  const start = bench.system.clock.now();
  const error = await assertRejects(() => bench.run(), StsavalError);
  assertEquals(
    error.message,
    'Cannot rotate access key …MPLE: IAM does not list it among the keys of user "IAM_USER1"',
  );
  assertEquals(bench.system.clock.now() - start, 60_000);
  assertEquals(bench.emulator.count("CreateAccessKey"), 0);
});

Deno.test("rotate: what IAM refuses ends it, with what is to be allowed", async () => {
  const policies = [JSON.stringify({
    Statement: [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "iam:DeleteAccessKey", Resource: "*" },
    ],
  })];
  const bench = rotationBench({ policies });
  const error = await assertRejects(() => bench.run(), SourceError);
  assertEquals(error.hint, 'allow iam:DeleteAccessKey on the user "IAM_USER1"');
  const current = bench.sealed.content.keys.find(({ state }) => state === "current");
  assertEquals(current && await bench.tried(current), "ok");
  assertEquals(bench.sealed.content.rotation?.step, "delete");
});
