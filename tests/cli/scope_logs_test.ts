/**
 * Policies, tags and what stands in their place by mistake reach no log, no cache file and no error, whatever goes wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Desk, type DeskOptions, role } from "./desk.ts";

const marker = "MarkerOfThePolicy";
const policy =
  `{"Statement":{"Sid":"${marker}","Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`;
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** A desk with files, each command line of which logs all that it can. */
async function runs(lines: readonly (readonly string[])[], options: DeskOptions = {}) {
  const desk = new Desk({ program: () => ({ exit: 0 }), ...options });
  desk.system.files.contents.set("/home/kim/policy.json", policy);
  desk.system.files.contents.set("/home/kim/secret", `${secret}\n`);
  desk.system.files.contents.set("/home/kim/keys.json", `{"SecretAccessKey":"${secret}"}`);
  const statuses: number[] = [];
  for (const line of lines) {
    desk.system.clock.jump(31_000);
    const words = [...line, "--verbose", "--mfa-code", desk.code];
    const at = words.indexOf("--");
    const given = at < 0 ? words : [
      ...words.slice(0, at),
      ...words.slice(-3),
      ...words.slice(at, -3),
    ];
    statuses.push((await desk.run(...given)).status);
  }
  const kept = [...desk.system.files.contents].filter(([path]) => path.includes("/.aws/stsaval/"))
    .map(([, text]) => String(text)).join("\n");
  return { desk, statuses, err: desk.system.terminal.stderr, kept };
}

Deno.test("neither logs nor files of the cache hold a policy, a tag or a source identity", async () => {
  const more = ["--tag", "team=TagOfTheSession", "--source-identity", "IdentityOfTheSession"];
  const { statuses, err, kept, desk } = await runs([
    ["creds", role, "--policy", policy, ...more],
    ["process", role, "--scope", policy, "--scope-description", "TextOfTheScope"],
    ["exec", role, "--scope", "~/policy.json", "--scope-for", "10m", "--", "job"],
    ["creds", role, "--policy", "~/policy.json", "--log-format", "json"],
  ]);
  assertEquals(statuses, [0, 0, 0, 0], err);
  assert(err.includes("debug") || err.includes("DEBUG"), "everything is logged");
  for (const text of [marker, "TagOfTheSession", "IdentityOfTheSession", "TextOfTheScope"]) {
    assert(!err.includes(text), `${text} is in the log: ${err}`);
    assert(!kept.includes(text), `${text} is in the cache`);
  }
  assertEquals(desk.emulator.calls.filter(({ session }) => session !== undefined).length, 4);
});

Deno.test("a secret where a policy belongs is shown by no error", async () => {
  const { statuses, err } = await runs([
    ["creds", role, "--policy", "~/secret"],
    ["creds", role, "--scope", "~/keys.json"],
    ["creds", role, "--scope", secret],
    ["creds", role, "--policy", "/home/kim/.aws/credentials"],
    ["process", role, "--scope", "~/secret"],
    ["exec", role, "--policy", "~/keys.json", "--", "job"],
  ]);
  assert(statuses.every((status) => status === 2), err);
  for (let at = 0; at + 12 <= secret.length; at++) {
    assert(!err.includes(secret.slice(at, at + 12)), err);
  }
});

Deno.test("a secret that was put into a setting of a profile is shown by no error", async () => {
  for (const setting of ["policy", "scope_policy"]) {
    const { statuses, err } = await runs([["creds", role]], {
      edit: (config) => config.replace(`[profile ${role}]\n`, `$&${setting} = ${secret}\n`),
    });
    assertEquals(statuses, [4], err);
    assert(!err.includes(secret.slice(0, 12)) && !err.includes(secret.slice(-12)), err);
  }
});
