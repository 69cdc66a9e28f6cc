import { assertEquals, assertStringIncludes } from "@std/assert";
import { sampleWorld } from "../../../src/testing/mod.ts";
import { silentLogger } from "../../../src/logger.ts";
import { credentialsFor, diskCache, entryFor, keyOf, start } from "../../session/fixtures.ts";
import { Desk, role, user } from "../desk.ts";

const other = "CodeDeployRole-qa";
const roleFile = "/home/kim/roles";

/** The profiles under whose names something is kept. */
async function kept(desk: Desk): Promise<readonly string[]> {
  desk.system.terminal.stdout = "";
  const { out } = await desk.run("status", "--format", "json");
  const { entries } = JSON.parse(out) as {
    readonly entries: readonly { readonly profile: string }[];
  };
  return entries.map(({ profile }) => profile).sort();
}

async function login(desk: Desk, ...words: readonly string[]): Promise<void> {
  desk.system.clock.jump(31_000);
  const { status, err } = await desk.run("login", "--mfa-code", desk.code, ...words);
  assertEquals(status, 0, err);
}

async function logout(desk: Desk, ...words: readonly string[]): Promise<string> {
  desk.system.terminal.stderr = "";
  const { status, err } = await desk.run("logout", ...words);
  assertEquals(status, 0, err);
  return err;
}

/** A desk where roles may live long, and one of them asks for that. */
function longRoleDesk(seconds: number): Desk {
  const { users, roles } = sampleWorld();
  return new Desk({
    world: { users, roles: roles.map((r) => ({ ...r, maxSessionDuration: 43_200 })) },
    edit: (config) => config.replace(`[profile ${role}]\n`, `$&duration_seconds = ${seconds}\n`),
  });
}

Deno.test("logout of a profile removes all that its login made, whatever that was asked for", async () => {
  const logins: readonly (readonly string[])[] = [
    [],
    ["--lifetime", "2h"],
    ["--endpoint-url", "http://127.0.0.1:4567"],
    ["--region", "eu-west-1"],
  ];
  for (const seconds of [3_600, 7_200]) {
    for (const words of logins) {
      const desk = longRoleDesk(seconds);
      await login(desk, "--profile", role, ...words);
      assertEquals((await kept(desk)).length > 0, true);
      await logout(desk, "--profile", role);
      assertEquals(await kept(desk), [], `${seconds} s, ${words.join(" ")}`);
    }
  }
});

Deno.test("logout of a profile leaves the roles of others, without a session token to renew them", async () => {
  const desk = new Desk();
  await login(desk, "--profile", role);
  await desk.run("creds", "--profiles", other);
  assertEquals(await kept(desk), [other, role, user].sort());
  await logout(desk, "--profile", role);
  assertEquals(await kept(desk), [other]);
});

Deno.test("logout of a profile removes the session token that another name of its user got", async () => {
  const desk = new Desk();
  const { contents } = desk.system.files;
  const path = "/home/kim/.aws/credentials";
  contents.set(
    path,
    `${contents.get(path)}\n${String(contents.get(path)).replaceAll(user, "twin")}`,
  );
  await login(desk, "--profile", "twin", "--mfa-serial", desk.serial);
  assertEquals(await kept(desk), ["twin"]);
  await logout(desk, "--profile", role);
  assertEquals(await kept(desk), []);
});

Deno.test("logout knows the profiles of a role file", async () => {
  const desk = new Desk();
  const { contents } = desk.system.files;
  const { arn = "" } = desk.emulator.world.roles[0] ?? {};
  contents.set(
    roleFile,
    `[extra]\nrole_arn = ${arn}\nsource_profile = ${user}\nmfa_serial = ${desk.serial}\n`,
  );
  await login(desk, "--profile", "extra", "--role-file", roleFile);
  assertEquals(await kept(desk), [user, "extra"]);
  await logout(desk, "--profile", "extra", "--role-file", roleFile);
  assertEquals(await kept(desk), []);
});

Deno.test("logout of a profile that is gone removes what has its name, and reports what may remain", async () => {
  const desk = new Desk();
  const { contents } = desk.system.files;
  await login(desk, "--profile", role);
  const path = "/home/kim/.aws/config";
  contents.set(path, String(contents.get(path)).replace(`[profile ${role}]`, "[profile renamed]"));
  const warned = await logout(desk, "--profile", role);
  assertStringIncludes(warned, `a session token of profile "${role}" may remain: Cannot find`);
  assertEquals(await kept(desk), [user]);
});

for (const command of ["logout", "status", "profiles", "creds"]) {
  Deno.test(`without a home ${command} names HOME, and claims nothing`, async () => {
    const desk = new Desk({ env: { HOME: "" } });
    const { status, out, err } = await desk.run(command);
    assertEquals([status, out], [2, ""]);
    assertStringIncludes(err, "HOME is not set, and no home folder is known");
    assertStringIncludes(err, "hint: set HOME");
  });
}

const folder = "/home/kim/.aws/stsaval";

for (const [what, words] of [["logout", []], ["logout", [role]], ["status", []]] as const) {
  Deno.test(`${[what, ...words].join(" ")} of a cache that cannot be read is no success`, async () => {
    const desk = new Desk();
    await login(desk, "--profile", role);
    desk.system.files.list = () => Promise.reject(new Error("permission denied"));
    desk.system.terminal.stdout = "";
    const { status, out, err } = await desk.run(what, ...words);
    assertEquals([status, out], [1, ""]);
    assertStringIncludes(err, `Cannot look at "${folder}"`);
    assertStringIncludes(err, "permission denied");
  });
}

Deno.test("an entry that cannot be read is not counted as none, and the others are shown", async () => {
  const desk = new Desk();
  await login(desk, "--profile", role);
  const path = `${folder}/${"0".repeat(64)}.json`;
  desk.system.files.contents.set(path, new Error("permission denied"));
  desk.system.files.said.set(path, { modified: desk.system.clock.now() });
  desk.system.terminal.stdout = "";
  const shown = await desk.run("status");
  assertEquals(shown.status, 1);
  assertStringIncludes(shown.out, role);
  assertStringIncludes(shown.err, `Cannot look at "${path}"`);
  const removed = await desk.run("logout", role);
  assertEquals(removed.status, 1);
  assertStringIncludes(removed.out, "2 credentials removed\n");
});

Deno.test("logout fails where something stays", async () => {
  const desk = new Desk();
  await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  desk.system.files.remove = () => Promise.reject(new Error("permission denied"));
  const { status, out, err } = await desk.run("logout");
  assertEquals(status, 1);
  assertStringIncludes(out, "0 credentials removed");
  assertStringIncludes(err, 'Cannot remove 2 credentials from "/home/kim/.aws/stsaval"');
});

Deno.test("logout of a profile leaves the session tokens of other users, whatever they are called", async () => {
  const desk = new Desk();
  const { contents } = desk.system.files;
  const path = "/home/kim/.aws/credentials";
  contents.set(
    path,
    `${contents.get(path)}\n[lee]\naws_access_key_id = AKIALEELEELEELEELEE0\n` +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n[nobody]\nregion = eu-west-1\n",
  );
  await login(desk, "--profile", role);
  const cache = diskCache({ ...desk.system, logger: silentLogger });
  const now = desk.system.clock.now() - start;
  for (const [digit, profile] of [["a", "lee"], ["b", "nobody"]] as const) {
    const credentials = credentialsFor(43_200, now);
    await cache.put(keyOf(digit), entryFor(43_200, { profile, credentials }));
  }
  assertEquals(await kept(desk), [role, user, "lee", "nobody"].sort());
  await logout(desk, "--profile", role);
  assertEquals(await kept(desk), ["lee", "nobody"]);
  await logout(desk, "--profile", "lee");
  assertEquals(await kept(desk), ["nobody"]);
});
