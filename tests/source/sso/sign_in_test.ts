import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { SignInNeededError, SourceError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/logger.ts";
import { signIn } from "../../../src/source/sso/sign_in.ts";
import type { SignInContext, SignInPage } from "../../../src/source/sso/sign_in_request.ts";
import { parseToken } from "../../../src/source/sso/token_file.ts";
import type { Network } from "../../../src/system.ts";
import type { SsoSettings } from "../../../src/testing/mod.ts";
import { FakeServer, startSso, startUrl } from "./fixtures.ts";

const target = {
  session: "corp",
  startUrl,
  region: "eu-west-1",
  registrationScopes: undefined,
  oidcUrl: "http://127.0.0.1:4566",
};

async function start(settings?: Partial<SsoSettings>) {
  const { emulator, system, tokenPath } = await startSso(
    settings === undefined ? {} : { settings },
  );
  const server = new FakeServer();
  const network: Network = { ...system.network, serve: server.serve };
  const context: SignInContext = {
    system: { ...system, network },
    now: () => system.clock.now(),
    logger: silentLogger,
    signal: new AbortController().signal,
  };
  const token = () => parseToken(String(system.files.contents.get(tokenPath)));
  return { emulator, system, server, context, token };
}

Deno.test("signIn() by a browser keeps a token that the AWS CLI can refresh, and the server ends", async () => {
  const { emulator, server, context, token } = await start();
  const show = async ({ url }: SignInPage) => {
    const { headers } = await emulator.handle(new Request(url));
    const back = await server.request(headers.get("location") ?? "");
    assertEquals(back.status, 200);
    assertStringIncludes(await back.text(), "You are signed in");
  };
  await signIn(target, { method: "browser", show, profile: "admin" }, context);
  const { refreshToken, clientId, clientSecret, startUrl: url, region } = token() ?? {};
  assert([refreshToken, clientId, clientSecret].every((text) => text !== undefined));
  assertEquals([url, region], [startUrl, "eu-west-1"]);
  assertEquals(server.isListening, false);
});

Deno.test("signIn() by a browser takes no request but the one that it waits for", async () => {
  const { emulator, server, context } = await start();
  const show = async ({ url }: SignInPage) => {
    const { headers } = await emulator.handle(new Request(url));
    const good = headers.get("location") ?? "";
    const status = async (change: (url: URL) => void, init?: RequestInit) => {
      const changed = new URL(good);
      change(changed);
      return (await server.request(changed.href, init)).status;
    };
    assertEquals(await status((url) => url.pathname = "/"), 404);
    assertEquals(await status((url) => url.searchParams.set("state", "guessed")), 400);
    assertEquals(await status((url) => url.searchParams.delete("state")), 400);
    assertEquals(await status(() => {}, { method: "POST" }), 405);
    assertEquals(await status(() => {}), 200);
    assertEquals(await status(() => {}), 410);
  };
  await signIn(target, { method: "browser", show, profile: "admin" }, context);
});

Deno.test("signIn() by a browser ends when the person refuses, and nothing is kept", async () => {
  const { emulator, server, context, token } = await start({ person: "refuses" });
  const show = async ({ url }: SignInPage) => {
    const { headers } = await emulator.handle(new Request(url));
    assertEquals((await server.request(headers.get("location") ?? "")).status, 403);
  };
  const error = await assertRejects(
    () => signIn(target, { method: "browser", show, profile: "admin" }, context),
    SourceError,
  );
  assertEquals(error.message, "Cannot sign in: the browser came back with access_denied");
  assertEquals(token(), undefined);
});

Deno.test("signIn() by a browser gives up after ten minutes", async () => {
  const { system, server, context } = await start();
  const shown = Promise.withResolvers<void>();
  const options = { method: "browser", show: () => shown.resolve(), profile: "admin" } as const;
  const failed = assertRejects(() => signIn(target, options, context), SignInNeededError);
  await shown.promise;
  await system.clock.advance(600_000);
  assertStringIncludes((await failed).message, "did not come back within 10 minutes");
  assertEquals(server.isListening, false);
});

Deno.test("signIn() on a device shows the code, waits for the person and slows down when told to", async () => {
  const { emulator, system, context, token } = await start({ person: "waits" });
  const shown = Promise.withResolvers<SignInPage>();
  const options = { method: "device", show: shown.resolve, profile: "admin" } as const;
  const done = signIn(target, options, context);
  const { url, userCode = "" } = await shown.promise;
  assertEquals(url, `http://127.0.0.1:4566/device?user_code=${userCode}`);
  await system.clock.advance(10_000);
  assertEquals(emulator.count("CreateToken", "authorization_pending"), 2);
  emulator.decideSignIn(userCode, "approved");
  await system.clock.advance(5_000);
  await done;
  assert(token()?.refreshToken !== undefined);
});

Deno.test("signIn() on a device ends with the code, and when the person refuses", async () => {
  const late = await start({ person: "waits" });
  const options = { method: "device", show: () => {}, profile: "admin" } as const;
  const tooLate = assertRejects(() => signIn(target, options, late.context), SignInNeededError);
  for (let minute = 0; minute < 11; minute++) await late.system.clock.advance(60_000);
  assertStringIncludes((await tooLate).message, "the code was not used within 10 minutes");
  const refusing = await start({ person: "refuses" });
  const refused = assertRejects(() => signIn(target, options, refusing.context), SourceError);
  await refusing.system.clock.advance(5_000);
  assertStringIncludes((await refused).message, "access_denied");
});

Deno.test("signIn() for a legacy profile asks for no scope and keeps a token without a refresh", async () => {
  const { context, emulator, system } = await start();
  const options = { method: "device", show: () => {}, profile: "old" } as const;
  const done = signIn({ ...target, session: undefined }, options, context);
  await system.clock.advance(5_000);
  await done;
  assertEquals(emulator.count("CreateToken", "ok"), 1);
});

Deno.test("signIn() in the wrong region names the right one, where the service names one", async () => {
  const right = "set sso_region to us-west-2, where this instance is";
  for (const [region, hint] of [["us-west-2", right], ["us west\n2", undefined], [7, undefined]]) {
    const { context } = await start();
    const fetch = () =>
      Promise.resolve(Response.json({ error: "invalid_request", region }, { status: 400 }));
    const network: Network = { ...context.system.network, fetch };
    const wrong = { ...context, system: { ...context.system, network } };
    const options = { method: "device", show: () => {}, profile: "admin" } as const;
    const error = await assertRejects(() => signIn(target, options, wrong), SourceError);
    assertStringIncludes(error.message, "invalid_request");
    assertEquals<unknown>(error.hint, hint);
  }
});
