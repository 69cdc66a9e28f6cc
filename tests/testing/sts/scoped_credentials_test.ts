import { GetScopedCredentialsCommand, STSServiceException } from "@aws-sdk/client-sts";
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import type { AccessKeys } from "../../../src/credentials.ts";
import { clock } from "../../../src/web/clock.ts";
import { EmulatorError, type ScopedCredentialsInput } from "../../../src/testing/mod.ts";
import { type Bench, bench, keysOf, kim, mfaSession, owner, role, roleArn } from "../fixtures.ts";
import { sdkClient, sdkKeys } from "../sdk_handler.ts";
import { refusal } from "./http_refusal.ts";
import { sdkVariables } from "../../sts/sdk_variables.ts";

const policyOf = (action: string) =>
  JSON.stringify({ Statement: { Effect: "Allow", Action: action, Resource: "*" } });
const deploy = { roleArn: roleArn("Deploy"), roleSessionName: "sts-deploy" };

async function scope({ emulator }: Bench, keys: AccessKeys, input: ScopedCredentialsInput) {
  return keysOf(await emulator.service.getScopedCredentials({ keys, ...input }));
}

async function roleKeys({ emulator }: Bench, durationSeconds = 3_600): Promise<AccessKeys> {
  return keysOf(await emulator.service.assumeRole({ keys: kim, ...deploy, durationSeconds }));
}

Deno.test({
  name: "getScopedCredentials() keeps the identity and the end, and narrows what it may",
  permissions: "none",
  async fn() {
    const tools = bench();
    const { emulator } = tools;
    const wide = await roleKeys(tools);
    const narrow = await scope(tools, wide, { policy: policyOf("s3:*"), description: "an agent" });
    const [before, after] = [wide, narrow].map((keys) => emulator.identityOf(keys.accessKeyId));
    assertEquals([after?.arn, after?.userId], [before?.arn, before?.userId]);
    assertEquals(after?.expiration, before?.expiration);
    const may = (action: string) => emulator.isAllowed(narrow.accessKeyId, { action });
    assertEquals([may("s3:GetObject"), may("sqs:SendMessage")], [true, false]);
    assertEquals(emulator.isAllowed(wide.accessKeyId, { action: "sqs:SendMessage" }), true);
    assertEquals(emulator.calls.at(-1)?.session, {
      policy: policyOf("s3:*"),
      description: "an agent",
    });
  },
});

Deno.test({
  name: "getScopedCredentials() narrows a user's session, which can still assume what it allows",
  permissions: "none",
  async fn() {
    const tools = bench([role("Deploy", { requireMfa: true }), role("Other")]);
    const session = await mfaSession(tools.emulator);
    const policy = JSON.stringify({
      Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: deploy.roleArn },
    });
    const keys = await scope(tools, session, { policy, durationSeconds: 60 });
    await tools.emulator.service.assumeRole({ keys, ...deploy });
    await assertRejects(
      () => tools.emulator.service.assumeRole({ keys, ...deploy, roleArn: roleArn("Other") }),
      EmulatorError,
      "not authorized",
    );
  },
});

Deno.test({
  name: "getScopedCredentials() shortens a session from one second on, and never lengthens it",
  permissions: "none",
  async fn() {
    const tools = bench();
    const { clock, emulator } = tools;
    const keys = await roleKeys(tools);
    const short = await scope(tools, keys, { durationSeconds: 1 });
    const end = emulator.identityOf(short.accessKeyId)?.expiration ?? 0;
    assertEquals(end - clock.now(), 1_000);
    await scope(tools, keys, { durationSeconds: 3_600 });
    const error = await assertRejects(
      () => scope(tools, keys, { durationSeconds: 3_601 }),
      EmulatorError,
    );
    assertEquals([error.code, error.status], ["InsufficientSessionLifetime", 400]);
    await clock.advance(1_000);
    const ended = await assertRejects(
      () => emulator.service.getCallerIdentity({ keys: short }),
      EmulatorError,
    );
    assertEquals(ended.code, "ExpiredToken");
  },
});

Deno.test({
  name: "getScopedCredentials() puts on three policies at most, whatever else shortens the session",
  permissions: "none",
  async fn() {
    const tools = bench();
    let keys = await roleKeys(tools);
    for (const action of ["*", "s3:*", "s3:Get*"]) {
      keys = await scope(tools, keys, { policy: policyOf(action) });
      keys = await scope(tools, keys, { durationSeconds: 600 });
    }
    const may = (action: string) => tools.emulator.isAllowed(keys.accessKeyId, { action });
    assertEquals([may("s3:GetObject"), may("s3:PutObject")], [true, false]);
    const error = await assertRejects(() => scope(tools, keys, { policy: policyOf("*") }));
    assertInstanceOf(error, EmulatorError);
    assertEquals([error.code, error.status], ["AccessDenied", 403]);
  },
});

const REFUSED: readonly [
  what: string,
  input: ScopedCredentialsInput,
  code: string,
  message: string,
][] = [
  ["neither policy nor duration", { description: "x1" }, "ValidationError", "At least one"],
  ["no second at all", { durationSeconds: 0 }, "ValidationError", "equal to 1"],
  ["more than 36 hours", { durationSeconds: 129_601 }, "ValidationError", "129600"],
  ["a long policy", { policy: policyOf("*").padEnd(2_049) }, "ValidationError", "2048"],
  ["a policy that is none", { policy: "{}" }, "MalformedPolicyDocument", "Syntax"],
  [
    ...["a short description", { durationSeconds: 60, description: "x" }] as const,
    ...["ValidationError", "scopedSessionDescription"] as const,
  ],
];

for (const [what, input, code, message] of REFUSED) {
  Deno.test({
    name: `getScopedCredentials() rejects ${what}`,
    permissions: "none",
    async fn() {
      const tools = bench();
      const keys = await roleKeys(tools);
      const error = await assertRejects(() => scope(tools, keys, input), EmulatorError, message);
      assertEquals(error.code, code);
    },
  });
}

Deno.test({
  name: "getScopedCredentials() takes no long-term keys",
  permissions: "none",
  async fn() {
    for (const keys of [kim, owner]) {
      const error = await assertRejects(
        () => scope(bench(), keys, { durationSeconds: 60 }),
        EmulatorError,
      );
      assertEquals([error.code, error.status], ["InvalidSubjectCredentials", 400]);
    }
  },
});

Deno.test({
  name: "GetScopedCredentials is unknown to the global endpoint",
  permissions: "none",
  async fn() {
    const { emulator } = bench();
    const body = new URLSearchParams({
      ...{ Action: "GetScopedCredentials", Version: "2011-06-15", DurationSeconds: "60" },
    });
    const request = new Request("https://sts.amazonaws.com/", { method: "POST", body });
    assertEquals(await refusal(emulator, request), [
      ...[400, "InvalidAction"] as const,
      "Could not find operation GetScopedCredentials for version 2011-06-15",
    ]);
  },
});

/** What the SDK looks at when it is loaded and when a client is made. */
const permissions: Deno.PermissionOptionsObject = {
  env: sdkVariables,
};

Deno.test({
  name: "The AWS SDK reads the whole response of GetScopedCredentials, and its errors",
  permissions,
  async fn() {
    // The SDK signs with the time of the machine.
    const tools = bench(undefined, { clock });
    const { emulator } = tools;
    const client = sdkClient(emulator, await roleKeys(tools));
    const command = new GetScopedCredentialsCommand({
      Policy: policyOf("s3:*"),
      DurationSeconds: 600,
    });
    const answer = await client.send(command);
    const identity = emulator.identityOf(sdkKeys(answer.Credentials).accessKeyId);
    assertEquals(answer.SessionInfo, {
      ScopedSessionId: identity?.userId,
      Arn: "arn:aws:sts::111122223333:assumed-role/Deploy/sts-deploy",
    });
    assertEquals(answer.ScopedPoliciesCount, 1);
    assertEquals(answer.SessionTokenSize, answer.Credentials?.SessionToken?.length);
    assertEquals(answer.Credentials?.Expiration?.getTime(), identity?.expiration);
    const error = await assertRejects(() => sdkClient(emulator, kim).send(command));
    assertInstanceOf(error, STSServiceException);
    assertEquals(error.name, "InvalidSubjectCredentialsException");
  },
});
