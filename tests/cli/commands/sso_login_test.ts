import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { EmulatorWorld } from "../../../src/testing/mod.ts";
import { config, startUrl } from "../../source/sso/fixtures.ts";
import { Desk } from "../desk.ts";

const account = "123456789012";
const world: EmulatorWorld = {
  users: [],
  roles: [{ arn: `arn:aws:iam::${account}:role/One`, trusts: [account] }],
  sso: {
    startUrl,
    region: "eu-west-1",
    accounts: [{ accountId: account, name: "Example", roles: [{ name: "Admin" }] }],
  },
};

function desk(more = ""): Desk {
  return new Desk({ world, edit: () => config + more });
}

/** Runs a command that waits for a person on another device, who approves at once. */
async function signIn(desk: Desk, ...words: readonly string[]) {
  const running = desk.run(...words, "--device");
  let isDone = false;
  running.finally(() => isDone = true);
  while (!isDone) await desk.system.clock.advance(1_000);
  return await running;
}

Deno.test("login of a role on top of IAM Identity Center signs in, and every command goes on", async () => {
  const home = desk();
  const before = await home.run("creds", "One");
  assertEquals(before.status, 3);
  assertStringIncludes(before.err, "hint: sign in with 'stsaval login admin'");
  const { status, out, err } = await signIn(home, "login", "One");
  assertEquals([status, out], [
    0,
    'Signed in to IAM Identity Center "corp", renewed without a browser until the session ends\n',
  ]);
  assertStringIncludes(err, "Sign in on this page:\n  http://127.0.0.1:4566/device?user_code=");
  assertStringIncludes(err, "and compare the code: ");
  for (const words of [["creds", "One"], ["env", "One"], ["process", "One"], ["creds", "admin"]]) {
    assertEquals((await home.run(...words)).status, 0, words.join(" "));
  }
  assertEquals(home.emulator.count("RegisterClient"), 1);
});

Deno.test("login --sso-session signs in without a profile, and an unknown section is named", async () => {
  const home = desk();
  const { status, out } = await signIn(home, "login", "--sso-session", "corp", "--json");
  assertEquals(status, 0);
  assertEquals(JSON.parse(out), {
    profile: "corp",
    session: "corp",
    until: new Date(home.system.clock.now() + 3_600_000).toISOString(),
    renewable: true,
  });
  const unknown = await home.run("login", "--sso-session", "crop");
  assertEquals(unknown.status, 4);
  assertStringIncludes(
    unknown.err,
    'Cannot find section [sso-session crop] in "/home/kim/.aws/config"\nhint: did you mean "corp"?',
  );
});

for (
  const [what, env, message] of [
    ["a malformed proxy", { HTTPS_PROXY: "ftp://proxy" }, 'the proxy "ftp://proxy" of HTTPS_PROXY'],
    ["no bundle of certificates", { AWS_CA_BUNDLE: "/none" }, 'the CA certificates in "/none"'],
  ] as const
) {
  Deno.test(`a sign-in with ${what} is refused before any call`, async () => {
    const home = new Desk({ world, edit: () => config, env });
    const { status, err } = await home.run("login", "One", "--device");
    assertEquals([status, home.emulator.calls.length], [2, 0]);
    assertStringIncludes(err, message);
  });
}

Deno.test("nothing that login prints or logs holds a token", async () => {
  const home = desk();
  const { out, err } = await signIn(home, "login", "One", "-v");
  const name = [...home.system.files.contents.keys()].find((path) =>
    /\/sso\/cache\/.*\.json$/.test(path)
  );
  const token = JSON.parse(String(home.system.files.contents.get(name ?? "")));
  for (const field of ["accessToken", "refreshToken", "clientSecret"]) {
    assert(token[field].length > 20);
    assert(!`${out}${err}`.includes(token[field]), field);
  }
});

Deno.test("login of a profile that lacks a setting of its sign-in says which, and where", async () => {
  const home = desk("[profile half]\nsso_start_url = https://half.awsapps.com/start\n");
  const { status, err } = await home.run("login", "half");
  assertEquals(status, 4);
  assertStringIncludes(err, 'profile "half" at "/home/kim/.aws/config", line');
  assertStringIncludes(err, "has no sso_region\nhint: add sso_region to it");
});

Deno.test("logout ends the sign-in at the portal and on disk, with its credentials", async () => {
  const home = desk();
  await signIn(home, "login", "One");
  await home.run("creds", "One");
  const tokenFiles = () =>
    [...home.system.files.contents.keys()].filter((path) => /\/sso\/cache\/.*\.json$/.test(path));
  assertEquals(tokenFiles().length, 1);
  const { status, out } = await home.run("logout", "One");
  assertEquals(status, 0);
  assertStringIncludes(out, '2 credentials removed\nSigned out of IAM Identity Center "corp"\n');
  assertEquals(tokenFiles(), []);
  assertEquals(home.emulator.count("Logout", "ok"), 1);
  const after = await home.run("creds", "One");
  assertEquals(after.status, 3);
});

Deno.test("logout of everything ends every sign-in of the configuration, and says nothing of none", async () => {
  const home = desk();
  assert(!(await home.run("logout")).out.includes("Signed out"));
  await signIn(home, "login", "admin");
  assertStringIncludes(
    (await home.run("logout")).out,
    'Signed out of IAM Identity Center "corp"\n',
  );
  assertEquals(home.emulator.count("Logout", "ok"), 1);
});

Deno.test("login of a profile whose own keys beat its sign-in gets a session token with them", async () => {
  const home = new Desk({
    world: {
      ...world,
      users: [{
        name: "kim",
        account,
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      }],
    },
    edit: () =>
      config + "[profile keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n" +
      "sso_session = corp\nendpoint_url = http://127.0.0.1:4566\nregion = eu-west-1\n",
  });
  const { status, out, err } = await home.run("login", "keys");
  assertEquals([status, err], [0, ""]);
  assertStringIncludes(out, '"keys" needs no code until');
  assertEquals(home.emulator.count("RegisterClient"), 0);
});

Deno.test("share_aws_cache shares the role of a sign-in with the AWS CLI: what is there is taken, what is not is put there", async () => {
  const shared = "[profile shared]\nsso_session = corp\nsso_account_id = 123456789012\n" +
    "sso_role_name = Admin\nendpoint_url = http://127.0.0.1:4566\nshare_aws_cache = true\n";
  const home = desk(shared);
  await signIn(home, "login", "admin");
  const files = home.system.files.contents;
  const inCliCache = () => [...files.keys()].filter((path) => path.includes("/cli/cache/"));
  await home.run("creds", "admin");
  assertEquals(inCliCache(), []);
  assertEquals((await home.run("creds", "shared", "--format", "json")).status, 0);
  const [path = ""] = inCliCache();
  const put = JSON.parse(String(files.get(path)));
  assertEquals([put.ProviderType, put.Credentials.AccountId], ["sso", account]);
  assertEquals(home.emulator.count("GetRoleCredentials"), 1);

  // What the AWS CLI renewed is taken, without stsaval's own cache.
  const end = new Date(home.system.clock.now() + 3_000_000).toISOString().replace(/\.\d+Z$/, "Z");
  const theirs = { ...put.Credentials, AccessKeyId: "ASIATHEIRS", Expiration: end };
  files.set(path, JSON.stringify({ ProviderType: "sso", Credentials: theirs }));
  assertStringIncludes((await home.run("process", "shared")).out, '"ASIATHEIRS"');
  assertEquals(home.emulator.count("GetRoleCredentials"), 1);
  // Only what stsaval stored goes with a logout.
  await home.run("logout", "shared");
  assertEquals(inCliCache(), [path]);
  files.set(path, JSON.stringify(put));
  await home.run("logout", "shared");
  assertEquals(inCliCache(), []);
});

Deno.test("login --sso-session goes where the profiles of the section go", async () => {
  const other = desk();
  other.system.files.contents.set(
    "/home/kim/.aws/config",
    config.replaceAll("http://127.0.0.1:4566", "http://127.0.0.1:4999"),
  );
  const { err } = await signIn(other, "login", "--sso-session", "corp");
  assertStringIncludes(err, "Sign in on this page:\n  http://127.0.0.1:4999/device?");
});
