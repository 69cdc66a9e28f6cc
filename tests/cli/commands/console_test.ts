/**
 * `stsaval console`: what is sent, what is opened and printed, what is refused before a code is spent.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { browserScript } from "../../../src/cli/programs/browser.ts";
import {
  createStsEmulator,
  type EmulatorWorld,
  formatSampleHome,
} from "../../../src/testing/mod.ts";
import type { Helper } from "../../../src/system.ts";
import { type FakeSystem, fakeSystem, VirtualClock } from "../../fake_system.ts";
import { role, user } from "../desk.ts";

const url = "http://127.0.0.1:4566";

interface Place {
  readonly system: FakeSystem;
  readonly emulator: ReturnType<typeof createStsEmulator>;
  readonly requests: { readonly url: string; readonly method: string; readonly body: string }[];
  /** The pages that the browser was asked to open. */
  readonly pages: string[];
  run(...words: readonly string[]): Promise<number>;
  code(): string;
}

function placeOf(
  { config = (text: string) => text, world, hasBrowser = true }: {
    readonly config?: (text: string) => string;
    readonly world?: EmulatorWorld;
    readonly hasBrowser?: boolean;
  } = {},
): Place {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
    ...(world === undefined ? {} : { world }),
  });
  const home = formatSampleHome(emulator.world, { url });
  const requests: Place["requests"] = [];
  const pages: string[] = [];
  const system = fakeSystem({
    clock,
    files: {
      "/home/kim/.aws/config": config(home.config),
      "/home/kim/.aws/credentials": home.credentials,
    },
    helper: (script, words = []) => {
      assertEquals(script, browserScript);
      return fakeBrowser(hasBrowser, words, pages);
    },
    fetch: async (request) => {
      const copy = request.clone();
      requests.push({ url: copy.url, method: copy.method, body: await copy.text() });
      return await emulator.handle(request);
    },
  });
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  return {
    ...{ system, emulator, requests, pages },
    code: () => emulator.mfaCode(serial),
    run: (...words) => main(["console", ...words], system),
  };
}

/** As the shell of the script does it. */
function fakeBrowser(isHere: boolean, starts: readonly string[], pages: string[]): Helper {
  const output = new TransformStream<Uint8Array, Uint8Array>();
  const writer = output.writable.getWriter();
  const print = (word: string) => void writer.write(new TextEncoder().encode(`${word}\n`));
  print(isHere ? "yes" : "no");
  const ended = Promise.withResolvers<number>();
  return {
    exit: ended.promise,
    stdout: output.readable,
    kill: () => true,
    send: (text) => {
      const page = text.trimEnd();
      const isAnnounced = starts.some((start) => page.startsWith(start));
      if (isAnnounced) pages.push(page);
      print(isAnnounced ? "yes" : "no");
      return Promise.resolve();
    },
    close: () => {
      ended.resolve(0);
      return Promise.resolve();
    },
  };
}

Deno.test("console: opens the page, and says nothing of its address", async () => {
  const place = placeOf();
  assertEquals(await place.run(role, "--mfa-code", place.code(), "--destination", "s3", "-v"), 0);
  const [page = ""] = place.pages;
  const { searchParams, pathname } = new URL(page);
  assertEquals(pathname, "/federation");
  assertEquals(
    searchParams.get("Destination"),
    "https://us-east-1.console.aws.amazon.com/s3/home?region=us-east-1",
  );
  const token = searchParams.get("SigninToken") ?? "";
  assert(token.length > 20);
  const { stdout, stderr } = place.system.terminal;
  assertEquals((stdout + stderr).includes(token), false);
  assertStringIncludes(stderr, "Opened the console");
});

Deno.test("console: the keys are in the body of a POST, and in no address", async () => {
  const place = placeOf();
  await place.run(role, "--mfa-code", place.code());
  const federation = place.requests.filter(({ body }) => body.includes("getSigninToken"));
  assertEquals(federation.map(({ method, url: to }) => [method, to]), [[
    "POST",
    `${url}/federation`,
  ]]);
  const session = JSON.parse(new URLSearchParams(federation[0]?.body).get("Session") ?? "");
  assertEquals(Object.keys(session), ["sessionId", "sessionKey", "sessionToken"]);
  for (const { url: to } of place.requests) assertEquals(to.includes(session.sessionId), false);
});

Deno.test("console --print: prints an address that signs in, and starts no browser", async () => {
  const place = placeOf();
  assertEquals(await place.run(role, "--mfa-code", place.code(), "--print"), 0);
  assertEquals(place.pages, []);
  const page = place.system.terminal.stdout.trim();
  const response = await place.emulator.handle(new Request(page, { redirect: "manual" }));
  assertEquals(response.status, 302);
  assertEquals(
    response.headers.get("location"),
    "https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1",
  );
});

Deno.test("console: without a browser it fails, with no address in what it says", async () => {
  const place = placeOf({ hasBrowser: false });
  assertEquals(await place.run(role, "--mfa-code", place.code()), 1);
  assertStringIncludes(place.system.terminal.stderr, "--print");
  assertEquals(place.system.terminal.stderr.includes("SigninToken"), false);
});

Deno.test("console: the keys of a user are refused before anything is asked or sent", async () => {
  const place = placeOf();
  assertEquals(await place.run(user), 4);
  assertStringIncludes(place.system.terminal.stderr, "AWS takes those of a role");
  assertEquals(place.requests, []);
});

Deno.test("console --duration: refused for a session token, and taken where the code goes with the role", async () => {
  const place = placeOf();
  assertEquals(await place.run(role, "--duration", "12h", "--mfa-code", place.code()), 2);
  assertStringIncludes(place.system.terminal.stderr, "session token");
  assertEquals(place.requests, []);
  const long = placeOf({
    config: (text) =>
      text.replace(`[profile ${role}]`, `[profile ${role}]\nduration_seconds = 7200`),
    world: (() => {
      const { world } = createStsEmulator();
      const roles = world.roles.map((one) => ({ ...one, maxSessionDuration: 43_200 }));
      return { ...world, roles };
    })(),
  });
  assertEquals(await long.run(role, "--duration", "12h", "--mfa-code", long.code()), 0);
  const [{ body } = { body: "" }] = long.requests.filter(({ body }) => body.includes("getSignin"));
  assertEquals(new URLSearchParams(body).get("SessionDuration"), "43200");
});

Deno.test("console --duration: refused for a role that another role assumes", async () => {
  const place = placeOf({
    config: (text) =>
      `${text}\n[profile chained]\nrole_arn = arn:aws:iam::123456789012:role/X\nsource_profile = ${role}\n`,
  });
  assertEquals(await place.run("chained", "--duration", "1h", "--mfa-code", place.code()), 2);
  assertStringIncludes(place.system.terminal.stderr, "another role assumes its role");
  assertEquals(place.requests, []);
});

for (const wrong of ["10m", "13h", "soon"]) {
  Deno.test(`console --duration ${wrong} is no duration that AWS takes`, async () => {
    const place = placeOf();
    assertEquals(await place.run(role, "--duration", wrong, "--mfa-code", place.code()), 2);
    assertEquals(place.requests, []);
  });
}

Deno.test("console: what AWS refuses is said without secrets", async () => {
  const place = placeOf();
  place.emulator.faults.push({
    when: { operation: "getSigninToken" },
    effect: { kind: "fail", code: "InvalidCredentials", status: 400 },
  });
  assertEquals(await place.run(role, "--mfa-code", place.code()), 5);
  assertStringIncludes(place.system.terminal.stderr, "HTTP 400");
  assertEquals(/sessionKey|SigninToken/.test(place.system.terminal.stderr), false);
});
