import { assertEquals, assertRejects } from "@std/assert";
import {
  ConnectionDroppedError,
  createStsEmulator,
  type EmulatorOptions,
  sampleMachineWorld,
} from "../../../src/testing/mod.ts";
import { seededRandom, VirtualClock } from "../../fake_system.ts";

const tokenPath = "/latest/api/token";
const roles = "/latest/meta-data/iam/security-credentials/";
const ttl = "x-aws-ec2-metadata-token-ttl-seconds";
const header = "x-aws-ec2-metadata-token";

function start(instance: EmulatorOptions["instance"] = {}) {
  const clock = new VirtualClock();
  const world = sampleMachineWorld("instance", { sessionSeconds: 900 });
  const emulator = createStsEmulator({ clock, random: seededRandom(), world, instance });
  const call = (path: string, init: RequestInit = {}) =>
    emulator.handle(new Request(`http://169.254.169.254${path}`, init));
  const newToken = async (seconds = "60") =>
    await (await call(tokenPath, { method: "PUT", headers: { [ttl]: seconds } })).text();
  return { clock, emulator, call, newToken };
}

type Row = readonly [what: string, path: string, init: RequestInit, status: number];

const put = (headers: Record<string, string>) => ({ method: "PUT", headers });
const rows: readonly Row[] = [
  ["a token", tokenPath, put({ [ttl]: "21600" }), 200],
  ["a token without a lifetime", tokenPath, put({}), 400],
  ["a token for more than six hours", tokenPath, put({ [ttl]: "21601" }), 400],
  ["a token for no time", tokenPath, put({ [ttl]: "0" }), 400],
  ["a token through a proxy", tokenPath, put({ [ttl]: "60", "x-forwarded-for": "10.0.0.1" }), 403],
  ["GET for a token", tokenPath, {}, 405],
  ["the list", roles, {}, 200],
  ["the list without its slash", roles.slice(0, -1), {}, 200],
  ["HEAD", roles, { method: "HEAD" }, 200],
  ["POST", roles, { method: "POST" }, 405],
  ["the role", `${roles}Machine`, {}, 200],
  ["another role", `${roles}Other`, {}, 404],
  [
    "the extended list, which is not served",
    "/latest/meta-data/iam/security-credentials-extended/",
    {},
    404,
  ],
  ["a token that was never given", roles, { headers: { [header]: "x" } }, 401],
];

for (const [what, path, init, status] of rows) {
  Deno.test(`the instance's metadata responds to ${what} with ${status}`, async () => {
    const response = await start().call(path, init);
    await response.body?.cancel();
    assertEquals(response.status, status);
  });
}

Deno.test("a token ends after its lifetime, or when it is forgotten", async () => {
  const { clock, emulator, call, newToken } = start({ requiresToken: true });
  const headers = { [header]: await newToken() };
  assertEquals((await call(roles, { headers })).status, 200);
  await clock.advance(60_000);
  assertEquals((await call(roles, { headers })).status, 401);
  const next = { [header]: await newToken() };
  emulator.forgetMetadataTokens();
  assertEquals((await call(roles, { headers: next })).status, 401);
});

Deno.test("settings may be changed while it runs", async () => {
  const { emulator, call } = start();
  emulator.instanceMetadata.requiresToken = true;
  assertEquals((await call(roles)).status, 401);
  Object.assign(emulator.instanceMetadata, { requiresToken: false, isDisabled: true });
  assertEquals((await call(roles)).status, 403);
  Object.assign(emulator.instanceMetadata, { isDisabled: false, hasNoRole: true });
  assertEquals((await call(roles)).status, 404);
});

Deno.test("the credentials stay the same until a third of their life is left", async () => {
  const { clock, call } = start();
  const keyId = async () => (await (await call(`${roles}Machine`)).json()).AccessKeyId;
  const first = await keyId();
  await clock.advance(599_000);
  assertEquals(await keyId(), first);
  await clock.advance(1_000);
  assertEquals(await keyId() === first, false);
});

Deno.test("faults hit the metadata by the names of its operations", async () => {
  const { emulator, call } = start();
  emulator.faults.push(
    { when: { operation: "ListMetadataRoles" }, effect: { kind: "drop" } },
    {
      when: { operation: "GetMetadataCredentials" },
      effect: { kind: "fail", code: "X", status: 503 },
    },
  );
  await assertRejects(() => call(roles), ConnectionDroppedError);
  assertEquals((await call(`${roles}Machine`)).status, 503);
});
