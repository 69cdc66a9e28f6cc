/**
 * What each call of STS sends, to the last field, and what is told while it is waited for.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import type { Wait } from "../../src/progress.ts";
import { createSts } from "../../src/sts/client.ts";
import { fakeSystem, seededRandom, VirtualClock } from "../fake_system.ts";
import {
  bench,
  credentialsXml,
  endpoint,
  identityXml,
  readCredentials,
  refusal,
  userKeys as keys,
  xml,
} from "./handmade.ts";

const policy = '{"Statement":[]}';
const roleArn = "arn:aws:iam::111122223333:role/Deploy";
const parameters = {
  policy,
  policyArns: ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"],
  tags: [{ key: "team", value: "web" }, { key: "city", value: "" }],
  transitiveTagKeys: ["team"],
  sourceIdentity: "kim",
};
const sentParameters = {
  Policy: policy,
  "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/A",
  "PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/B",
  "Tags.member.1.Key": "team",
  "Tags.member.1.Value": "web",
  "Tags.member.2.Key": "city",
  "Tags.member.2.Value": "",
  "TransitiveTagKeys.member.1": "team",
  SourceIdentity: "kim",
};

function bodyOf(bodies: readonly URLSearchParams[], index: number) {
  const { Version, ...body } = Object.fromEntries(bodies[index] ?? []);
  assertEquals(Version, "2011-06-15");
  return body;
}

const scopedXml = credentialsXml("AssumeRole").replaceAll("AssumeRole", "GetScopedCredentials");

Deno.test("assumeRole() sends every parameter of the session", async () => {
  const { sts, bodies } = bench(() => xml(credentialsXml("AssumeRole")));
  const call = { keys, endpoint, roleArn, roleSessionName: "x", durationSeconds: 900 };
  await sts.assumeRole({ ...call, profile: "dev", ...parameters });
  assertEquals(bodyOf(bodies, 0), {
    ...{ Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "x", DurationSeconds: "900" },
    ...sentParameters,
  });
});

Deno.test("assumeRoleWithWebIdentity() sends the token, and a duration and policies where there are some", async () => {
  const { sts, bodies } = bench(() => xml(credentialsXml("AssumeRoleWithWebIdentity")));
  const call = {
    ...{ endpoint, roleArn, roleSessionName: "x", profile: "web" },
    webIdentityToken: "a.b.c",
  };
  const sent = {
    ...{ Action: "AssumeRoleWithWebIdentity", RoleArn: roleArn, RoleSessionName: "x" },
    WebIdentityToken: "a.b.c",
  };
  assertEquals(await sts.assumeRoleWithWebIdentity(call), readCredentials);
  await sts.assumeRoleWithWebIdentity({ ...call, durationSeconds: 900, policy });
  assertEquals([bodyOf(bodies, 0), bodyOf(bodies, 1)], [
    sent,
    { ...sent, DurationSeconds: "900", Policy: policy },
  ]);
});

Deno.test("getScopedCredentials() sends what it was given and nothing else", async () => {
  const { sts, bodies } = bench(() => xml(scopedXml));
  const call = { keys, endpoint, profile: "dev" };
  assertEquals(await sts.getScopedCredentials({ ...call, durationSeconds: 900 }), readCredentials);
  await sts.getScopedCredentials({ ...call, policy });
  await sts.getScopedCredentials({ ...call, policy, description: "a build", durationSeconds: 1 });
  const Action = "GetScopedCredentials";
  assertEquals([0, 1, 2].map((index) => bodyOf(bodies, index)), [
    { Action, DurationSeconds: "900" },
    { Action, Policy: policy },
    { Action, Policy: policy, ScopedSessionDescription: "a build", DurationSeconds: "1" },
  ]);
});

Deno.test("an error names the operation that failed", async () => {
  const calls = {
    GetSessionToken: ({ sts }: ReturnType<typeof bench>) =>
      sts.getSessionToken({ keys, endpoint, durationSeconds: 900 }),
    GetCallerIdentity: ({ sts }: ReturnType<typeof bench>) =>
      sts.getCallerIdentity({ keys, endpoint }),
    GetScopedCredentials: ({ sts }: ReturnType<typeof bench>) =>
      sts.getScopedCredentials({ keys, endpoint, profile: "dev", durationSeconds: 900 }),
  };
  for (const [operation, call] of Object.entries(calls)) {
    const desk = bench(() => refusal("AccessDenied", "no", 403));
    const error = await assertRejects(() => call(desk), StsError);
    assertEquals(error.operation, operation);
  }
});

Deno.test("an answer that lacks a part is no answer", async () => {
  const whole = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map((name) =>
    `<${name}>ASIAEXAMPLEEXAMPLE01</${name}>`
  ).concat("<Expiration>2026-01-01T01:00:00Z</Expiration>");
  for (const missing of whole.keys()) {
    const { sts } = bench(() => xml(credentialsXml("AssumeRole", whole.toSpliced(missing, 1))));
    const call = { keys, endpoint, roleArn, roleSessionName: "x", durationSeconds: 900 };
    await assertRejects(
      () => sts.assumeRole({ ...call, profile: "dev" }),
      StsUnreachableError,
      "responded without the expected content",
    );
  }
  for (const name of ["Arn", "UserId", "Account"]) {
    const { sts } = bench(() => xml(identityXml.replace(RegExp(`<${name}>.*</${name}>`), "")));
    await assertRejects(() => sts.getCallerIdentity({ keys, endpoint }), StsUnreachableError);
  }
});

/** Notes what is waited for, and when each wait ends. */
function noted() {
  const waits: (Wait | string)[] = [];
  return {
    waits,
    wait(wait: Wait): Disposable {
      waits.push(wait);
      return { [Symbol.dispose]: () => void waits.push(`end of ${wait.kind}`) };
    },
  };
}

for (
  const [code, isThrottled] of [["Throttling", true], ["InternalFailure", false]] as const
) {
  Deno.test(`what a call waits for is told: its host, and after ${code} until when`, async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const { waits, wait } = noted();
    let turn = 0;
    const system = fakeSystem({
      clock,
      fetch: () => {
        waits.push("an answer");
        return Promise.resolve(
          turn++ === 0
            ? refusal(code, "no", code === "Throttling" ? 400 : 500)
            : xml(credentialsXml("GetSessionToken")),
        );
      },
    });
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const logger = { debug: say, info: say, warn: say, error: say };
    const ports = { ...system, random: seededRandom(), waits: { wait }, logger } as never;
    const sts = createSts(ports, {});
    await clock.runUntil(sts.getSessionToken({ keys, endpoint, durationSeconds: 900 }));
    const host = "sts.eu-west-1.amazonaws.com";
    const until = clock.now();
    const call = { kind: "call", host } as const;
    assertEquals(waits, [
      { ...call, since: start },
      "an answer",
      "end of call",
      { kind: "retry", code, isThrottled, until },
      "end of retry",
      { ...call, since: until },
      "an answer",
      "end of call",
      "end of retry",
    ]);
    assertEquals(until > start, true);
    assertStringIncludes(lines[0] ?? "", `GetSessionToken again in ${until - start} ms: ${code}`);
  });
}
