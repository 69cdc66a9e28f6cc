import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { githubIssuer, githubTokenPath } from "../../../src/testing/mod.ts";
import type { EmulatorTokenTrust, StsEmulator, TokenRequest } from "../../../src/testing/mod.ts";
import { account, bench, keysOf, kim, role, roleArn } from "../fixtures.ts";
import { assertRefused, invalid } from "./refusal.ts";

const cluster = "https://oidc.example.com";
const subject = "system:serviceaccount:prod:app";
const input = { roleArn: roleArn("Deploy"), roleSessionName: "sts-deploy" };
const denied = {
  code: "AccessDenied",
  status: 403,
  message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
};

function tokenBench(trust: Partial<EmulatorTokenTrust> = {}, maxSessionDuration = 7_200) {
  const trustsTokens = [{ issuer: cluster, subject, ...trust }];
  const roles = [
    role("Deploy", { trusts: [], trustsTokens, maxSessionDuration }),
    role("Logs", { trusts: [roleArn("Deploy")], maxSessionDuration: 43_200 }),
  ];
  return bench(roles, {
    world: {
      users: [kim],
      roles,
      identityProviders: [
        { issuer: cluster, audiences: ["sts.amazonaws.com", "other"] },
        { issuer: githubIssuer, audiences: ["sts.amazonaws.com"], algorithm: "RS256" },
      ],
      github: { subject: "repo:example/app:ref:refs/heads/main", requestToken: "request-token-1" },
    },
  });
}

async function assume(
  emulator: StsEmulator,
  request: Partial<TokenRequest> = {},
  durationSeconds?: number,
) {
  const webIdentityToken = await emulator.webIdentityToken({ subject, ...request });
  return await emulator.service.assumeRoleWithWebIdentity({
    ...input,
    webIdentityToken,
    durationSeconds,
  });
}

function emulatorTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

emulatorTest(
  "assumeRoleWithWebIdentity() gives keys of the role for a token, and no key signs the call",
  async () => {
    const { clock, emulator } = tokenBench();
    const issued = await assume(emulator);
    assertEquals(issued.Expiration.getTime() - clock.now(), 3_600_000);
    const caller = await emulator.service.getCallerIdentity({ keys: keysOf(issued) });
    assertEquals(caller.arn, `arn:aws:sts::${account}:assumed-role/Deploy/sts-deploy`);
    assertEquals(emulator.calls.map(({ operation, accessKeyId }) => [operation, accessKeyId]), [
      ["AssumeRoleWithWebIdentity", ""],
      ["GetCallerIdentity", issued.AccessKeyId],
    ]);
  },
);

emulatorTest("assumeRoleWithWebIdentity() takes tokens of RS256 and of ES256", async () => {
  const trust = { issuer: githubIssuer, subject: "repo:example/*", audience: "sts.amazonaws.com" };
  const { emulator } = tokenBench(trust);
  const token = await emulator.webIdentityToken({
    issuer: githubIssuer,
    subject: "repo:example/x",
  });
  assertEquals(JSON.parse(atob(token.split(".")[0] ?? "")).alg, "RS256");
  await emulator.service.assumeRoleWithWebIdentity({ ...input, webIdentityToken: token });
});

emulatorTest(
  "assumeRoleWithWebIdentity() refuses what is no token, or nobody's, or altered",
  async () => {
    const { emulator } = tokenBench();
    const other = tokenBench().emulator;
    const good = await emulator.webIdentityToken({ subject });
    const [head, , tail] = good.split(".");
    const forged = btoa(JSON.stringify({ iss: cluster, sub: subject })).replaceAll("=", "");
    const none = btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "");
    const rows: readonly (readonly [token: string, message: string])[] = [
      [
        "abcd",
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
      ],
      [
        `${good}.x`,
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
      ],
      [`${head}.${forged}.${tail}`, "Provided Token is not valid: its signature does not match"],
      [
        `${none}.${good.split(".")[1]}.${tail}`,
        "Provided Token is not valid: its signature does not match",
      ],
      [
        await other.webIdentityToken({ subject }),
        "Provided Token is not valid: its signature does not match",
      ],
      [
        await emulator.webIdentityToken({ subject, claims: { iss: "https://else.example.com" } }),
        "No OpenIDConnect provider found in your account for https://else.example.com",
      ],
      [
        await emulator.webIdentityToken({ subject, audience: "nobody" }),
        "Incorrect token audience",
      ],
      [
        await emulator.webIdentityToken({ subject, claims: { sub: undefined } }),
        "Missing a required claim: sub",
      ],
      [
        await emulator.webIdentityToken({ subject, claims: { nbf: 4e9 } }),
        "Token is not yet valid: current date/time 1767225600 must be after the not before date/time 4000000000",
      ],
    ];
    for (const [webIdentityToken, message] of rows) {
      await assertRefused(
        () => emulator.service.assumeRoleWithWebIdentity({ ...input, webIdentityToken }),
        { code: "InvalidIdentityToken", status: 400, message },
      );
    }
  },
);

emulatorTest("assumeRoleWithWebIdentity() refuses a token that has expired", async () => {
  const { clock, emulator } = tokenBench();
  const webIdentityToken = await emulator.webIdentityToken({ subject, seconds: 60 });
  clock.jump(60_000);
  await assertRefused(
    () => emulator.service.assumeRoleWithWebIdentity({ ...input, webIdentityToken }),
    {
      code: "ExpiredTokenException",
      status: 400,
      message:
        "Token expired: current date/time 1767225660 must be before the expiration date/time 1767225660",
    },
  );
});

emulatorTest("assumeRoleWithWebIdentity() wants what the role's trust policy says", async () => {
  for (
    const trust of [
      { subject: "system:serviceaccount:prod:other" },
      { subject: "system.serviceaccount:prod:app" },
      { audience: "other" },
      { issuer: githubIssuer },
    ]
  ) await assertRefused(() => assume(tokenBench(trust).emulator), denied);
  await assume(tokenBench({ subject: "system:*:app", audience: "sts.amazonaws.com" }).emulator);
  const { emulator } = tokenBench();
  const webIdentityToken = await emulator.webIdentityToken({ subject });
  const unknown = { ...input, roleArn: roleArn("Nothing"), webIdentityToken };
  await assertRefused(() => emulator.service.assumeRoleWithWebIdentity(unknown), denied);
});

emulatorTest(
  "assumeRoleWithWebIdentity() gives as long a session as the role allows, its roles an hour",
  async () => {
    const { emulator } = tokenBench();
    const issued = await assume(emulator, {}, 7_200);
    assertEquals(issued.Expiration.getTime() - issued.StartTime.getTime(), 7_200_000);
    await assertRefused(
      () => assume(emulator, {}, 7_201),
      invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
    );
    const chained = { keys: keysOf(issued), roleArn: roleArn("Logs"), roleSessionName: "sts-logs" };
    await emulator.service.assumeRole({ ...chained, durationSeconds: 3_600 });
    await assertRefused(
      () => emulator.service.assumeRole({ ...chained, durationSeconds: 3_601 }),
      invalid(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      ),
    );
  },
);

emulatorTest("AssumeRoleWithWebIdentity over HTTP says whose token it was", async () => {
  const { emulator } = tokenBench();
  const token = await emulator.webIdentityToken({ subject });
  const call = async (more: Record<string, string>) => {
    const response = await emulator.handle(
      new Request("https://sts.us-east-1.amazonaws.com/", {
        method: "POST",
        body: new URLSearchParams({
          ...{ Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15" },
          ...{ RoleArn: input.roleArn, RoleSessionName: "sts-deploy", ...more },
        }),
      }),
    );
    return [response.status, await response.text()] as const;
  };
  const [status, xml] = await call({ WebIdentityToken: token, DurationSeconds: "900" });
  assertEquals(status, 200);
  assertMatch(
    xml,
    /<SubjectFromWebIdentityToken>system:serviceaccount:prod:app<.*<Audience>sts.amazonaws.com<.*<Provider>oidc.example.com</,
  );
  const [refused, why] = await call({});
  assertEquals(refused, 400);
  assertMatch(why, /<Code>ValidationError<.*webIdentityToken/);
  const [old] = await call({ WebIdentityToken: token, Version: "2010-05-08" });
  assertEquals(old, 400);
});

emulatorTest("Faults make it say what an identity provider may be to blame for", async () => {
  for (
    const [code, status] of [["IDPRejectedClaim", 403], ["IDPCommunicationError", 400]] as const
  ) {
    const { emulator } = tokenBench();
    const when = { operation: "AssumeRoleWithWebIdentity", times: 1 };
    emulator.faults.push({ when, effect: { kind: "fail", code, status } });
    await assertRefused(() => assume(emulator), { code, status, message: code });
    await assume(emulator);
  }
});

emulatorTest(
  "GitHub's endpoint gives a job tokens for the audience that it asks for, and nobody else",
  async () => {
    const { emulator } = tokenBench({ issuer: githubIssuer, subject: "repo:example/app:*" });
    const call = async (query: string, bearer?: string) => {
      const headers = new Headers(bearer === undefined ? [] : [["authorization", bearer]]);
      const url = `https://example.com${githubTokenPath}${query}`;
      const response = await emulator.handle(new Request(url, { headers }));
      return [response.status, await response.json()] as const;
    };
    const bearer = "Bearer request-token-1";
    const [status, { value }] = await call("&audience=sts.amazonaws.com", bearer);
    assertEquals(status, 200);
    await emulator.service.assumeRoleWithWebIdentity({ ...input, webIdentityToken: value });
    const [, other] = await call("&audience=else", bearer);
    await assertRefused(
      () => emulator.service.assumeRoleWithWebIdentity({ ...input, webIdentityToken: other.value }),
      { code: "InvalidIdentityToken", status: 400, message: "Incorrect token audience" },
    );
    assertNotEquals((await call("&audience=sts.amazonaws.com", bearer))[1].value, value);
    for (const wrong of [undefined, "Bearer other", "request-token-1"]) {
      assertEquals((await call("", wrong))[0], 401);
    }
    assertEquals(emulator.count("GetIdToken", "ok"), 3);
    assertEquals(emulator.count("GetIdToken", "Unauthorized"), 3);
    const when = { operation: "GetIdToken" };
    emulator.faults.push({ when, effect: { kind: "fail", code: "Busy", status: 503 } });
    assertEquals((await call("", bearer))[0], 503);
  },
);
