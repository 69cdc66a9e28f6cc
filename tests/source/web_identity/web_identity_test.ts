import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { ProfileError, SourceError, StsError, UsageError } from "../../../src/errors.ts";
import { githubTokenPath } from "../../../src/testing/mod.ts";
import {
  configFor,
  jobConfig,
  jobVariables,
  names,
  requestToken,
  roleArn,
  startCluster,
  subject,
  tokenFile,
} from "./fixtures.ts";

const hour = 3_600_000;

Deno.test("three roles on top of one token: one AssumeRoleWithWebIdentity, three AssumeRole", async () => {
  const { emulator, system } = await startCluster();
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(names);
  for (const name of names) {
    const { arn } = emulator.identityOf(set[`sts-${name}`].AccessKeyId) ?? {};
    assertEquals(arn, `arn:aws:sts::123456789012:assumed-role/${name}/sts-${name}`);
  }
  assertEquals(emulator.count("AssumeRoleWithWebIdentity", "ok"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("a profile with a token alone gives its role, unsigned though there are keys in the environment", async () => {
  const env = {
    ...{ HOME: "/home/kim", AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" },
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const { emulator, system } = await startCluster({ env });
  await using core = new StsCore({ system });
  const { "sts-app": app } = await core.generateCredentials(["app"]);
  assertEquals(app.Expiration.getTime() - app.StartTime.getTime(), hour);
  assertEquals(
    emulator.identityOf(app.AccessKeyId)?.arn,
    "arn:aws:sts::123456789012:assumed-role/App/sts-app",
  );
  assertEquals(emulator.calls.map(({ accessKeyId }) => accessKeyId), [""]);
});

Deno.test("the profile's session name and duration are sent; a role on top lasts an hour", async () => {
  const more = "role_session_name = ci@example\nduration_seconds = 43200\n";
  const { emulator, system } = await startCluster({ config: configFor(more) });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["app", "One"]);
  const { "sts-app": app, "sts-One": one } = set;
  assertEquals(emulator.identityOf(app.AccessKeyId)?.arn?.endsWith("/App/ci@example"), true);
  assertEquals(app.Expiration.getTime() - app.StartTime.getTime(), 12 * hour);
  assertEquals(one.Expiration.getTime() - one.StartTime.getTime(), hour);
});

Deno.test("--endpoint-url and --region count for the call with the token too", async () => {
  const { system } = await startCluster({ config: configFor().replace(/endpoint_url.*\n/g, "") });
  const urls: string[] = [];
  const { fetch } = system.network;
  system.network.fetch = (request) => {
    urls.push(new URL(request.url).origin);
    return fetch(request);
  };
  await using there = new StsCore({ system, region: "us-west-2" });
  await there.generateCredentials(["app"]);
  await using here = new StsCore({ system, endpointUrl: "http://127.0.0.1:9" });
  await here.generateCredentials(["One"]);
  const own = "http://127.0.0.1:9";
  assertEquals(urls, ["https://sts.us-west-2.amazonaws.com", own, own]);
});

Deno.test("a token that has expired is read once more, and the same one is not sent twice", async () => {
  const { emulator, system, rotate } = await startCluster({ seconds: 60 });
  system.clock.jump(61_000);
  await using core = new StsCore({ system });
  const error = await assertRejects(() => core.generateCredentials(["app"]), StsError);
  assertEquals(error.awsCode, "ExpiredTokenException");
  assertStringIncludes(error.hint ?? "", "must write a new one");
  assertEquals(emulator.count("AssumeRoleWithWebIdentity"), 1);

  const { readText } = system.files;
  let reads = 0;
  system.files.readText = async (path) => {
    // The kubelet replaces it between two reads.
    if (path === tokenFile && ++reads === 2) await rotate();
    return await readText.call(system.files, path);
  };
  await core.generateCredentials(["app"]);
  assertEquals(emulator.count("AssumeRoleWithWebIdentity"), 3);
});

Deno.test("two renewals each take the token that is in the file then", async () => {
  const { emulator, system, rotate } = await startCluster({ seconds: 3_700 });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["app", "One"], { lifetime: Infinity });
  const seen = new Set([set["sts-app"].AccessKeyId]);
  for (let renewal = 0; renewal < 2; renewal++) {
    await rotate(3_700);
    for (let minute = 0; minute < 60; minute++) {
      await system.clock.advance(60_000);
      for (const key of ["sts-app", "sts-One"] as const) {
        const { AccessKeyId, Expiration } = set[key];
        seen.add(AccessKeyId);
        // botocore blocks with ten minutes left, the SDK for JavaScript renews with five.
        assert(Expiration.getTime() - system.clock.now() > 600_000, `${key} at ${minute}`);
      }
    }
  }
  const tokens = emulator.count("AssumeRoleWithWebIdentity", "ok");
  assert(tokens >= 3, `${tokens} tokens were used`);
  assertEquals(emulator.count("AssumeRoleWithWebIdentity"), tokens);
  assert(seen.size >= 6, `${seen.size} keys were given`);
});

const place = `at "/home/kim/.aws/config", line 3`;
const named = `(profile "app" sets web_identity_token_file ${place})`;
const noToken =
  "what it holds is no JSON Web Token, wanted three parts with dots between them, in base64url";
const faults:
  readonly (readonly [what: string, content: string | Error | undefined, why: string])[] = [
    ["missing", undefined, "there is no such file"],
    ["unreadable", new Error("permission denied"), "permission denied"],
    ["a folder", new Error("it is a folder"), "it is a folder"],
    ["empty", "", "it is empty"],
    ["blank", "\uFEFF \r\n\t\n", "it is empty"],
    ["no token", "hunter2", noToken],
    ["two parts", "eyJhIjoxfQ.eyJhIjoxfQ", noToken],
    ["four parts", "eyJhIjoxfQ.eyJhIjoxfQ.x.x", noToken],
    ["two tokens", "eyJhIjoxfQ.eyJhIjoxfQ.x\neyJhIjoxfQ.eyJhIjoxfQ.x", noToken],
    ["an encrypted token", "eyJhIjoxfQ.a.b.c.d", noToken],
    ["no claims", "eyJhIjoxfQ.WzFd.x", noToken],
    ["a key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", noToken],
    ["too long", `a.b.${"x".repeat(20_000)}`, "it holds 20004 characters, wanted at most 20000"],
    ["far too long", "x".repeat(30_000), "it holds 30000 bytes, wanted at most 20000"],
  ];
for (const [what, content, why] of faults) {
  Deno.test(`a token file that is ${what} is told of with its path and its setting, and nothing is called`, async () => {
    const { emulator, system } = await startCluster();
    if (content === undefined) system.files.contents.delete(tokenFile);
    else system.files.contents.set(tokenFile, content);
    await using core = new StsCore({ system });
    const error = await assertRejects(() => core.generateCredentials(["One"]), SourceError);
    assertEquals(
      error.message,
      `Cannot read the web identity token in "${tokenFile}": ${why} ${named}`,
    );
    assert((error.hint ?? "").length > 20);
    assertEquals(emulator.calls.length, 0);
  });
}

for (
  const [what, wrap] of [
    ["a line end", (token: string) => `${token}\n`],
    ["a line end of Windows", (token: string) => `${token}\r\n`],
    ["a byte order mark", (token: string) => `\uFEFF${token}`],
    ["blanks around it", (token: string) => `  ${token}\t\n\n`],
  ] as const
) {
  Deno.test(`a token with ${what} is sent without it`, async () => {
    const { system, rotate } = await startCluster();
    system.files.contents.set(tokenFile, wrap(await rotate()));
    await using core = new StsCore({ system });
    await core.generateCredentials(["app"]);
  });
}

Deno.test("a role, a session name and a duration that STS would refuse are told of with file and line", async () => {
  const rows = [
    ["role_arn = short", "role_arn"],
    [`role_arn = ${roleArn("App")}\nrole_session_name = a b`, "role_session_name"],
    [`role_arn = ${roleArn("App")}\nduration_seconds = 60`, "duration_seconds"],
    ["region = eu-west-1", "needs role_arn, which is missing"],
  ] as const;
  for (const [settings, said] of rows) {
    const config = `[profile app]\nweb_identity_token_file = ${tokenFile}\n${settings}\n`;
    const { emulator, system } = await startCluster({ config });
    await using core = new StsCore({ system });
    const error = await assertRejects(() => core.generateCredentials(["app"]), ProfileError);
    assertStringIncludes(error.message, said);
    assertStringIncludes(error.message, '"/home/kim/.aws/config", line ');
    assertEquals(emulator.calls.length, 0);
  }
});

Deno.test("roles cached on disk are given to whoever the token is about, and to no other", async () => {
  const { emulator, system, rotate } = await startCluster();
  const keyOfOne = async () => {
    await using core = new StsCore({ system, cache: "disk" });
    return (await core.generateCredentials(["One"]))["sts-One"].AccessKeyId;
  };
  const first = await keyOfOne();
  await rotate();
  assertEquals(await keyOfOne(), first);
  const other = await emulator.webIdentityToken({ subject: `${subject}-of-somebody-else` });
  system.files.contents.set(tokenFile, other);
  const error = await assertRejects(keyOfOne, StsError);
  assertEquals(error.awsCode, "AccessDenied");
  assertStringIncludes(error.hint ?? "", "trust policy must allow sts:AssumeRoleWithWebIdentity");
});

Deno.test("with githubOidc roles without a source are assumed with the job's token, each with its own", async () => {
  const { emulator, system } = await startCluster({ config: jobConfig(), env: jobVariables });
  await using core = new StsCore({ system, githubOidc: true });
  const set = await core.generateCredentials(names);
  for (const name of names) {
    const { arn } = emulator.identityOf(set[`sts-${name}`].AccessKeyId) ?? {};
    assertEquals(arn, `arn:aws:sts::123456789012:assumed-role/${name}/sts-${name}`);
  }
  assertEquals(emulator.count("AssumeRoleWithWebIdentity", "ok"), 3);
  assertEquals(emulator.count("AssumeRole"), 0);
});

Deno.test("githubOidc changes nothing for a role that names a source", async () => {
  const { emulator, system } = await startCluster({ env: jobVariables });
  await using core = new StsCore({ system, githubOidc: true });
  await core.generateCredentials(["One"]);
  assertEquals(emulator.count("GetIdToken"), 0);
  assertEquals(emulator.count("AssumeRole", "ok"), 1);
});

Deno.test("githubOidc asks for the audience that was named", async () => {
  const { emulator, system } = await startCluster({ config: jobConfig(), env: jobVariables });
  await using core = new StsCore({ system, githubOidc: { audience: "other" } });
  await core.generateCredentials(["App"]);
  await using wrong = new StsCore({ system, githubOidc: { audience: "nobody & co" } });
  const failed = wrong.generateCredentials(["App"]).catch((error: unknown) => error);
  await system.clock.runUntil(failed);
  assertStringIncludes(String(await failed), "InvalidIdentityToken: Incorrect token audience");
  assertEquals(emulator.count("GetIdToken", "ok"), 2);
});

Deno.test("without the job's variables it says which lines the workflow lacks", async () => {
  const env = { HOME: "/home/kim", ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:4566/x" };
  const { emulator, system } = await startCluster({ config: jobConfig(), env });
  await using core = new StsCore({ system, githubOidc: true });
  const error = await assertRejects(() => core.generateCredentials(["App"]), ProfileError);
  assertStringIncludes(error.message, "ACTIONS_ID_TOKEN_REQUEST_TOKEN, which is not set");
  assertStringIncludes(error.hint ?? "", "permissions:\n      id-token: write");
  assertEquals(emulator.calls.length, 0);
});

Deno.test("GitHub's refusals and outages are told apart, and its token is in none of them", async () => {
  const env = { ...jobVariables, ACTIONS_ID_TOKEN_REQUEST_TOKEN: `${requestToken}-of-before` };
  const { system } = await startCluster({ config: jobConfig(), env });
  await using core = new StsCore({ system, githubOidc: true });
  const error = await assertRejects(() => core.generateCredentials(["App"]), SourceError);
  assertEquals(error.code, "SOURCE_REFUSED");
  assertEquals(
    error.message,
    'Cannot get a token for audience "sts.amazonaws.com" from GitHub Actions at 127.0.0.1:4566: ' +
      "it responded with HTTP 401: The job token is not valid",
  );

  const { emulator, system: other } = await startCluster({
    config: jobConfig(),
    env: jobVariables,
  });
  const message = `leaks ${requestToken}`;
  emulator.faults.push({
    when: { operation: "GetIdToken" },
    effect: { kind: "fail", code: "Busy", status: 503, message },
  });
  await using busy = new StsCore({ system: other, githubOidc: true });
  const failed = busy.generateCredentials(["App"]).catch((error: unknown) => error);
  await other.clock.runUntil(failed);
  const outage = await failed;
  assert(outage instanceof SourceError);
  assertEquals(outage.code, "SOURCE_UNREACHABLE");
  assertEquals(emulator.count("GetIdToken"), 10);
  assertEquals(outage.message.includes(requestToken), false);
});

Deno.test("a host that this program may not call is named at once, with what may call it", async () => {
  const { system } = await startCluster({ config: jobConfig(), env: jobVariables });
  system.network.fetch = () => {
    const denied = new Error('Requires net access to "127.0.0.1:4566"');
    denied.name = "NotCapable";
    return Promise.reject(denied);
  };
  await using core = new StsCore({ system, githubOidc: true });
  const error = await assertRejects(() => core.generateCredentials(["App"]), UsageError);
  assertEquals(
    error.message,
    'Cannot call "127.0.0.1:4566": this program may not call it',
  );
  assertStringIncludes(error.hint ?? "", "--allow-net");
});

Deno.test("another job shares no cached role with this one", async () => {
  const keys: string[] = [];
  const { system } = await startCluster({ config: jobConfig(), env: jobVariables });
  for (const job of ["", "&job=2", ""]) {
    const url = `http://127.0.0.1:4566${githubTokenPath}${job}`;
    const env = {
      get: (name: string) =>
        ({ ...jobVariables, ACTIONS_ID_TOKEN_REQUEST_URL: url } as Record<string, string>)[name],
    };
    await using core = new StsCore({ system: { ...system, env }, githubOidc: true, cache: "disk" });
    keys.push((await core.generateCredentials(["App"]))["sts-App"].AccessKeyId);
  }
  assertEquals(new Set(keys).size, 3);
});

const variables = {
  HOME: "/home/kim",
  AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  AWS_ROLE_ARN: roleArn("App"),
};

function environment(more: Readonly<Record<string, string | undefined>> = {}) {
  const all: Record<string, string | undefined> = { ...variables, ...more };
  return { get: (name: string) => all[name] };
}

Deno.test("the environment alone names a role with its token", async () => {
  const { webIdentity } = await import("../../../src/source/web_identity/token_file.ts");
  assertEquals(webIdentity.ofEnvironment?.({ get: () => undefined }), undefined);
  const step = webIdentity.ofEnvironment?.(environment({ AWS_REGION: "eu-west-1" }));
  assertEquals(step, {
    kind: "source",
    source: "web-identity",
    profile: "",
    detail: `"${tokenFile}", role ${roleArn("App")}`,
    settings: {
      tokenFile,
      roleArn: roleArn("App"),
      roleSessionName: "sts-environment",
      endpoint: '{"region":"eu-west-1","partition":"aws"}',
    },
    reason: "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set",
  });
  const named = webIdentity.ofEnvironment?.(environment({ AWS_ROLE_SESSION_NAME: "pod-1" }), {
    request: { endpointUrl: "http://127.0.0.1:1" },
  });
  assertEquals(named?.settings.roleSessionName, "pod-1");
  assertEquals(named && webIdentity.urls?.(named), ["http://127.0.0.1:1"]);
});

Deno.test("an environment that names a token and no usable role says which variable to correct", async () => {
  const { webIdentity } = await import("../../../src/source/web_identity/token_file.ts");
  const rows = [
    [{ AWS_ROLE_ARN: undefined }, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not"],
    [{ AWS_ROLE_ARN: "x" }, 'AWS_ROLE_ARN is "x", wanted an ARN'],
    [{ AWS_ROLE_SESSION_NAME: "a b" }, 'AWS_ROLE_SESSION_NAME is "a b", wanted 2 to 64'],
  ] as const;
  for (const [more, said] of rows) {
    const error = await assertRejects(
      // deno-lint-ignore require-await -- a throw becomes a rejection
      async () => webIdentity.ofEnvironment?.(environment(more)),
      ProfileError,
    );
    assertStringIncludes(error.message, said);
  }
});
