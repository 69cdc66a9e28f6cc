import { assertEquals, assertMatch } from "@std/assert";
import type { AccessKeys } from "../../../src/credentials.ts";
import type { EmulatorRole } from "../../../src/testing/mod.ts";
import {
  bench,
  keysOf,
  kim,
  mfaNow,
  mfaSession,
  owner,
  robin,
  role,
  roleArn,
} from "../fixtures.ts";
import { assertRefused, invalid, notAuthorized } from "./refusal.ts";

const kimArn = "arn:aws:iam::111122223333:user/kim";
const deploy = { roleArn: roleArn("Deploy"), roleSessionName: "sts-deploy" };
const chaining =
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";

Deno.test({
  name: "assumeRole() gives temporary keys for an hour, and getCallerIdentity() knows them",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench();
    const issued = await emulator.service.assumeRole({ keys: kim, ...deploy });
    assertEquals(issued.Expiration.getTime() - clock.now(), 3_600_000);
    const caller = await emulator.service.getCallerIdentity({ keys: keysOf(issued) });
    assertEquals(caller.account, "111122223333");
    assertEquals(caller.arn, "arn:aws:sts::111122223333:assumed-role/Deploy/sts-deploy");
    assertMatch(caller.userId, /^AROA[A-Z2-7]{17}:sts-deploy$/);
  },
});

Deno.test({
  name: "getCallerIdentity() knows a user, its session, and the root user",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const { service } = emulator;
    const user = await service.getCallerIdentity({ keys: kim });
    assertEquals(user.arn, kimArn);
    assertMatch(user.userId, /^AIDA[A-Z2-7]{17}$/);
    assertEquals(await service.getCallerIdentity({ keys: await mfaSession(emulator) }), user);
    assertEquals(await service.getCallerIdentity({ keys: owner }), {
      account: "111122223333",
      arn: "arn:aws:iam::111122223333:root",
      userId: "111122223333",
    });
  },
});

Deno.test({
  name:
    "assumeRole() puts the role's name without its path, and its partition, into the session's ARN",
  permissions: "none",
  async fn() {
    const arn = "arn:aws-cn:iam::111122223333:role/teams/web/Deploy";
    const { emulator } = bench([{ arn, trusts: ["*"] }]);
    const call = { keys: kim, roleArn: arn, roleSessionName: "sts-cn" };
    const { AccessKeyId } = await emulator.service.assumeRole(call);
    assertEquals(
      emulator.identityOf(AccessKeyId)?.arn,
      "arn:aws-cn:sts::111122223333:assumed-role/Deploy/sts-cn",
    );
  },
});

const TRUSTS: readonly [what: string, trusts: string, kimMay: boolean, robinMay: boolean][] = [
  ["everybody", "*", true, true],
  ["an account by its number", "111122223333", true, false],
  ["an account by its root", "arn:aws:iam::444455556666:root", false, true],
  ["a user", kimArn, true, false],
  ["an unknown user", "arn:aws:iam::111122223333:user/kimberly", false, false],
];

for (const [what, trusted, kimMay, robinMay] of TRUSTS) {
  Deno.test({
    name: `assumeRole() holds callers to a role's trust in ${what}`,
    permissions: "none",
    async fn() {
      const { emulator } = bench([role("Deploy", { trusts: [trusted] })]);
      const may = (keys: typeof kim) =>
        emulator.service.assumeRole({ keys, ...deploy }).then(() => true, () => false);
      assertEquals([await may(kim), await may(robin)], [kimMay, robinMay]);
    },
  });
}

Deno.test({
  name: "assumeRole() answers the same for a role that is denied, not trusting or not there",
  permissions: "none",
  async fn() {
    const { emulator } = bench([role("Denied", { denied: true }), role("Shy", { trusts: [] })]);
    for (const arn of ["Denied", "Shy", "Missing"].map(roleArn)) {
      await assertRefused(
        () => emulator.service.assumeRole({ keys: kim, roleArn: arn, roleSessionName: "sts" }),
        notAuthorized(kimArn, arn),
      );
    }
  },
});

Deno.test({
  name: "assumeRole() wants the role's external id",
  permissions: "none",
  async fn() {
    const { emulator } = bench([role("Deploy", { externalId: "x/42" })]);
    const call = { keys: kim, ...deploy };
    await emulator.service.assumeRole({ ...call, externalId: "x/42" });
    for (const externalId of [undefined, "x/43"]) {
      await assertRefused(
        () => emulator.service.assumeRole({ ...call, externalId }),
        notAuthorized(kimArn, deploy.roleArn),
      );
    }
  },
});

Deno.test({
  name: "assumeRole() takes MFA from the call or from the session, and not from a role's session",
  permissions: "none",
  async fn() {
    const roles: EmulatorRole[] = [
      role("Deploy", { requireMfa: true }),
      role("Second", { requireMfa: true }),
    ];
    const { emulator, clock } = bench(roles);
    const { service } = emulator;
    const refused = notAuthorized(kimArn, deploy.roleArn);
    await assertRefused(() => service.assumeRole({ keys: kim, ...deploy }), refused);
    const plain = keysOf(await service.getSessionToken({ keys: kim }));
    await assertRefused(() => service.assumeRole({ keys: plain, ...deploy }), refused);
    await service.assumeRole({ keys: kim, ...deploy, mfa: mfaNow(emulator) });
    clock.jump(30_000);
    const first = await service.assumeRole({ keys: await mfaSession(emulator), ...deploy });
    const second = { keys: keysOf(first), roleArn: roleArn("Second"), roleSessionName: "sts-2" };
    const session = "arn:aws:sts::111122223333:assumed-role/Deploy/sts-deploy";
    await assertRefused(
      () => service.assumeRole(second),
      notAuthorized(session, second.roleArn),
    );
  },
});

Deno.test({
  name: "assumeRole() lets a role assume a role that trusts it",
  permissions: "none",
  async fn() {
    const { emulator } = bench([role("Deploy"), role("Next", { trusts: [deploy.roleArn] })]);
    const keys = keysOf(await emulator.service.assumeRole({ keys: kim, ...deploy }));
    const next = { roleArn: roleArn("Next"), roleSessionName: "sts-next" };
    await emulator.service.assumeRole({ keys, ...next });
    await assertRefused(
      () => emulator.service.assumeRole({ keys: kim, ...next }),
      notAuthorized(kimArn, next.roleArn),
    );
  },
});

Deno.test({
  name: "assumeRole() holds to MaxSessionDuration, and to an hour for the keys of any session",
  permissions: "none",
  async fn() {
    const { emulator } = bench([role("Deploy", { maxSessionDuration: 7_200 })]);
    const { service } = emulator;
    const ask = (keys: AccessKeys, durationSeconds: number) => () =>
      service.assumeRole({ keys, ...deploy, durationSeconds });
    await ask(kim, 7_200)();
    const over = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    await assertRefused(ask(kim, 7_201), invalid(over));
    const session = await mfaSession(emulator);
    const chained = keysOf(await ask(session, 3_600)());
    await assertRefused(ask(session, 3_601), invalid(chaining));
    await assertRefused(ask(chained, 3_601), invalid(chaining));
  },
});

Deno.test({
  name: "assumeRole() gives as little as it is told to, whatever was asked for",
  permissions: "none",
  async fn() {
    const { clock, emulator } = bench([role("Deploy")], { roleSeconds: 6 });
    const { Expiration } = await emulator.service.assumeRole({ keys: kim, ...deploy });
    assertEquals(Expiration.getTime() - clock.now(), 6_000);
  },
});

Deno.test({
  name: "assumeRole() is not for root users, nor for their sessions",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const session = keysOf(await emulator.service.getSessionToken({ keys: owner }));
    for (const keys of [owner, session]) {
      await assertRefused(() => emulator.service.assumeRole({ keys, ...deploy }), {
        code: "AccessDenied",
        status: 403,
        message: "Roles may not be assumed by root accounts.",
      });
    }
  },
});

Deno.test({
  name: "assumeRole() says what is missing and what is malformed",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const constraint = "failed to satisfy constraint: Member must";
    await assertRefused(
      () => emulator.service.assumeRole({ keys: kim, roleSessionName: "a b/c" }),
      invalid(
        `2 validation errors detected: Value null at 'roleArn' ${constraint} not be null; ` +
          `Value 'a b/c' at 'roleSessionName' ${constraint} satisfy regular expression pattern: [\\w+=,.@-]*`,
      ),
    );
    const long = "x".repeat(65);
    await assertRefused(
      () => emulator.service.assumeRole({ keys: kim, ...deploy, roleSessionName: long }),
      invalid(
        `1 validation error detected: Value '${long}' at 'roleSessionName' ${constraint} have length less than or equal to 64`,
      ),
    );
    const call = { keys: kim, roleArn: "Deploy-Deploy-Deploy", roleSessionName: "sts" };
    await assertRefused(
      () => emulator.service.assumeRole(call),
      invalid("Deploy-Deploy-Deploy is invalid"),
    );
  },
});
