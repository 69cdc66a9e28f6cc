import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileError } from "../../../src/file_error.ts";
import { Desk, role } from "../desk.ts";

Deno.test("login says how long no code is needed, in JSON too", async () => {
  const desk = new Desk();
  const words = ["login", "--profile", role, "--mfa-code", desk.code];
  const { status, out, err } = await desk.run(...words, "--json");
  assertEquals([status, err], [0, ""]);
  assertEquals(JSON.parse(out), { profile: role, until: "2026-01-01T12:00:00.000Z" });
});

Deno.test("login without a home is refused before a code is spent", async () => {
  const files = "/home/kim/.aws";
  const desk = new Desk({
    env: {
      HOME: "",
      AWS_CONFIG_FILE: `${files}/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${files}/credentials`,
    },
  });
  const { status, out, err } = await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals([status, out], [2, ""]);
  assertStringIncludes(err, "there is no folder to cache credentials in\nhint: set HOME");
  assertEquals(desk.emulator.calls.length, 0);
});

Deno.test("login where nothing can be written is rejected before a code is used up", async () => {
  const desk = new Desk();
  desk.system.files.replaceText = () => Promise.reject(fileError("ENOSPC"));
  const { status, out, err } = await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals([status, out], [1, ""]);
  const folder = "/home/kim/.aws/stsaval";
  assertStringIncludes(err, `"${folder}" is not used: no space left on device`);
  assertStringIncludes(err, `Cannot cache credentials in "${folder}"`);
  assertStringIncludes(err, "hint: free some space, or use another disk; or set STSAVAL_CACHE_DIR");
  assert(!err.includes("mode"), err);
  assertEquals(desk.emulator.calls.length, 0);
});

Deno.test("login where files have no locks warns once and goes on", async () => {
  const desk = new Desk();
  desk.system.files.lock = () => Promise.reject(fileError("ENOLCK"));
  const { status, err } = await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals(status, 0, err);
  assertEquals(err.match(/cannot be locked/g)?.length, 1, err);
});

Deno.test("login fails when its credentials could not be cached after all, with the reason", async () => {
  const desk = new Desk();
  refuseEntries(desk);
  const { status, out, err } = await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals([status, out], [1, ""]);
  assertMatch(err, /^warning: .*\.json" is not used: permission denied$/m);
  assertStringIncludes(
    err,
    `Cannot cache the credentials of profile "${role}" in "/home/kim/.aws/stsaval"`,
  );
});

Deno.test("login is not content with what was kept before", async () => {
  const desk = new Desk();
  const login = () => desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals((await login()).status, 0);
  desk.system.clock.jump(31_000);
  refuseEntries(desk);
  assertEquals((await login()).status, 1);
  assert(desk.emulator.calls.length > 2);
});

Deno.test("login into a folder that others may use is rejected before a code is used up", async () => {
  const desk = new Desk();
  desk.system.files.contents.set("/home/kim/.aws/stsaval/x", "");
  desk.system.files.said.set("/home/kim/.aws/stsaval", { mode: 0o777 });
  const { status, err } = await desk.run("login", "--profile", role, "--mfa-code", desk.code);
  assertEquals(status, 1);
  assertStringIncludes(err, 'Cannot cache credentials in "/home/kim/.aws/stsaval"');
  assertEquals(desk.emulator.calls.length, 0);
});

/** Entries can no longer be written; what tells beforehand whether they can is. */
function refuseEntries({ system: { files } }: Desk): void {
  const replaceText = files.replaceText.bind(files);
  files.replaceText = (path, text, options) =>
    path.endsWith(".json")
      ? Promise.reject(new Error("permission denied"))
      : replaceText(path, text, options);
}
