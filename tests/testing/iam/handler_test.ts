/**
 * ListMFADevices and ListAccessKeys, as stsaval asks and as the emulator answers: with and without the right.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { SourceError } from "../../../src/errors.ts";
import { listAccessKeys } from "../../../src/source/iam/access_keys.ts";
import { iamEndpoint, iamHosts } from "../../../src/source/iam/iam_hosts.ts";
import { listMfaSerials } from "../../../src/source/iam/mfa_devices.ts";
import { signForm } from "../../../src/source/iam/signature.ts";
import { partitions } from "../../../src/sts/partition.ts";
import { createStsEmulator, type EmulatorUser, sampleWorld } from "../../../src/testing/mod.ts";
import { fakeSystem } from "../../fake_system.ts";

function start(change: Partial<EmulatorUser> = {}) {
  const world = sampleWorld();
  const [first] = world.users;
  if (first === undefined) throw new Error("the sample has a user");
  const user: EmulatorUser = { ...first, ...change };
  const system = fakeSystem();
  const emulator = createStsEmulator({
    clock: { now: () => system.clock.now(), sleep: () => Promise.resolve() },
    world: { ...world, users: [user] },
  });
  const requests: Request[] = [];
  const fetch = async (request: Request) => {
    requests.push(request.clone());
    return await emulator.handle(request);
  };
  const ports = {
    system: { ...system, network: { fetch } },
    signal: new AbortController().signal,
  };
  const list = (secretAccessKey = user.secretAccessKey) =>
    listMfaSerials(
      ports,
      { accessKeyId: user.accessKeyId, secretAccessKey },
      iamEndpoint("eu-west-1", "http://127.0.0.1:4566"),
    );
  const accessKeys = () =>
    listAccessKeys(ports, user, iamEndpoint("eu-west-1", "http://127.0.0.1:4566"));
  return { accessKeys, emulator, list, requests, user };
}

Deno.test("ListMFADevices: the device of the user, by a signed request without the secret", async () => {
  const { emulator, list, requests, user } = start();
  assertEquals(await list(), [user.mfa?.serial ?? "none"]);
  assertEquals(emulator.count("ListMFADevices", "ok"), 1);
  const [request] = requests;
  const sent = `${request?.url} ${await request?.text()} ${[...request?.headers ?? []].join(" ")}`;
  assertEquals(sent.includes(user.secretAccessKey), false);
  assertStringIncludes(sent, "/us-east-1/iam/aws4_request");
});

Deno.test("ListMFADevices: none for a user without a device", async () => {
  const { emulator, list } = start({ mfa: undefined as never });
  assertEquals(await list(), []);
  assertEquals(emulator.count("ListMFADevices", "ok"), 1);
});

Deno.test("ListMFADevices: AccessDenied without the right, SignatureDoesNotMatch for a wrong secret", async () => {
  const denied = await assertRejects(start({ deniesListMfaDevices: true }).list, SourceError);
  assertStringIncludes(denied.message, "AccessDenied");
  const { list } = start();
  const wrong = await assertRejects(() => list("wrong-secret"), SourceError);
  assertStringIncludes(wrong.message, "SignatureDoesNotMatch");
  assertEquals(wrong.message.includes("wrong-secret"), false);
});

Deno.test("ListAccessKeys: the user's key with its date, or why IAM does not tell", async () => {
  const { accessKeys, user } = start({ keyCreated: "2025-02-03T04:05:06Z" });
  assertEquals(await accessKeys(), [{
    ...{ accessKeyId: user.accessKeyId, created: Date.UTC(2025, 1, 3, 4, 5, 6), isActive: true },
  }]);
  const plain = await start().accessKeys();
  assertEquals(plain.map(({ created }) => created), [Date.UTC(2026, 0, 1)]);
  const denied = await assertRejects(start({ deniesListAccessKeys: true }).accessKeys, SourceError);
  assertEquals(
    denied.message,
    "Cannot list the access keys: 127.0.0.1:4566 responded with AccessDenied",
  );
  assertEquals(denied.hint, "allow iam:ListAccessKeys, or leave out --ask-iam");
});

Deno.test("ListAccessKeys: what is no key is left out, and what was deactivated is told", async () => {
  const member = (text: string) => `<member>${text}</member>`;
  const key = "<AccessKeyId>AKIA1</AccessKeyId><CreateDate>2026-01-02T00:00:00Z</CreateDate>";
  const xml = "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata>" +
    member(`<Status>Inactive</Status>${key}`) + member("<CreateDate>soon</CreateDate>") +
    member(key.replace("AKIA1", "AKIA2")) +
    "</AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>";
  const found = await listAccessKeys(
    {
      system: { ...fakeSystem(), network: { fetch: () => Promise.resolve(new Response(xml)) } },
      signal: new AbortController().signal,
    },
    { accessKeyId: "AKIA1", secretAccessKey: "s" },
    iamEndpoint("eu-west-1", "http://127.0.0.1:4566"),
  );
  assertEquals(found, [{ accessKeyId: "AKIA1", created: Date.UTC(2026, 0, 2), isActive: false }]);
});

Deno.test("iam: keys that are FIDO show no codes", async () => {
  const serial = "arn:aws:iam::123456789012:u2f/user/kim/key";
  const { list } = start({ mfa: { serial, secret: "JBSWY3DPEHPK3PXP" } });
  assertEquals(await list(), []);
});

Deno.test("iam: each partition has an endpoint", () => {
  assertEquals(iamHosts.length, partitions.length);
  for (const { implicitRegion } of partitions) {
    assertEquals(iamHosts.includes(new URL(iamEndpoint(implicitRegion).url).host), true);
  }
});

// The signature that botocore 1.44.8 makes of the same request (SigV4Auth with a fixed time).
Deno.test("signForm: signs as AWS's own clients do", async () => {
  const headers = await signForm({
    url: new URL("https://iam.amazonaws.com/"),
    body: "Action=ListMFADevices&Version=2010-05-08",
    service: "iam",
    region: "us-east-1",
    keys: {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: "token",
    },
    now: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  assertEquals(
    headers.authorization?.replace(/.*Signature=/, ""),
    "0048c743be9ababe006a92ee32168e2fbed4a9bf97705055d6bcaa2376918c40",
  );
});
