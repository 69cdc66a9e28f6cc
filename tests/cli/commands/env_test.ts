import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Desk, role, user } from "../desk.ts";

Deno.test("env prints the variables of a role for a shell, and nothing else", async () => {
  const desk = new Desk();
  const { status, out, err } = await desk.run("env", "--profile", role, "--mfa-code", desk.code);
  assertEquals([status, err], [0, ""]);
  assertMatch(
    out,
    /^export AWS_ACCESS_KEY_ID='ASIA\w+'\nexport AWS_SECRET_ACCESS_KEY='\S+'\nexport AWS_SESSION_TOKEN='\S+'\nexport AWS_CREDENTIAL_EXPIRATION='2026-01-01T01:00:00.000Z'\nexport AWS_REGION='us-east-1'\nexport AWS_DEFAULT_REGION='us-east-1'\n$/,
  );
  const [, key = ""] = /KEY_ID='(\w+)'/.exec(out) ?? [];
  assertStringIncludes(desk.emulator.identityOf(key)?.arn ?? "", `assumed-role/${role}/`);
});

const formats = [
  ["fish", /^set -gx AWS_ACCESS_KEY_ID 'ASIA/],
  ["powershell", /^\$Env:AWS_ACCESS_KEY_ID = 'ASIA/],
  ["cmd", /^set "AWS_ACCESS_KEY_ID=ASIA/],
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

for (const format of ["json", "table", "ini", "process", "bash"]) {
  Deno.test(`env refuses --format ${format} before any call`, async () => {
    const desk = new Desk();
    const { status, out, err } = await desk.run("env", "--profile", role, "--format", format);
    assertEquals([status, out], [2, ""]);
    assertStringIncludes(err, format);
    assertEquals(desk.emulator.calls.length, 0);
  });
}

Deno.test("env --unset unsets the same variables, and makes no call", async () => {
  const four = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "CREDENTIAL_EXPIRATION"];
  const unset = (names: readonly string[]) => names.map((name) => `unset AWS_${name}\n`).join("");
  const cases = [
    [["--profile", role], [...four, "REGION", "DEFAULT_REGION"]],
    [["--profile", "gone"], four],
    [["--profile", "gone", "--region", "x"], [...four, "REGION", "DEFAULT_REGION"]],
    [[], four],
    [["--region", "x"], [...four, "REGION", "DEFAULT_REGION"]],
  ] as const;
  for (const [words, names] of cases) {
    const desk = new Desk();
    const { status, out, err } = await desk.run("env", "--unset", ...words);
    assertEquals([status, out, err], [0, unset(names), ""]);
    assertEquals(desk.emulator.calls.length, 0);
  }
});

Deno.test("env --unset is refused for a file, which has no such thing", async () => {
  const { status, err } = await new Desk().run("env", "--unset", "--format", "dotenv");
  assertEquals(status, 2);
  assertStringIncludes(err, "Cannot use --unset with --format dotenv");
});

Deno.test("env warns where AWS_PROFILE stays beside the variables", async () => {
  const desk = new Desk({ env: { AWS_PROFILE: role } });
  const { status, out, err } = await desk.run("env", "--mfa-code", desk.code);
  assertEquals(status, 0);
  assert(out.startsWith("export AWS_ACCESS_KEY_ID="));
  assertStringIncludes(err, "warning: AWS_PROFILE is set");
});

Deno.test("env without a profile says what is missing", async () => {
  const { status, out, err } = await new Desk().run("env");
  assertEquals([status, out], [2, ""]);
  assertStringIncludes(err, "No profile given: wanted 'stsaval env PROFILE'");
});
