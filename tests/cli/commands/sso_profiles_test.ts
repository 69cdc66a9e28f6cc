import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { EmulatorWorld } from "../../../src/testing/mod.ts";
import { startUrl } from "../../source/sso/fixtures.ts";
import { Desk } from "../desk.ts";

const path = "/home/kim/.aws/config";
const section = `[sso-session corp]
sso_start_url = ${startUrl}
sso_region = eu-west-1
`;
// The two services are reached where the emulator is.
const env = {
  AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:4566",
  AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:4566",
};

function worldOf(count: number): EmulatorWorld {
  const accounts = Array.from({ length: count }, (_, index) => ({
    accountId: String(100_000_000_000 + index),
    name: `Account ${index}`,
    roles: [{ name: "Admin" }, { name: "ReadOnly" }],
  }));
  return { users: [], roles: [], sso: { startUrl, region: "eu-west-1", accounts } };
}

/** A home whose person has signed in. */
async function signedIn(count: number, config = section): Promise<Desk> {
  const desk = new Desk({ world: worldOf(count), edit: () => config, env });
  assertEquals((await run(desk, "login", "--sso-session", "corp", "--device")).status, 0);
  return desk;
}

/** Runs a command line while time passes, and gives what it alone printed. */
async function run(desk: Desk, ...words: readonly string[]) {
  const before = await desk.run("--version");
  const running = desk.run(...words);
  let isDone = false;
  running.finally(() => isDone = true);
  while (!isDone) await desk.system.clock.advance(100);
  const { status, out, err } = await running;
  return { status, out: out.slice(before.out.length), err: err.slice(before.err.length) };
}

Deno.test("sso profiles adds a profile for each role, and a second time none", async () => {
  const desk = await signedIn(2);
  const { status, out, err } = await run(desk, "sso", "profiles", "--region", "eu-west-1");
  assertEquals([status, out], [0, ""]);
  assertStringIncludes(err, "Added 4 profiles, removed 0, kept 0\n");
  const text = String(desk.system.files.contents.get(path));
  assert(text.startsWith(section));
  assertStringIncludes(text, "[profile Account-0-Admin]\n");
  const again = await run(desk, "sso", "profiles");
  assertStringIncludes(again.err, "Added 0 profiles, removed 0, kept 4\n");
  assertEquals(desk.system.files.contents.get(path), text);
  const used = await run(desk, "process", "Account-1-ReadOnly");
  assertEquals(used.status, 0, used.err);
});

Deno.test("sso profiles --dry-run prints a diff and writes nothing", async () => {
  const desk = await signedIn(1);
  const words = ["sso", "profiles", "--dry-run", "--name", "{account}.{role}"];
  const { status, out, err } = await run(desk, ...words);
  assertEquals(status, 0);
  assertStringIncludes(out, "+[profile 100000000000.Admin]\n");
  assertStringIncludes(err, "Would add 2 profiles");
  assertEquals(desk.system.files.contents.get(path), section);
});

Deno.test("sso profiles of 600 accounts ends in the time that 20 calls a second allow, plus a fifth", async () => {
  const desk = await signedIn(600);
  const before = desk.system.clock.now();
  const { status, err } = await run(desk, "sso", "profiles", "--json");
  assertEquals([status, err], [0, ""]);
  const calls = desk.emulator.count("ListAccounts", "ok") +
    desk.emulator.count("ListAccountRoles", "ok");
  assertEquals(calls, 606);
  assert(desk.emulator.count("ListAccountRoles", "TooManyRequestsException") > 0);
  const seconds = (desk.system.clock.now() - before) / 1_000;
  assert(seconds <= (calls / 20) * 1.2, `${seconds} s`);
});

Deno.test("sso profiles says what is missing: a section, a choice, a sign-in, a place in the template", async () => {
  const none = new Desk({ world: worldOf(1), edit: () => "", env });
  const noSection = await run(none, "sso", "profiles");
  assertEquals(noSection.status, 2);
  assertStringIncludes(noSection.err, "has no section [sso-session …]");
  const two = new Desk({
    world: worldOf(1),
    edit: () => `${section}${section.replace("corp", "lab")}`,
    env,
  });
  const ambiguous = await run(two, "sso", "profiles");
  assertStringIncludes(ambiguous.err, 'found "corp", "lab"\nhint: name one with --sso-session');
  const unsigned = await run(two, "sso", "profiles", "--sso-session", "lab");
  assertEquals(unsigned.status, 3);
  assertStringIncludes(unsigned.err, "hint: sign in with 'stsaval login --sso-session lab'");
  const template = await run(two, "sso", "profiles", "--name", "{acount}");
  assertEquals(template.status, 2);
  assertStringIncludes(template.err, 'Cannot use "{acount}" for --name: found {acount}, wanted');
});
