import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsavalError, StsCore } from "../../../mod.ts";
import { SignInNeededError, SourceError } from "../../../src/errors.ts";
import { fileError } from "../../../src/file_error.ts";
import { silentLogger } from "../../../src/logger.ts";
import { parseToken, tokenFileName } from "../../../src/source/sso/token_file.ts";
import { account, type SsoWorld, startSso } from "./fixtures.ts";

const hour = 3_600_000;
const names = ["One", "Two", "Three"] as const;

Deno.test({
  name: "tokenFileName() gives the names of the AWS CLI",
  permissions: "none",
  async fn() {
    const vectors: readonly (readonly [session: string | undefined, url: string, sha1: string])[] =
      [
        ["my-sso", "https://x", "0ad374308c5a4e22f723adf10145eafad7c4031c"],
        [
          undefined,
          "https://d-abc123.awsapps.com/start",
          "40a89917e3175433e361b710a9d43528d7f1890a",
        ],
        [
          undefined,
          "https://ssotest.awsapps.com/start",
          "dace00cba5f8355ec9d274ceb2bcebdfbeed0e12",
        ],
      ];
    for (const [session, startUrl, sha1] of vectors) {
      assertEquals(await tokenFileName({ session, startUrl }), `${sha1}.json`);
    }
  },
});

Deno.test("three roles on top of one sign-in: one GetRoleCredentials, three AssumeRole", async () => {
  const { emulator, system } = await startSso({ tokenSeconds: 3_600 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(names);
  for (const name of names) {
    const { AccessKeyId } = set[`sts-${name}`];
    const identity = emulator.identityOf(AccessKeyId);
    assertEquals(identity?.arn, `arn:aws:sts::${account}:assumed-role/${name}/sts-${name}`);
  }
  assertEquals(emulator.count("GetRoleCredentials", "ok"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("a profile that is only a sign-in gives the credentials of its role", async () => {
  const { emulator, system } = await startSso({ tokenSeconds: 3_600 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["admin"]);
  const { AccessKeyId, Expiration } = set["sts-admin"];
  assert(emulator.identityOf(AccessKeyId)?.arn.includes("/AWSReservedSSO_Admin_"));
  assertEquals(Expiration.getTime() - system.clock.now(), hour);
  assertEquals(emulator.count("AssumeRole"), 0);
});

Deno.test("without a sign-in, the error names the command that signs in", async () => {
  const { emulator, system } = await startSso();
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
  assertStringIncludes(error.message, 'a sign-in to IAM Identity Center "corp" is needed');
  assertEquals(error.hint, "sign in with 'stsaval login admin'");
  assertEquals(emulator.count("GetRoleCredentials"), 0);
});

Deno.test("a token with less than 15 minutes left is refreshed, and the file keeps what else it holds", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 600 });
  const before = JSON.parse(system.files.contents.get(tokenPath) as string);
  system.files.contents.set(tokenPath, JSON.stringify({ ...before, "later": { "field": 1 } }));
  await using core = new StsCore({ system });
  await core.generateCredentials(["One"]);
  const after = JSON.parse(system.files.contents.get(tokenPath) as string);
  assertEquals(after.later, { field: 1 });
  assert(after.accessToken !== before.accessToken && after.refreshToken !== before.refreshToken);
  assertEquals(Date.parse(after.expiresAt), system.clock.now() + hour);
  assertEquals(emulator.count("CreateToken", "ok"), 2, "the sign-in itself, and the refresh");
});

Deno.test("between the response of a refresh and its write the file is read once, and nothing else is waited for", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 600 });
  const { files } = system;
  const done: string[] = [];
  const note = (what: string, path: string) => {
    // The sign-in itself was the first.
    if (emulator.count("CreateToken", "ok") === 2) {
      done.push(path === tokenPath ? `${what} the token` : path);
    }
  };
  const [read, replace] = [files.readText.bind(files), files.replaceText.bind(files)];
  files.readText = (path) => (note("read", path), read(path));
  files.replaceText = (path, ...rest) => (note("write", path), replace(path, ...rest));
  await using core = new StsCore({ system });
  await core.generateCredentials(["One"]);
  assertEquals(done.slice(0, 2), ["read the token", "write the token"]);
});

Deno.test("a token that another program has refreshed meanwhile is taken", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 600 });
  const token = parseToken(system.files.contents.get(tokenPath) as string);
  assert(token !== undefined);
  const { clientId, clientSecret, refreshToken } = token;
  const body = JSON.stringify({
    ...{ clientId, clientSecret, refreshToken },
    grantType: "refresh_token",
  });
  const request = new Request("http://127.0.0.1:4566/token", { method: "POST", body });
  const theirs = await (await emulator.handle(request)).json();
  // It took the refresh token before us, and writes its file while we are refused.
  const text = JSON.stringify({ ...token, ...theirs, expiresAt: "2026-01-01T03:00:00Z" });
  emulator.faults.push({
    when: { operation: "CreateToken" },
    effect: { kind: "delay", ms: 1_000 },
  });
  await using core = new StsCore({ system });
  const made = core.generateCredentials(["One"]);
  await system.clock.advance(500);
  system.files.contents.set(tokenPath, text);
  await system.clock.advance(1_000);
  await made;
  assertEquals(system.files.contents.get(tokenPath), text);
  assertEquals(emulator.count("CreateToken", "invalid_grant"), 1);
});

/** Another program uses the refresh token that is in the file; what it will write is given. */
async function refreshElsewhere({ emulator, system, tokenPath }: SsoWorld): Promise<string> {
  const kept = JSON.parse(system.files.contents.get(tokenPath) as string);
  const body = JSON.stringify({ ...kept, grantType: "refresh_token" });
  const request = new Request("http://127.0.0.1:4566/token", { method: "POST", body });
  const { accessToken, refreshToken } = await (await emulator.handle(request)).json();
  return JSON.stringify({ ...kept, accessToken, refreshToken, expiresAt: "2026-01-01T03:00:00Z" });
}

Deno.test("a token that another program writes just after the refusal is waited for, and taken", async () => {
  const world = await startSso({ tokenSeconds: -1 });
  const { emulator, system, tokenPath } = world;
  const theirs = await refreshElsewhere(world);
  await using core = new StsCore({ system });
  const made = core.generateCredentials(["One"]);
  await system.clock.advance(700);
  assertEquals(emulator.count("CreateToken", "invalid_grant"), 1);
  system.files.contents.set(tokenPath, theirs);
  await system.clock.advance(300);
  await made;
  assertEquals(system.files.contents.get(tokenPath), theirs);
  assertEquals(emulator.count("CreateToken", "invalid_grant"), 1);
});

Deno.test("a sign-in whose refresh is refused needs a person after three seconds", async () => {
  const world = await startSso({ tokenSeconds: -1 });
  await refreshElsewhere(world);
  await using core = new StsCore({ system: world.system });
  const made = assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
  await world.system.clock.advance(3_000);
  assertStringIncludes((await made).message, "its refresh was refused (invalid_grant)");
});

Deno.test("a sign-in that the portal has ended needs a person, and the role that is not assigned is named", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 3_600 });
  const { accessToken = "" } = parseToken(system.files.contents.get(tokenPath) as string) ?? {};
  await using core = new StsCore({ system });
  const config = system.files.contents.get("/home/kim/.aws/config") as string;
  system.files.contents.set("/home/kim/.aws/config", config.replace("= Admin", "= Auditor"));
  const refused = await assertRejects(() => core.generateCredentials(["One"]), SourceError);
  assertEquals(
    refused.message,
    `Cannot get role "Auditor" of account ${account} for profile "admin": ` +
      "IAM Identity Center refused GetRoleCredentials: HTTP 403, No access",
  );
  await emulator.handle(
    new Request("http://127.0.0.1:4566/logout", {
      method: "POST",
      headers: { "x-amz-sso_bearer_token": accessToken },
    }),
  );
  const made = system.clock.runUntil(core.generateCredentials(["One"]));
  const ended = await assertRejects(() => made, SignInNeededError);
  assertStringIncludes(ended.message, "its refresh was refused (invalid_grant)");
  assert(!`${refused.message}${ended.message}`.includes(accessToken));
});

Deno.test("a token that the portal rejects before its end is refreshed once, for all roles", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 3_600 });
  const before = system.files.contents.get(tokenPath);
  const refreshes = emulator.count("CreateToken");
  emulator.faults.push({
    when: { operation: "GetRoleCredentials", times: 1 },
    effect: { kind: "fail", code: "UnauthorizedException", status: 401 },
  });
  await using core = new StsCore({ system });
  await core.generateCredentials(["One", "Two", "Three"]);
  assertEquals(emulator.count("CreateToken") - refreshes, 1);
  assertEquals(emulator.count("GetRoleCredentials"), 2);
  assert(system.files.contents.get(tokenPath) !== before);
});

Deno.test("a token that the portal goes on rejecting needs a person", async () => {
  const { emulator, system } = await startSso({ tokenSeconds: 3_600 });
  const refreshes = emulator.count("CreateToken");
  emulator.faults.push({
    when: { operation: "GetRoleCredentials" },
    effect: { kind: "fail", code: "UnauthorizedException", status: 401 },
  });
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
  assertStringIncludes(error.message, "the portal has ended the last one");
  assertEquals(emulator.count("CreateToken") - refreshes, 1);
  assertEquals(emulator.count("GetRoleCredentials"), 2);
});

Deno.test("a set on top of a sign-in is renewed over two token lives without a person", async () => {
  const { emulator, system } = await startSso({ tokenSeconds: 3_600 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["One", "admin"], { lifetime: 3 });
  const first = { One: set["sts-One"].AccessKeyId, admin: set["sts-admin"].AccessKeyId };
  for (let minute = 0; minute < 150; minute++) await system.clock.advance(60_000);
  assert(set["sts-One"].AccessKeyId !== first.One && set["sts-admin"].AccessKeyId !== first.admin);
  assert(set["sts-One"].Expiration.getTime() > system.clock.now());
  assert(set["sts-admin"].Expiration.getTime() > system.clock.now());
  assert(emulator.count("CreateToken", "ok") >= 3);
  assertEquals(emulator.count("RegisterClient"), 1);
});

for (const code of ["EACCES", "EROFS", "ENOLCK"] as const) {
  Deno.test(`where the token cannot be locked (${code}) it is refreshed without a lock, with a warning`, async () => {
    const { emulator, system } = await startSso({ tokenSeconds: 600 });
    system.files.lock = (path) =>
      path.includes("/sso/cache/")
        ? Promise.reject(fileError(code))
        : Promise.resolve({ [Symbol.dispose]() {} });
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
    await using core = new StsCore({ system, logger });
    await core.generateCredentials(["One"]);
    assertEquals(emulator.count("CreateToken", "ok"), 2, "the sign-in itself, and the refresh");
    assert(warnings.some((text) => /cannot be locked/.test(text)), warnings.join());
  });
}

for (const text of ["a\r\nX-Other: 1", "a b", "\u0000", "\u1234", ""]) {
  Deno.test(`${JSON.stringify(text)} is no token: it could not be sent`, async () => {
    const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 3_600 });
    const kept = JSON.parse(system.files.contents.get(tokenPath) as string);
    system.files.contents.set(tokenPath, JSON.stringify({ ...kept, accessToken: text }));
    await using core = new StsCore({ system });
    await assertRejects(
      () => core.generateCredentials(["One"]),
      SignInNeededError,
      "there is none",
    );
    assertEquals(emulator.count("GetRoleCredentials"), 0);
  });
}

Deno.test("an interrupt does not lose the next refresh token: the response is waited for, and kept", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: -1 });
  emulator.faults.push({
    when: { operation: "CreateToken" },
    effect: { kind: "delay", ms: 1_000 },
  });
  const read = () => parseToken(system.files.contents.get(tokenPath) as string);
  const before = read();
  await using core = new StsCore({ system });
  const interrupt = new AbortController();
  const made = core.generateCredentials(["admin"], { signal: interrupt.signal });
  made.catch(() => {});
  await system.clock.advance(500);
  interrupt.abort(new Error("interrupted"));
  await assertRejects(() => made, Error, "interrupted");
  await system.clock.advance(1_000);
  assertEquals(emulator.count("CreateToken", "ok"), 2, "the sign-in itself, and the refresh");
  assert(read()?.refreshToken !== before?.refreshToken);
});

Deno.test("a refresh whose response is late is waited for: the token that it spends is not sent again", async () => {
  const { emulator, system } = await startSso({ tokenSeconds: -1 });
  const { fetch } = system.network;
  system.network.fetch = async (request, options) => {
    const response = await fetch(request, options);
    if (new URL(request.url).pathname === "/token") await system.clock.sleep(25_000);
    return response;
  };
  await using core = new StsCore({ system });
  await system.clock.runUntil(core.generateCredentials(["One"]));
  assertEquals(emulator.count("CreateToken"), 2, "the sign-in itself, and the refresh");
});

Deno.test("a refresh is given up when no attempt would wait any longer, sooner where timeoutMs says so", async () => {
  for (const [timeoutMs, seconds] of [[undefined, 30], [2_000, 6]] as const) {
    const { emulator, system } = await startSso({ tokenSeconds: -1 });
    emulator.faults.push({ when: { operation: "CreateToken" }, effect: { kind: "hang" } });
    await using core = new StsCore({ system, timeoutMs });
    const started = system.clock.now();
    await assertRejects(
      () => system.clock.runUntil(core.generateCredentials(["One"])),
      SourceError,
      `no response within ${seconds} s`,
    );
    assertEquals(system.clock.now() - started, seconds * 1_000);
  }
});

Deno.test("a token that another program is writing in place is read again", async () => {
  const { emulator, system, tokenPath } = await startSso({ tokenSeconds: 3_600 });
  const whole = system.files.contents.get(tokenPath) as string;
  for (const torn of ["", whole.slice(0, 60)]) {
    system.files.contents.set(tokenPath, torn);
    await using core = new StsCore({ system });
    const made = core.generateCredentials(["One"]);
    await system.clock.advance(30);
    system.files.contents.set(tokenPath, whole);
    await system.clock.advance(30);
    await made;
  }
  assertEquals(emulator.count("CreateToken"), 1, "the sign-in itself");
});

/** What a service says that repeats everything it was sent, in its error and in place of JSON. */
const repeats: Readonly<Record<string, (sent: string) => Response>> = {
  "in its error": (sent) =>
    Response.json({ error: "invalid_request", error_description: sent, message: sent }, {
      status: 400,
    }),
  "as its error's code": (sent) => Response.json({ error: sent, __type: sent }, { status: 400 }),
  "as a page": (sent) => new Response(`<html>${sent}`, { status: 403 }),
  "as a page that says success": (sent) => new Response(sent),
  "as a failure of its own": (sent) => new Response(sent, { status: 500 }),
  "in fields of other types": (sent) =>
    Response.json({ accessToken: [sent], expiresIn: sent, roleCredentials: sent }),
};

for (const operation of ["/token", "/federation/credentials"]) {
  for (const [how, repeat] of Object.entries(repeats)) {
    Deno.test(`what ${operation} repeats ${how} is in no error and in no log`, async () => {
      const { emulator, system, tokenPath } = await startSso({ tokenSeconds: -1 });
      const kept = JSON.parse(system.files.contents.get(tokenPath) as string);
      const secrets = [kept.accessToken, kept.refreshToken, kept.clientSecret];
      system.network.fetch = async (request) => {
        const sent = `${await request.clone().text()} ${JSON.stringify([...request.headers])}`;
        if (new URL(request.url).pathname === operation) return repeat(sent);
        const response = await emulator.handle(request);
        const text = await response.clone().text();
        secrets.push(
          ...Object.values(JSON.parse(text)).filter((value) => /^[\w-]{20,}$/.test(`${value}`)),
        );
        return response;
      };
      const told: string[] = [];
      const tell = (line: string) => void told.push(line);
      const logger = { debug: tell, info: tell, warn: tell, error: tell };
      await using core = new StsCore({ system, logger });
      const error = await assertRejects(
        () => system.clock.runUntil(core.generateCredentials(["One"])),
        StsavalError,
      );
      told.push(error.message, error.hint ?? "", JSON.stringify(error), Deno.inspect(error));
      for (const secret of secrets) {
        for (const text of [secret, encodeURIComponent(secret), btoa(secret)]) {
          assert(!told.join("\n").includes(text), told.join("\n"));
        }
      }
      assert(secrets.length >= 3);
    });
  }
}
