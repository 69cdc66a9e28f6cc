import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSServiceException,
} from "@aws-sdk/client-sts";
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import type { AccessKeys } from "../../src/credentials.ts";
import { clock } from "../../src/web/clock.ts";
import { ConnectionDroppedError, type StsEmulator } from "../../src/testing/mod.ts";
import { bench, kim, mfaNow, role, roleArn, serial } from "./fixtures.ts";
import { sdkClient, sdkKeys } from "./sdk_handler.ts";
import { sdkVariables } from "../sts/sdk_variables.ts";

/** What the SDK looks at when it is loaded and when a client is made. Nothing else is allowed in these tests. */
const permissions: Deno.PermissionOptionsObject = {
  env: sdkVariables,
};

const deploy = { RoleArn: roleArn("Deploy"), RoleSessionName: "sts-Deploy" };

/** The SDK signs with the time of the machine, so the emulator must live by it here. */
function sdkBench() {
  const { emulator } = bench([role("Deploy", { requireMfa: true })], { clock });
  return { emulator, client: (keys: AccessKeys = kim) => sdkClient(emulator, keys) };
}

function tokenCommand(emulator: StsEmulator): GetSessionTokenCommand {
  const { code } = mfaNow(emulator);
  return new GetSessionTokenCommand({
    SerialNumber: serial,
    TokenCode: code,
    DurationSeconds: 900,
  });
}

/** The name, the status and the text of the SDK's error. */
async function sdkRefusal(call: () => Promise<unknown>): Promise<unknown[]> {
  const error = await assertRejects(call);
  assertInstanceOf(error, STSServiceException);
  return [error.name, error.$metadata.httpStatusCode, error.message];
}

Deno.test({
  name: "The AWS SDK gets a session token, assumes a role with it, and is told who it is",
  permissions,
  async fn() {
    const { emulator, client } = sdkBench();
    const session = await client().send(tokenCommand(emulator));
    const assumed = await client(sdkKeys(session.Credentials)).send(new AssumeRoleCommand(deploy));
    const arn = "arn:aws:sts::111122223333:assumed-role/Deploy/sts-Deploy";
    assertEquals(assumed.AssumedRoleUser?.Arn, arn);
    const expiration = assumed.Credentials?.Expiration;
    assertEquals(
      expiration?.getTime(),
      emulator.identityOf(sdkKeys(assumed.Credentials).accessKeyId)?.expiration,
    );
    const identity = await client(sdkKeys(assumed.Credentials)).send(
      new GetCallerIdentityCommand(),
    );
    assertEquals(identity.Arn, arn);
    assertEquals(emulator.calls.map((call) => call.operation), [
      "GetSessionToken",
      "AssumeRole",
      "GetCallerIdentity",
    ]);
  },
});

Deno.test({
  name: "The AWS SDK assumes a role with an MFA code in the call",
  permissions,
  async fn() {
    const { emulator, client } = sdkBench();
    const { code } = mfaNow(emulator);
    const command = new AssumeRoleCommand({ ...deploy, SerialNumber: serial, TokenCode: code });
    assertEquals(
      (await client().send(command)).AssumedRoleUser?.Arn?.endsWith("/sts-Deploy"),
      true,
    );
  },
});

Deno.test({
  name: "The AWS SDK reads the emulator's refusals as its own exceptions",
  permissions,
  async fn() {
    const { emulator, client } = sdkBench();
    await client().send(tokenCommand(emulator));
    assertEquals(await sdkRefusal(() => client().send(tokenCommand(emulator))), [
      "AccessDenied",
      403,
      "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ]);
    assertEquals(await sdkRefusal(() => client().send(new AssumeRoleCommand(deploy))), [
      "AccessDenied",
      403,
      "User: arn:aws:iam::111122223333:user/kim is not authorized to perform: sts:AssumeRole " +
      "on resource: arn:aws:iam::111122223333:role/Deploy",
    ]);
    const stranger = { accessKeyId: "AKIASTRANGER00000000", secretAccessKey: "x" };
    const whoAmI = new GetCallerIdentityCommand();
    assertEquals(await sdkRefusal(() => client(stranger).send(whoAmI)), [
      "InvalidClientTokenId",
      403,
      "The security token included in the request is invalid.",
    ]);
    const [name] = await sdkRefusal(() => client({ ...kim, secretAccessKey: "x" }).send(whoAmI));
    assertEquals(name, "SignatureDoesNotMatch");
  },
});

Deno.test({
  name: "The AWS SDK sees throttling, chosen failures and dropped connections",
  permissions,
  async fn() {
    const { emulator, client } = sdkBench();
    const ask = () => client().send(new GetCallerIdentityCommand());
    emulator.faults.push({ effect: { kind: "throttle" } });
    assertEquals(await sdkRefusal(ask), ["Throttling", 400, "Rate exceeded"]);
    emulator.faults[0] = { effect: { kind: "fail", code: "ServiceUnavailable", status: 503 } };
    assertEquals((await sdkRefusal(ask)).slice(0, 2), ["ServiceUnavailable", 503]);
    emulator.faults[0] = { effect: { kind: "drop" } };
    await assertRejects(ask, ConnectionDroppedError);
  },
});
