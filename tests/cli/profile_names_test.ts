import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ScriptedTerminal } from "../fake_system.ts";
import { Desk, role, user } from "./desk.ts";

const other = "CodeDeployRole-qa";
const groups =
  `[stsaval-group one]\nprofiles = ${role}\n[stsaval-group both]\nprofiles = ${role}, ${other}\n`;
const account = "arn:aws:iam::123456789012:role";

function desk(more = "", options: ConstructorParameters<typeof Desk>[0] = {}) {
  return new Desk({ edit: (config) => `${config}\n${groups}${more}`, ...options });
}

/** The words, with a code. */
function withCode(at: Desk, ...words: readonly string[]) {
  return at.run(...words, "--mfa-code", at.code);
}

for (
  const named of [[role], ["-p", role], [`-p${role}`], ["--profiles", role], ["one"], ["Dynamo*"]]
) {
  Deno.test(`every command of one profile takes ${named.join(" ")}`, async () => {
    for (const command of ["env", "process", "login"]) {
      const at = desk();
      assertEquals((await withCode(at, command, ...named)).err, "", command);
      assertEquals(at.emulator.count("AssumeRole", "ok"), 1, command);
    }
  });
}

Deno.test("a word that stands for several is refused where one is taken, with all that it stands for", async () => {
  for (const word of ["both", "*Role-*", `${role},${other}`]) {
    const at = desk();
    const { status, err } = await at.run("process", word);
    assertEquals(status, 2);
    assertStringIncludes(err, `"${role}", "${other}"`);
    assertEquals(at.emulator.calls.length, 0);
  }
});

Deno.test("a name that is empty never stands for the default", async () => {
  const at = desk("", { env: { AWS_PROFILE: role } });
  for (const words of [["exec", "", "--", "true"], ["creds", ","], ["env", " "]]) {
    const { status, err } = await at.run(...words);
    assertEquals(status, 2);
    assertMatch(err, /No profile given: found/);
  }
});

Deno.test("the files may be pipes", async () => {
  const at = desk();
  const { files } = at.system;
  const pipe = "/dev/fd/63";
  files.contents.set(pipe, await files.readText("/home/kim/.aws/config") ?? "");
  files.said.set(pipe, { special: true });
  const words = ["env", "both*", "--config-file", pipe];
  assertStringIncludes((await at.run(...words)).err, "Cannot find a profile that matches");
  const { status, out } = await withCode(at, "env", "one", "--config-file", pipe);
  assertEquals(status, 0);
  assertStringIncludes(out, "AWS_REGION");
});

Deno.test("--no-input does not prompt on a terminal", async () => {
  const terminal = new ScriptedTerminal({ keys: ["123456\r"] });
  const { status, err } = await desk("", { terminal }).run("env", role, "--no-input");
  assertEquals(status, 3);
  assertStringIncludes(err, "Cannot prompt for the MFA code");
});

Deno.test("--role-arn takes its source's MFA device, or that of the source's other roles", async () => {
  const words = ["explain", user, "--role-arn", `${account}/path/S3ReadOnlyRole-prod`];
  const serial = desk().serial;
  const { out } = await desk().run(...words);
  assertStringIncludes(out, "123456789012-S3ReadOnlyRole-prod\n");
  assertStringIncludes(out, `with the MFA code of ${serial}`);
  const withoutOwn = desk("", {
    edit: (config) => config.replace(/mfa_serial.*\n/, ""),
  });
  assertStringIncludes((await withoutOwn.run(...words)).out, `with the MFA code of ${serial}`);
});

Deno.test("--role-arn may be repeated, and all of it takes one code", async () => {
  const at = desk();
  const arns = [role, other].flatMap((name) => ["--role-arn", `${account}/${name}`]);
  const { status, out } = await withCode(at, "creds", ...arns);
  assertEquals(status, 0);
  assertEquals(
    Object.keys(JSON.parse(out)),
    [role, other].map((name) => `sts-123456789012-${name}`),
  );
  assertEquals(at.emulator.count("GetSessionToken", "ok"), 1);
  const single = await at.run("env", ...arns);
  assertStringIncludes(single.err, "Cannot use --role-arn more than once here");
});

const refusals: readonly (readonly [what: string, words: readonly string[], message: string])[] = [
  ["what is no ARN", ["--role-arn", "Deploy"], 'Cannot use "Deploy" for --role-arn'],
  [
    "a session name",
    ["--role-arn", `${account}/a`, "--role-session-name", "a b"],
    "--role-session-name",
  ],
  ["an external id", ["--role-arn", `${account}/a`, "--external-id", "ü"], "--external-id"],
  ["a duration", ["--role-arn", `${account}/a`, "--duration-seconds", "60"], "900 to 43200"],
  ["no role", ["--duration-seconds", "900"], "without --role-arn"],
  ["two of a name", ["--role-arn", `${account}/a`, "--role-arn", `${account}/b/a`], "already"],
  ["every profile", ["--role-arn", `${account}/a`, "--all"], "Cannot use --all with --role-arn"],
  ["two sources", [user, role, "--role-arn", `${account}/a`], "takes one"],
  ["an unknown source", ["nobody", "--role-arn", `${account}/a`], 'Cannot find profile "nobody"'],
];

for (const [what, words, message] of refusals) {
  Deno.test(`--role-arn refuses ${what} before any call`, async () => {
    const at = desk();
    const { status, err } = await withCode(at, "creds", ...words);
    assertEquals(status === 2 || status === 4, true);
    assertStringIncludes(err, message);
    assertEquals(at.emulator.calls.length, 0);
  });
}
