/**
 * Sign-ins of IAM Identity Center and of `aws login` whose files or services are not as they should be.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../mod.ts";
import { SignInNeededError, SourceError } from "../../src/errors.ts";
import type { StsEmulator } from "../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem } from "../fake_system.ts";
import { startLogin } from "./login/fixtures.ts";
import { startSso } from "./sso/fixtures.ts";

interface World {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  readonly path: string;
}

interface Kind {
  /** With that much of the sign-in left. */
  readonly start: (seconds: number) => Promise<World>;
  readonly tokenUrl: string;
  readonly refresh: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "IAM Identity Center": {
    start: async (seconds) => {
      const { tokenPath, ...world } = await startSso({ tokenSeconds: seconds });
      return { ...world, path: tokenPath };
    },
    tokenUrl: "/token",
    refresh: "CreateToken",
  },
  "aws login": {
    start: async (seconds) => await startLogin({ seconds }),
    tokenUrl: "/v1/token",
    refresh: "CreateOAuth2Token",
  },
};

/** The same world, with something done to what the token's service responds. */
function between(
  { emulator, system }: World,
  tokenUrl: string,
  change: (response: Response, files: FakeSystem["files"]) => Response | Promise<Response>,
): FakeSystem {
  const files = Object.fromEntries(system.files.contents);
  const { clock, random } = system;
  const made: FakeSystem = fakeSystem({
    ...{ clock, random, files },
    fetch: async (request) => {
      const response = await emulator.handle(request);
      const isRefresh = new URL(request.url).pathname === tokenUrl;
      return isRefresh ? await change(response, made.files) : response;
    },
  });
  return made;
}

for (const [name, { start, tokenUrl, refresh }] of Object.entries(kinds)) {
  for (
    const [how, damage] of Object.entries({
      "a byte order mark": (text: string) => `\ufeff${text}`,
      "Windows line ends": (text: string) =>
        JSON.stringify(JSON.parse(text), null, 2).replaceAll("\n", "\r\n").replaceAll(
          "KEY-----\\n",
          "KEY-----\\r\\n",
        ),
    })
  ) {
    Deno.test(`${name}: a file with ${how} is read, and refreshed`, async () => {
      const { emulator, system, path } = await start(60);
      system.files.contents.set(path, damage(String(system.files.contents.get(path))));
      await using core = new StsCore({ system });
      await core.generateCredentials(["One"]);
      assertEquals(emulator.count(refresh, "ok"), emulator.count(refresh));
      assertEquals(JSON.parse(String(system.files.contents.get(path))) !== undefined, true);
    });
  }

  for (const date of ["2026-01-01T05:00:00", "Jan 1 2027", "9", "+275761-01-01T00:00:00Z"]) {
    Deno.test(`${name}: "${date}" in its file is no end, and a sign-in is needed`, async () => {
      const { emulator, system, path } = await start(3_600);
      const text = String(system.files.contents.get(path));
      system.files.contents.set(path, text.replace(/("expiresAt":")[^"]*/, `$1${date}`));
      await using core = new StsCore({ system });
      const running = core.generateCredentials(["One"]);
      await assertRejects(() => system.clock.runUntil(running), SignInNeededError);
      assertEquals(emulator.count("AssumeRole"), 0);
    });
  }

  for (const expiresIn of ["-5", "0", "null", '"900"', "-1e999"]) {
    Deno.test(`${name}: a refresh that gives ${expiresIn} seconds is refused in words`, async () => {
      const world = await start(-5);
      const system = between(world, tokenUrl, async (response) => {
        const text = await response.text();
        return new Response(text.replace(/"expiresIn":[^,}]*/, `"expiresIn":${expiresIn}`));
      });
      await using core = new StsCore({ system });
      const running = core.generateCredentials(["One"]);
      const error = await assertRejects(() => system.clock.runUntil(running), SourceError);
      assertStringIncludes(
        error.message,
        `response of ${refresh}: a field is missing or malformed`,
      );
    });
  }

  for (const expiresIn of ["1e300", "1e999"]) {
    Deno.test(`${name}: a refresh that gives ${expiresIn} seconds is kept, with a date`, async () => {
      const world = await start(-5);
      const before = JSON.parse(String(world.system.files.contents.get(world.path)));
      const system = between(world, tokenUrl, async (response) => {
        const text = await response.text();
        return new Response(text.replace(/"expiresIn":[^,}]*/, `"expiresIn":${expiresIn}`));
      });
      await using core = new StsCore({ system });
      await core.generateCredentials(["One"]);
      const kept = JSON.parse(String(system.files.contents.get(world.path)));
      assert(kept.refreshToken !== before.refreshToken);
      assertEquals((kept.expiresAt ?? kept.accessToken.expiresAt).slice(0, 5), "2027-");
    });
  }

  Deno.test(`${name}: what another program removes during a refresh is not put back`, async () => {
    const world = await start(-5);
    const system = between(world, tokenUrl, (response, files) => {
      files.contents.delete(world.path);
      return response;
    });
    await using core = new StsCore({ system });
    const running = core.generateCredentials(["One"]);
    const error = await assertRejects(() => system.clock.runUntil(running), SignInNeededError);
    assertStringIncludes(error.message, "the last one was ended meanwhile");
    assertEquals(system.files.contents.has(world.path), false);
  });
}
