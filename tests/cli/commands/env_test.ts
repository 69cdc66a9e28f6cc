import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { misleadingVariables } from "../../../src/output/variable_names.ts";
import { Desk, role, user } from "../desk.ts";

Deno.test("env prints the variables of a role for a shell, and nothing else", async () => {
  const desk = new Desk();
  const { status, out, err } = await desk.run("env", "--profile", role, "--mfa-code", desk.code);
  assertEquals([status, err], [0, ""]);
  assertMatch(
    out,
    /^unset [\w ]+\nexport AWS_ACCESS_KEY_ID='ASIA\w+'\nexport AWS_SECRET_ACCESS_KEY='\S+'\nexport AWS_SESSION_TOKEN='\S+'\nexport AWS_CREDENTIAL_EXPIRATION='2026-01-01T01:00:00.000Z'\nexport AWS_REGION='us-east-1'\nexport AWS_DEFAULT_REGION='us-east-1'\n$/,
  );
  const [, key = ""] = /KEY_ID='(\w+)'/.exec(out) ?? [];
  assertStringIncludes(desk.emulator.identityOf(key)?.arn ?? "", `assumed-role/${role}/`);
});

const formats = [
  ["fish", /^set -gx AWS_ACCESS_KEY_ID 'ASIA/m],
  ["powershell", /^\$Env:AWS_ACCESS_KEY_ID = 'ASIA/m],
  ["cmd", /^set "AWS_ACCESS_KEY_ID=ASIA/m],
  ["dotenv", /^AWS_ACCESS_KEY_ID=ASIA/],
] as const;

for (const [format, start] of formats) {
  Deno.test(`env prints the variables for ${format}`, async () => {
    const desk = new Desk();
    const { status, out } = await desk.run(
      ...["env", "--profile", user, "--mfa-code", desk.code, "--format", format],
    );
    assertEquals(status, 0);
    assertMatch(out, start);
  });
}

for (const format of ["json", "table", "ini", "process", "bashh"]) {
  Deno.test(`env refuses --format ${format} before any call`, async () => {
    const desk = new Desk();
    const { status, out, err } = await desk.run("env", "--profile", role, "--format", format);
    assertEquals([status, out], [2, "(exit 2)\n"]);
    assertStringIncludes(err, format);
    assertEquals(desk.emulator.calls.length, 0);
  });
}

Deno.test("env --unset unsets the same for every profile, the region too, and reads nothing", async () => {
  const four = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "CREDENTIAL_EXPIRATION"];
  const names = [...four, "REGION", "DEFAULT_REGION"].map((name) => `AWS_${name}`);
  const unset = `unset ${[...misleadingVariables, ...names].join(" ")}\n`;
  for (const words of [["--profile", role], ["--profile", "gone"], ["--region", "x"], []]) {
    const desk = new Desk();
    const { status, out, err } = await desk.run("env", "--unset", ...words);
    assertEquals([status, out, err], [0, unset, ""]);
    assertEquals(desk.emulator.calls.length, 0);
  }
});

Deno.test("env --unset is refused for a file, which has no such thing", async () => {
  const { status, err } = await new Desk().run("env", "--unset", "--format", "dotenv");
  assertEquals(status, 2);
  assertStringIncludes(err, "Cannot use --unset with --format dotenv");
});

Deno.test("env takes the shell's AWS_PROFILE away, which some programs would prefer", async () => {
  const desk = new Desk({ env: { AWS_PROFILE: role } });
  const { status, out, err } = await desk.run("env", "--mfa-code", desk.code);
  assertEquals([status, err], [0, ""]);
  assertMatch(out, /^unset AWS_PROFILE /m);
});

const failures = [
  [["env", "nope"], "(exit 4)\n"],
  [["env", "nope", "--format", "bash"], "(exit 4)\n"],
  [["env", "nope", "--format=fish"], "false\n"],
  [["env", "nope", "--format", "powershell"], "throw 'stsaval failed with status 4'\n"],
  [["env", "nope", "--format", "cmd"], "cmd /c exit 4\n"],
  [["env", "nope", "--format", "dotenv"], ""],
  [["env", role, "--no-input"], "(exit 3)\n"],
  [["env", role, "--nothing", "--json"], "(exit 2)\n"],
  [["creds", "nope", "--format", "env"], "(exit 4)\n"],
  [["creds", "nope", "--format", "env", "--output", "/home/kim/x"], ""],
  [["creds", "nope", "--format", "json"], ""],
  [["creds", "nope"], ""],
  [["exec", "nope", "--", "env", "--format", "env"], ""],
] as const;

for (const [words, printed] of failures) {
  Deno.test(`'${words.join(" ")}' fails with ${JSON.stringify(printed)} for the shell`, async () => {
    const { status, out, err } = await new Desk().run(...words);
    assert(status !== 0 && err !== "");
    assertEquals(out, printed);
  });
}

Deno.test("env without a profile says what is missing", async () => {
  const { status, out, err } = await new Desk().run("env");
  assertEquals([status, out], [2, "(exit 2)\n"]);
  assertStringIncludes(err, "No profile given: wanted 'stsaval env PROFILE'");
});
