/**
 * Clients of the SDK: which calls share one, and that each call is signed with its own keys.
 *
 * @module
 */

import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import type { Sdk, Signing } from "../../src/sts/sdk.ts";
import { SdkClients } from "../../src/sts/sdk.ts";
import { createSts } from "../../src/sts/client.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";
import { sdkVariables } from "./sdk_variables.ts";

const keys = { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "secret", sessionToken: "t" };
const endpoint = { url: "https://sts.eu-west-1.amazonaws.com", signingRegion: "eu-west-1" };
const signing = { endpoint, keys, clockOffset: 0 } as Signing;

/** An SDK whose clients only count. */
function countingSdk() {
  let made = 0;
  class STSClient {
    readonly number = ++made;
    readonly config = { signer: () => Promise.resolve({}) };
    readonly middlewareStack = { add() {}, remove() {} };
  }
  return { sdk: { STSClient } as never as Sdk, made: () => made };
}

Deno.test({
  name: "SdkClients gives one client for an endpoint, keys and a clock, and another for any other",
  permissions: "none",
  fn() {
    const { sdk, made } = countingSdk();
    const clients = new SdkClients();
    const get = (other: Partial<Signing> = {}) =>
      clients.get(sdk, { ...signing, ...other }, new VirtualClock());
    const first = get();
    assertStrictEquals(get({ keys: { ...keys } }), first);
    const others: readonly Partial<Signing>[] = [
      { keys: { ...keys, accessKeyId: "AKIAEXAMPLEEXAMPLE01" } },
      { keys: { ...keys, secretAccessKey: "other" } },
      { keys: { ...keys, sessionToken: "other" } },
      { keys: undefined },
      { clockOffset: 1 },
      { endpoint: { ...endpoint, signingRegion: "eu-west-2" } as Signing["endpoint"] },
      { endpoint: { ...endpoint, url: "https://sts.example.com" } as Signing["endpoint"] },
    ];
    for (const other of others) assertNotStrictEquals(get(other), first, JSON.stringify(other));
    assertEquals(made(), 1 + others.length);
    assertStrictEquals(get(), first);
  },
});

Deno.test({
  name: "SdkClients keeps the sixteen clients that were used last",
  permissions: "none",
  fn() {
    const { sdk } = countingSdk();
    const clients = new SdkClients();
    const get = (clockOffset: number) =>
      clients.get(sdk, { ...signing, clockOffset }, new VirtualClock());
    const [first, second] = [get(0), get(1)];
    for (let offset = 2; offset < 16; offset++) get(offset);
    // However often one is used, it takes one place.
    for (let times = 0; times < 20; times++) assertStrictEquals(get(0), first);
    assertStrictEquals(get(1), second);
    for (let offset = 2; offset < 16; offset++) get(offset);
    assertStrictEquals(get(0), first);
    get(16);
    assertStrictEquals(get(0), first);
    assertNotStrictEquals(get(1), second);
  },
});

Deno.test({
  name: "calls that share a client, and calls that do not, are each signed with their own keys",
  permissions: {
    env: sdkVariables,
  },
  async fn() {
    const seen: string[] = [];
    const clock = new VirtualClock();
    const network = {
      async fetch(request: Request) {
        const [, id] = /Credential=(\w+)/.exec(request.headers.get("authorization") ?? "") ?? [];
        const role = new URLSearchParams(await request.text()).get("RoleSessionName");
        seen.push(`${id} ${request.headers.get("x-amz-security-token")} ${role}`);
        return new Response("<Error/>", { status: 400 });
      },
    };
    const sts = createSts({ clock, random: seededRandom(), network }, { maxAttempts: 1 });
    const calls = [0, 1, 2, 0, 1, 2].map((number, index) =>
      sts.assumeRole({
        ...{ endpoint: { region: "eu-west-1" }, durationSeconds: 900 },
        keys: { ...keys, accessKeyId: `AKIA${number}`, sessionToken: `token-${number}` },
        roleArn: "arn:aws:iam::123456789012:role/Example",
        roleSessionName: `role-${number}-${index}`,
      })
    );
    const ends = await Promise.allSettled(calls);
    assert(ends.every(({ status }) => status === "rejected"));
    assertEquals(seen.sort(), [
      "AKIA0 token-0 role-0-0",
      "AKIA0 token-0 role-0-3",
      "AKIA1 token-1 role-1-1",
      "AKIA1 token-1 role-1-4",
      "AKIA2 token-2 role-2-2",
      "AKIA2 token-2 role-2-5",
    ]);
  },
});
