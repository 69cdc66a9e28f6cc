import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  configFor,
  fileName,
  loginFile,
  loginSession,
  world,
} from "../../source/login/fixtures.ts";
import { Desk } from "../desk.ts";

const path = `/home/kim/.aws/login/cache/${fileName}`;

/** A home in which `aws login` signs in with that exit code. */
function desk(exit = 0): Desk {
  return new Desk({
    world,
    edit: (config) => config + configFor("http://127.0.0.1:4566"),
    program: (_words, { emulator, system }) => {
      if (exit === 0) {
        const kept = loginFile(emulator, system.clock.now() + 900_000);
        system.files.contents.set(path, JSON.stringify(kept));
      }
      return { exit, stdout: "Attempting to open your default browser\n" };
    },
  });
}

Deno.test("login --aws-login runs aws login for the profile behind a role, and every command goes on", async () => {
  const home = desk();
  const before = await home.run("creds", "One");
  assertEquals(before.status, 3);
  assertStringIncludes(before.err, "hint: sign in with 'aws login --profile admin'");
  const { status, out, err } = await home.run("login", "One", "--aws-login");
  assertEquals([status, out], [
    0,
    'Signed in by aws login for profile "admin", renewed without a browser until the session ends\n',
  ]);
  assertStringIncludes(err, "Attempting to open your default browser\n");
  assertEquals(home.system.processes.started.map(({ words }) => words), [
    ["aws", "login", "--profile=admin"],
  ]);
  for (
    const words of [["creds", "One"], ["env", "Two"], ["process", "admin"]]
  ) {
    assertEquals((await home.run(...words)).status, 0, words.join(" "));
  }
});

Deno.test("login --aws-login fails where aws login does, and where the profile rests on none", async () => {
  const failed = await desk(253).run("login", "One", "--aws-login");
  assertEquals(failed.status, 3);
  assertStringIncludes(failed.err, '"aws login --profile=admin" ended with exit code 253');
  const other = await desk().run("login", "none", "--aws-login");
  assertEquals(other.status, 2);
  assertStringIncludes(other.err, 'profile "none" does not rest on an aws login');
});

Deno.test("explain names the sign-in, and shows nothing that its file holds", async () => {
  const home = desk();
  const { status, out } = await home.run("explain", "One");
  assertEquals(status, 0);
  assertStringIncludes(
    out,
    'login of profile "admin": "arn:aws:sts::012345678910:assumed-role/Admin/admin"',
  );
  assert(!out.includes("does not fetch"));
});

Deno.test("nothing that is printed or logged holds a secret of the sign-in", async () => {
  const home = desk();
  await home.run("login", "One", "--aws-login");
  const before = JSON.parse(String(home.system.files.contents.get(path)));
  home.system.clock.jump(1_200_000);
  home.emulator.endLogin("TOKEN_EXPIRED");
  const refused = await home.system.clock.runUntil(home.run("creds", "admin", "-v", "--json"));
  assertEquals(refused.status, 3);
  for (const secret of [before.refreshToken, before.idToken, before.accessToken.sessionToken]) {
    assert(!`${refused.out}${refused.err}`.includes(secret));
  }
  assert(!`${refused.out}${refused.err}`.includes("MHcCAQ"));
});

Deno.test("logout forgets the aws login of a profile, once for all that share it, and says nothing of none", async () => {
  for (const words of [["logout", "One", "Two"], ["logout"]]) {
    const home = desk();
    assert(!(await home.run(...words)).out.includes("aws login"));
    await home.run("login", "One", "--aws-login");
    await home.run("creds", "One");
    const kept = [...home.system.files.contents.keys()].find((name) => name.endsWith(fileName));
    assertEquals(kept, path);
    const before = home.system.terminal.stdout.length;
    const { status, out } = await home.run(...words);
    assertEquals([status, out.slice(before)], [
      0,
      `1 credential removed\nSigned out of aws login "${loginSession}"\n`,
    ]);
    assert(!home.system.files.contents.has(path));
    const after = await home.run("creds", "One");
    assertEquals(after.status, 3);
  }
});

Deno.test("logout of another profile leaves the aws login, and --json names what was ended", async () => {
  const home = desk();
  await home.run("login", "One", "--aws-login");
  await home.run("logout", "IAM_USER1");
  assert(home.system.files.contents.has(path));
  const before = home.system.terminal.stdout.length;
  const { out } = await home.run("logout", "admin", "--json");
  assertEquals(JSON.parse(out.slice(before)), { removed: 0, signedOut: [loginSession] });
});
