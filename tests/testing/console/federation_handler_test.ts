/**
 * The emulator's federation endpoint: which keys it takes, for how long, and what its tokens open.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { CredentialsFields } from "../../../src/credentials.ts";
import { createStsEmulator, type StsEmulator } from "../../../src/testing/mod.ts";
import { VirtualClock } from "../../fake_system.ts";

const destination = "https://us-east-1.console.aws.amazon.com/";

function start() {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
  });
  return { clock, emulator };
}

type Keys = Readonly<Record<"accessKeyId" | "secretAccessKey" | "sessionToken", string>>;

async function ask(emulator: StsEmulator, keys: Keys, more: Record<string, string> = {}) {
  const session = {
    sessionId: keys.accessKeyId,
    sessionKey: keys.secretAccessKey,
    sessionToken: keys.sessionToken,
  };
  const body = new URLSearchParams({
    Action: "getSigninToken",
    Session: JSON.stringify(session),
    ...more,
  });
  const request = new Request("http://127.0.0.1/federation", { method: "POST", body });
  return await emulator.handle(request);
}

Deno.test("federation: a role's keys become a token that signs in for fifteen minutes", async () => {
  const place = start();
  const keys = await roleKeys(place);
  const response = await ask(place.emulator, keys);
  assertEquals(response.status, 200);
  const { SigninToken } = await response.json();
  const page = `http://127.0.0.1/federation?${new URLSearchParams({
    Action: "login",
    Destination: destination,
    SigninToken,
  })}`;
  assertEquals(
    (await place.emulator.handle(new Request(page))).headers.get("location"),
    destination,
  );
  await place.clock.advance(15 * 60_000);
  assertEquals((await place.emulator.handle(new Request(page))).status, 400);
  assertEquals(place.emulator.count("getSigninToken", "ok"), 1);
});

Deno.test("federation: a user's session, a wrong secret and a wrong duration are refused", async () => {
  const place = start();
  const keys = await roleKeys(place);
  const refusedWith = async (response: Response) => {
    assertEquals(response.status, 400);
    assertEquals(await response.text(), "Invalid Credentials Parameter");
  };
  await refusedWith(await ask(place.emulator, { ...keys, secretAccessKey: "wrong" }));
  await refusedWith(await ask(place.emulator, keys, { SessionDuration: "60" }));
  await refusedWith(await ask(place.emulator, await userKeys(place)));
  assertEquals((await ask(place.emulator, keys, { SessionDuration: "43200" })).status, 200);
});

const userOf = ({ emulator }: ReturnType<typeof start>) => {
  const [user] = emulator.world.users;
  const keys = {
    accessKeyId: user?.accessKeyId ?? "",
    secretAccessKey: user?.secretAccessKey ?? "",
  };
  const serial = user?.mfa?.serial ?? "";
  return { keys, mfa: { serial, code: emulator.mfaCode(serial) } };
};

async function roleKeys(place: ReturnType<typeof start>): Promise<Keys> {
  const roleArn = place.emulator.world.roles[0]?.arn ?? "";
  return keysOf(
    await place.emulator.service.assumeRole({ ...userOf(place), roleArn, roleSessionName: "kim" }),
  );
}

async function userKeys(place: ReturnType<typeof start>): Promise<Keys> {
  return keysOf(await place.emulator.service.getSessionToken({ keys: userOf(place).keys }));
}

function keysOf({ AccessKeyId, SecretAccessKey, SessionToken }: CredentialsFields): Keys {
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}
