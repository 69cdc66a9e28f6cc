import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Desk, role, user } from "./desk.ts";

const clear = "\x1b[2J";

/** A desk whose role has another endpoint, and a role that no caller may assume beside it. */
function deskWithEndpoint(url: string): Desk {
  return new Desk({ edit: (config) => config.replaceAll("http://127.0.0.1:4566", url) });
}

Deno.test("main() hands no value of a file to the terminal that would act upon it", async () => {
  const { status, err } = await deskWithEndpoint(`ftp://${clear}x`).run("explain", role);
  assertEquals(status, 2);
  assertStringIncludes(err, 'stsaval: Cannot use endpoint "ftp://\\x1b[2Jx": wanted an http');
  assert(!err.includes("\x1b"));
});

/** What is said of a file with roles that has such a key. */
async function errorOfRoleFile(key: string): Promise<string> {
  const desk = new Desk();
  const path = "/home/kim/roles.json";
  desk.system.files.contents.set(path, JSON.stringify({ dev: { [key]: [] } }));
  return (await desk.run("profiles", "--role-file", path)).err;
}

Deno.test("main() hands no region and no key of a file with roles to the terminal", async () => {
  const desk = new Desk({ edit: (text) => text.replace(/region = .*/g, "region = \x1b]0;p\x07") });
  const { err } = await desk.run("explain", user, "--endpoint-url", "http://127.0.0.1:1");
  assertStringIncludes(err, 'is "\ufffd]0;p\ufffd", wanted letters, digits and hyphens');
  assertStringIncludes(await errorOfRoleFile(clear), '"\\x1b[2J" of "dev" is a list');
  for (const text of [err, await errorOfRoleFile(clear)]) assert(!text.includes("\x1b"));
});

Deno.test("main() lets no text of a file pass for a line of its own", async () => {
  const err = await errorOfRoleFile("Zoë\nhint: run this");
  assertStringIncludes(err, '"Zoë\n  hint: run this" of "dev" is a list');
});

Deno.test("main() leaves an error as JSON to whoever reads the JSON", async () => {
  const { err } = await deskWithEndpoint(`ftp://${clear}x`).run("explain", role, "--json");
  assertStringIncludes(JSON.parse(err).error.message, `"ftp://${clear}x"`);
});

Deno.test("creds hands no failure of one profile to the terminal as it is", async () => {
  const desk = new Desk();
  const odd = `odd${clear}`;
  const names = ["--profiles", user, "--profiles", odd];
  const { status, err } = await desk.run("creds", ...names, "--no-strict", "--mfa-code", desk.code);
  assertEquals(status, 4);
  assertStringIncludes(err, '  "odd\\x1b[2J": Cannot find profile');
  assert(!err.includes("\x1b"));
});

Deno.test("profiles warns of a section that is a likely mistake, not of the AWS CLI's own", async () => {
  const edit = (config: string) => `[plugins]\nendpoint = x\n[dev]\nregion = x\n${config}`;
  const { err } = await new Desk({ edit }).run("profiles");
  assertStringIncludes(err, 'section "[dev]" ignored');
  assert(!err.includes("plugins"), err);
});

Deno.test("profiles lists 1,201 profiles whole and in order, each line once", async () => {
  const names = Array.from({ length: 1_201 }, (_, index) => `role-${index}`);
  const edit = () =>
    names.map((name) => `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/R\n`).join(
      "",
    );
  const { out } = await new Desk({ edit }).run("profiles");
  const [title, ...lines] = out.trimEnd().split("\n");
  assertEquals(title?.split(/ +/), ["PROFILE", "ROLE", "SOURCE", "MFA"]);
  const listed = lines.map((line) => line.split(" ")[0]).filter((name) =>
    name?.startsWith("role-")
  );
  assertEquals(listed, names);
});
