/**
 * Secrets of sign-ins, with services that repeat all that they are sent: none is in an error, a log line or stsaval's
 * own cache.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { StsCore } from "../../mod.ts";
import { StsavalError } from "../../src/errors.ts";
import { signIn } from "../../src/source/sso/sign_in.ts";
import type { FakeSystem } from "../fake_system.ts";
import { startLogin } from "./login/fixtures.ts";
import { FakeServer, startSso, startUrl } from "./sso/fixtures.ts";

/** How a service repeats what it was sent. */
const repeats: Readonly<Record<string, (sent: string) => Response>> = {
  "in its error": (sent) =>
    Response.json({ error: "invalid_request", error_description: sent, message: sent }, {
      status: 400,
    }),
  "as its error's code": (sent) => Response.json({ error: sent, reason: sent }, { status: 400 }),
  "as a page": (sent) => new Response(`<html>${sent}`, { status: 403 }),
  "as a page that says success": (sent) => new Response(sent),
};

function recorder() {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  return { told, logger: { debug: tell, info: tell, warn: tell, error: tell } };
}

function assertNoneOf(secrets: readonly string[], told: readonly string[]): void {
  const all = told.join("\n");
  for (const secret of secrets) {
    for (const text of [secret, encodeURIComponent(secret), btoa(secret)]) {
      assert(!all.includes(text), all);
    }
  }
}

function tellAll(error: StsavalError): string[] {
  return [error.message, error.hint ?? "", JSON.stringify(error), Deno.inspect(error)];
}

for (const [how, repeat] of Object.entries(repeats)) {
  for (const method of ["browser", "device"] as const) {
    Deno.test(`what the service repeats ${how} at a sign-in by ${method} is told nowhere`, async () => {
      const { emulator, system } = await startSso();
      const server = new FakeServer();
      const secrets: string[] = [];
      const fetch = async (request: Request) => {
        if (new URL(request.url).pathname !== "/token") return await emulator.handle(request);
        const body = await request.text();
        const { clientSecret, code, codeVerifier, deviceCode } = JSON.parse(body);
        for (const secret of [clientSecret, code, codeVerifier, deviceCode]) {
          if (typeof secret === "string") secrets.push(secret);
        }
        return repeat(body);
      };
      const { told, logger } = recorder();
      const target = {
        ...{ session: "corp", startUrl, region: "eu-west-1", registrationScopes: undefined },
        oidcUrl: "http://127.0.0.1:4566",
      };
      const show = async ({ url }: { readonly url: string }) => {
        if (method === "device") return;
        const { headers } = await emulator.handle(new Request(url));
        const back = await server.request(headers.get("location") ?? "");
        told.push(await back.text());
      };
      const signal = new AbortController().signal;
      const network = { ...system.network, fetch, serve: server.serve };
      const running = signIn(target, { method, show, profile: "admin" }, {
        ...{ system: { ...system, network }, now: () => system.clock.now(), logger, signal },
      });
      const error = await assertRejects(() => system.clock.runUntil(running), StsavalError);
      assertNoneOf(secrets, [...told, ...tellAll(error)]);
      assert(secrets.length >= (method === "browser" ? 3 : 2), `${secrets.length} secrets`);
    });
  }

  Deno.test(`what AWS Sign-In repeats ${how} is told nowhere`, async () => {
    const { system, read } = await startLogin({ seconds: -5 });
    const { refreshToken, idToken, dpopKey } = read();
    system.network.fetch = async (request) => repeat(await request.text());
    const { told, logger } = recorder();
    await using core = new StsCore({ system, logger });
    const running = core.generateCredentials(["One"]);
    const error = await assertRejects(() => system.clock.runUntil(running), StsavalError);
    assertNoneOf([refreshToken, String(idToken), String(dpopKey)], [...told, ...tellAll(error)]);
  });
}

const worlds: Readonly<Record<string, () => Promise<{ system: FakeSystem; path: string }>>> = {
  "IAM Identity Center": async () => {
    const { system, tokenPath } = await startSso({ tokenSeconds: 60 });
    return { system, path: tokenPath };
  },
  "aws login": () => startLogin({ seconds: 60 }),
};

for (const [kind, start] of Object.entries(worlds)) {
  Deno.test(`nothing of the sign-in by ${kind} is in stsaval's own cache`, async () => {
    const { system, path } = await start();
    const before = JSON.parse(String(system.files.contents.get(path)));
    await using core = new StsCore({ system, cache: "disk" });
    await core.generateCredentials(["One", "Two"]);
    const after = JSON.parse(String(system.files.contents.get(path)));
    const secrets = [before, after].flatMap((kept) => [
      ...[kept.refreshToken, kept.clientSecret, kept.idToken, kept.dpopKey],
      typeof kept.accessToken === "string" ? kept.accessToken : undefined,
    ]).filter((secret) => secret !== undefined);
    const cached = [...system.files.contents].filter(([name]) => name.includes("/.aws/stsaval/"));
    assert(cached.length > 0);
    assertNoneOf(secrets, cached.flatMap(([name, text]) => [name, String(text)]));
    assertEquals(secrets.length >= 6, true);
  });
}
