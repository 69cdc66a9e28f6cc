import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { SignInNeededError, SourceError } from "../../../src/errors.ts";
import { loginFileName } from "../../../src/source/login/token_file.ts";
import { silentLogger } from "../../../src/logger.ts";
import { configFor, dpopKey, fileName, loginSession, names, startLogin } from "./fixtures.ts";

const quarter = 900_000;

Deno.test({
  name: "loginFileName() gives the names of the AWS CLI",
  permissions: "none",
  async fn() {
    assertEquals(await loginFileName(loginSession), fileName);
    assertEquals(await loginFileName(` ${loginSession} `), fileName);
  },
});

Deno.test("three roles on top of one aws login: no refresh while it is fresh, three AssumeRole", async () => {
  const { emulator, system } = await startLogin({ seconds: 900 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(names);
  for (const name of names) {
    const { arn } = emulator.identityOf(set[`sts-${name}`].AccessKeyId) ?? {};
    assertEquals(arn, `arn:aws:sts::123456789012:assumed-role/${name}/sts-${name}`);
  }
  assertEquals(emulator.count("CreateOAuth2Token"), 0);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("a profile that is only an aws login gives what its file holds", async () => {
  const { emulator, system, read } = await startLogin({ seconds: 900 });
  await using core = new StsCore({ system });
  const { AccessKeyId, Expiration } = (await core.generateCredentials(["admin"]))["sts-admin"];
  assertEquals(AccessKeyId, read().accessToken.accessKeyId);
  assertEquals(Expiration.getTime(), system.clock.now() + quarter);
  assertEquals(emulator.count("AssumeRole"), 0);
});

Deno.test("the folder of AWS_LOGIN_CACHE_DIRECTORY is read in place of the usual one", async () => {
  const env = { AWS_LOGIN_CACHE_DIRECTORY: "/var/logins", HOME: "/home/kim" };
  const { system, read } = await startLogin({ seconds: 900, env });
  await using core = new StsCore({ system });
  const { AccessKeyId } = (await core.generateCredentials(["admin"]))["sts-admin"];
  assertEquals(AccessKeyId, read().accessToken.accessKeyId);
});

for (const [left, refreshes] of [[301, 0], [299, 1], [-5, 1]] as const) {
  Deno.test(`with ${left} s left there are ${refreshes} refreshes, for all roles at once`, async () => {
    const { emulator, system, read } = await startLogin({ seconds: left });
    const before = read();
    await using core = new StsCore({ system });
    await core.generateCredentials([...names, "admin"]);
    assertEquals(emulator.count("CreateOAuth2Token", "ok"), refreshes);
    assertEquals(emulator.count("CreateOAuth2Token"), refreshes);
    assertEquals(read().refreshToken !== before.refreshToken, refreshes === 1);
  });
}

Deno.test("a refresh keeps every other field of the file, and writes the date as the AWS CLI does", async () => {
  const { system, path, read } = await startLogin({ seconds: 60 });
  const before = { ...read(), later: { field: 1 } };
  system.files.contents.set(path, JSON.stringify(before));
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["admin"]);
  const { accessToken, refreshToken, ...rest } = read();
  const { accessToken: oldAccess, refreshToken: oldRefresh, ...oldRest } = before;
  assertEquals(rest, oldRest);
  assertEquals(Object.keys(read()), Object.keys(before));
  assert(refreshToken !== oldRefresh);
  assertEquals(accessToken.accountId, oldAccess.accountId);
  assertEquals(accessToken.accessKeyId, set["sts-admin"].AccessKeyId);
  assertEquals(accessToken.expiresAt, "2026-01-01T00:15:00Z");
});

Deno.test("many that need the sign-in at once refresh it once", async () => {
  const { emulator, system } = await startLogin({ seconds: 60, settings: { detectsReuse: true } });
  const cores = Array.from({ length: 20 }, () => new StsCore({ system }));
  const sets = await Promise.all(cores.map((core) => core.generateCredentials(["One"])));
  assertEquals(new Set(sets.map((set) => set["sts-One"].AccessKeyId)).size, 20);
  assertEquals(emulator.count("CreateOAuth2Token"), 1);
  for (const core of cores) await core[Symbol.asyncDispose]();
});

Deno.test("a response that is lost is asked for again with a proof of its own", async () => {
  const { emulator, system } = await startLogin({ seconds: -5 });
  const when = { operation: "CreateOAuth2Token" } as const;
  emulator.faults.push({ when: { ...when, times: 1 }, effect: { kind: "drop" } });
  await using core = new StsCore({ system });
  await system.clock.runUntil(core.generateCredentials(["admin"]));
  assertEquals(emulator.count("CreateOAuth2Token", "ok"), 1);
});

Deno.test("what another program refreshed meanwhile is taken, and its file is left alone", async () => {
  const { emulator, system, path, read } = await startLogin({ seconds: -5 });
  emulator.faults.push({
    when: { operation: "CreateOAuth2Token" },
    effect: { kind: "delay", ms: 1_000 },
  });
  emulator.endLogin("TOKEN_EXPIRED");
  const { accessToken, refreshToken } = emulator.startLogin();
  const expiresAt = new Date(system.clock.now() + quarter).toISOString();
  const theirs = { ...read(), accessToken: { ...accessToken, expiresAt }, refreshToken };
  await using core = new StsCore({ system });
  const made = core.generateCredentials(["admin"]);
  await system.clock.advance(500);
  system.files.contents.set(path, JSON.stringify(theirs));
  await system.clock.advance(1_000);
  assertEquals((await made)["sts-admin"].AccessKeyId, accessToken.accessKeyId);
  assertEquals(read(), theirs);
});

Deno.test("a refresh token that another program has spent is not the end: what it writes soon is taken", async () => {
  const { emulator, system, path, read } = await startLogin({ seconds: -5 });
  emulator.endLogin("TOKEN_EXPIRED");
  const { accessToken, refreshToken } = emulator.startLogin();
  const expiresAt = new Date(system.clock.now() + quarter).toISOString();
  const theirs = { ...read(), accessToken: { ...accessToken, expiresAt }, refreshToken };
  await using core = new StsCore({ system });
  const made = core.generateCredentials(["admin"]);
  await system.clock.advance(1_000);
  assertEquals(emulator.count("CreateOAuth2Token"), 1);
  system.files.contents.set(path, JSON.stringify(theirs));
  await system.clock.advance(100);
  assertEquals((await made)["sts-admin"].AccessKeyId, accessToken.accessKeyId);
});

Deno.test("where the next refresh token cannot be kept, the one that is kept is not spent", async () => {
  const { emulator, system, path } = await startLogin({ seconds: -5 });
  system.files.replaceText = () => Promise.reject(new Error("the disk is full"));
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["admin"]), SourceError);
  assertEquals(
    error.message,
    `Cannot refresh the sign-in of profile "admin": "${path}" cannot be written: the disk is full`,
  );
  assertEquals(emulator.count("CreateOAuth2Token"), 0);
});

Deno.test("credentials that cannot be refreshed are used to their end", async () => {
  const { emulator, system, read } = await startLogin({ seconds: 200 });
  emulator.endLogin("USER_CREDENTIALS_CHANGED");
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["admin"]);
  assertEquals(set["sts-admin"].AccessKeyId, read().accessToken.accessKeyId);
});

for (const reason of ["TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED"] as const) {
  Deno.test(`a sign-in that is over by ${reason} needs a person, and the hint is the one command`, async () => {
    const { emulator, system, read } = await startLogin({ seconds: -5 });
    emulator.endLogin(reason);
    await using core = new StsCore({ system });
    const made = system.clock.runUntil(core.generateCredentials(["One"]));
    const error = await assertRejects(() => made, SignInNeededError);
    assertStringIncludes(error.message, `"aws login" is needed, its refresh was refused: `);
    assertStringIncludes(error.message, reason);
    assertEquals(error.hint, "sign in with 'aws login --profile admin'");
    assert(!error.message.includes(read().refreshToken));
  });
}

Deno.test("without a file the sign-in is needed", async () => {
  const { system } = await startLogin();
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
  assertEquals(
    error.message,
    'Cannot get credentials for profile "admin": a sign-in by "aws login" is needed, there is none',
  );
});

for (const field of ["accessToken", "refreshToken", "clientId", "dpopKey"]) {
  Deno.test(`a file without ${field} names what is missing`, async () => {
    const { emulator, system, path, read } = await startLogin({ seconds: 900 });
    const { [field]: _left, ...rest } = read();
    system.files.contents.set(path, JSON.stringify(rest));
    await using core = new StsCore({ system });
    const error = await assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
    const missing = field === "accessToken" ? "accessKeyId" : field;
    assertStringIncludes(
      error.message,
      `a sign-in by "aws login" is needed, "${path}" has no ${missing}`,
    );
    assertEquals(emulator.calls.length, 0);
  });
}

for (const text of ["", "{", "[]", "null", '{"accessToken":7}']) {
  Deno.test(`a file that holds ${text || "nothing"} is no sign-in`, async () => {
    const { system, path } = await startLogin();
    system.files.contents.set(path, text);
    await using core = new StsCore({ system });
    const made = () => system.clock.runUntil(core.generateCredentials(["One"]));
    await assertRejects(made, SignInNeededError, "has no access");
  });
}

Deno.test("a file that another program is writing in place is read again", async () => {
  const { system, path, read } = await startLogin({ seconds: 900 });
  const whole = JSON.stringify(read(), null, 2);
  system.files.contents.set(path, whole.slice(0, 300));
  await using core = new StsCore({ system });
  const made = core.generateCredentials(["admin"]);
  await system.clock.advance(30);
  system.files.contents.set(path, whole);
  await system.clock.advance(30);
  assertEquals((await made)["sts-admin"].AccessKeyId, read().accessToken.accessKeyId);
});

Deno.test("an interrupt does not lose the only refresh token: the response is waited for, and kept", async () => {
  const { emulator, system, read } = await startLogin({ seconds: -5 });
  emulator.faults.push({
    when: { operation: "CreateOAuth2Token" },
    effect: { kind: "delay", ms: 1_000 },
  });
  const before = read().refreshToken;
  await using core = new StsCore({ system });
  const interrupt = new AbortController();
  const made = core.generateCredentials(["admin"], { signal: interrupt.signal });
  made.catch(() => {});
  await system.clock.advance(500);
  interrupt.abort(new Error("interrupted"));
  await assertRejects(() => made, Error, "interrupted");
  await system.clock.advance(1_000);
  assertEquals(emulator.count("CreateOAuth2Token", "ok"), 1);
  assert(read().refreshToken !== before);
});

Deno.test("a key that cannot be read is no key, and is not shown", async () => {
  const { emulator, system, path, read } = await startLogin({ seconds: -5 });
  const broken = dpopKey.replace(/M/g, "N");
  system.files.contents.set(path, JSON.stringify({ ...read(), dpopKey: broken }));
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["One"]), SignInNeededError);
  assertStringIncludes(error.message, "its key cannot be read");
  assert(!error.message.includes(broken.slice(40, 60)));
  assertEquals(emulator.calls.length, 0);
});

Deno.test("the region in the file beats that of the profile, for the plain endpoints", async () => {
  const config = configFor("x").replaceAll("endpoint_url = x\n", "");
  const { emulator, system, path, read } = await startLogin({ seconds: -5, config });
  const called: string[] = [];
  const fetch = (request: Request) => {
    called.push(request.url);
    return emulator.handle(request);
  };
  system.network.fetch = fetch;
  const { path: _path, ...kept } = { path, ...read() };
  system.files.contents.set(path, JSON.stringify({ ...kept, signInRegion: "us-west-2" }));
  await using core = new StsCore({ system, logger: silentLogger });
  await core.generateCredentials(["admin"]);
  assertEquals(called, ["https://us-west-2.signin.aws.amazon.com/v1/token"]);
});

Deno.test("a set on top of an aws login stays fresh over several refreshes, without a person", async () => {
  const { emulator, system } = await startLogin({ seconds: 900, settings: { detectsReuse: true } });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["One", "admin"], { lifetime: 3 });
  const first = { One: set["sts-One"].AccessKeyId, admin: set["sts-admin"].AccessKeyId };
  for (let minute = 0; minute < 150; minute++) {
    await system.clock.advance(60_000);
    const left = set["sts-admin"].Expiration.getTime() - system.clock.now();
    assert(left >= 150_000, `after ${minute} minutes ${left / 1_000} s are left`);
  }
  assert(set["sts-One"].AccessKeyId !== first.One && set["sts-admin"].AccessKeyId !== first.admin);
  assert(set["sts-One"].Expiration.getTime() > system.clock.now());
  const refreshes = emulator.count("CreateOAuth2Token");
  assert(refreshes >= 10 && refreshes <= 16, `${refreshes} refreshes in 150 minutes`);
  assertEquals(emulator.count("CreateOAuth2Token", "ok"), refreshes);
});

Deno.test("credentials that are taken over late in their life are renewed with minutes left, not at their end", async () => {
  const { system } = await startLogin({ seconds: 400 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["admin"], { lifetime: 1 });
  for (let second = 0; second < 400; second += 5) {
    await system.clock.advance(5_000);
    const left = set["sts-admin"].Expiration.getTime() - system.clock.now();
    assert(left >= 165_000, `${left / 1_000} s are left`);
  }
});

for (const region of ["example.com/#", "../..", "eu-west-1.example.com", "a@b"]) {
  Deno.test(`a file whose signInRegion is "${region}" leads nowhere`, async () => {
    const { emulator, system, read } = await startLogin({ seconds: -5 });
    const [path = ""] = [...system.files.contents.keys()].filter((path) => path.endsWith(fileName));
    system.files.contents.set(path, JSON.stringify({ ...read(), signInRegion: region }));
    await using core = new StsCore({ system });
    await assertRejects(
      () => core.generateCredentials(["admin"]),
      SignInNeededError,
      `signInRegion in "${path}" is no region`,
    );
    assertEquals(emulator.count("CreateOAuth2Token"), 0);
  });
}
