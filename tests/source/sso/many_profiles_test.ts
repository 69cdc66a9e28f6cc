/**
 * Hundreds of profiles of IAM Identity Center against the portal's limit, on a virtual clock.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { formatToken, tokenPathOf } from "../../../src/source/sso/token_file.ts";
import { createStsEmulator } from "../../../src/testing/mod.ts";
import { fakeSystem, seededRandom, VirtualClock } from "../../fake_system.ts";
import { startUrl } from "./fixtures.ts";

const count = 600;
const callsPerSecond = 20;
const url = "http://127.0.0.1:4566";

const accounts = Array.from({ length: count }, (_, index) => ({
  accountId: String(100_000_000_000 + index),
  name: `Account ${index}`,
  roles: [{ name: "Admin" }],
}));

const config = `[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n` +
  accounts.map(({ accountId }, index) =>
    `[profile p${index}]
sso_session = corp
sso_account_id = ${accountId}
sso_role_name = Admin
endpoint_url = ${url}
region = eu-west-1
`
  ).join("");

for (const latencyMs of [20, 100, 400]) {
  Deno.test(`creds of ${count} profiles with ${callsPerSecond} calls a second, each of ${latencyMs} ms, takes no longer than they must`, async () => {
    const clock = new VirtualClock();
    const random = seededRandom();
    const emulator = createStsEmulator({
      ...{ clock, random },
      world: { users: [], roles: [], sso: { startUrl, region: "eu-west-1", accounts } },
      sso: { callsPerSecond },
    });
    const { accessToken } = emulator.signInToSso();
    const path = await tokenPathOf(
      { session: "corp", startUrl },
      { get: (name) => name === "HOME" ? "/home/kim" : undefined },
    );
    const system = fakeSystem({
      ...{ clock, random },
      files: {
        "/home/kim/.aws/config": config,
        [path ?? ""]: formatToken({ accessToken, expiresAt: clock.now() + 3_600_000 }),
      },
      fetch: async (request) => {
        await clock.sleep(latencyMs);
        return await emulator.handle(request);
      },
    });
    const start = clock.now();
    const names = accounts.map((_, index) => `p${index}`);
    const status = await clock.runUntil(main(["creds", ...names, "--format", "json"], system));
    const seconds = (clock.now() - start) / 1_000;
    assertEquals([status, system.terminal.stderr], [0, ""]);
    const set = JSON.parse(system.terminal.stdout);
    const keys = Object.values<{ AccessKeyId: string }>(set).map((one) => one.AccessKeyId);
    assertEquals(new Set(keys).size, count);
    assertEquals(emulator.count("GetRoleCredentials", "ok"), count);
    // Five calls at once can be slower than the limit.
    const least = Math.max(count / callsPerSecond, count * latencyMs / 5_000);
    assert(seconds <= least * 1.2, `${seconds} s, wanted ${least} s and 20 %`);
  });
}
