import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScriptedTerminal } from "../../fake_system.ts";
import { Desk, type DeskOptions, role } from "../desk.ts";

const printCode: DeskOptions["program"] = (_words, desk) => ({ stdout: `${desk.code}\n`, exit: 0 });

/** A config whose role names a command for codes. */
const withProcess = (config: string) =>
  config.replace(`[profile ${role}]\n`, `[profile ${role}]\nmfa_process = otp 'of the role'\n`);

const get = ["env", "--profile", role];

/** Which programs were run, after a command that must have worked. */
async function programsOf(options: DeskOptions, words: (desk: Desk) => readonly string[]) {
  const desk = new Desk({ program: printCode, edit: withProcess, ...options });
  const { status, err } = await desk.run(...get, ...words(desk));
  assertEquals([status, err], [0, ""]);
  return desk.system.processes.started.map(({ words }) => words);
}

Deno.test("--mfa-code comes before all others", async () => {
  const options = { env: { STSAVAL_MFA_CODE: "000000" } };
  const words = (desk: Desk) => ["--mfa-code", desk.code, "--mfa-command", "otp"];
  assertEquals(await programsOf(options, words), []);
});

Deno.test("--mfa-command comes before the environment and the profile", async () => {
  const options = { env: { STSAVAL_MFA_CODE: "000000" } };
  assertEquals(await programsOf(options, () => ["--mfa-command", "otp 'a b' c"]), [
    ["otp", "a b", "c"],
  ]);
});

Deno.test("STSAVAL_MFA_CODE comes before the profile", async () => {
  const { code } = new Desk();
  assertEquals(await programsOf({ env: { STSAVAL_MFA_CODE: code } }, () => []), []);
});

Deno.test("the profile's own command comes before the question", async () => {
  const terminal = new ScriptedTerminal({ keys: ["000000\r"] });
  assertEquals(await programsOf({ terminal }, () => []), [["otp", "of the role"]]);
});

Deno.test("where nothing else gives a code, the person is asked", async () => {
  const { code } = new Desk();
  const desk = new Desk({ terminal: new ScriptedTerminal({ keys: [`${code}\r`] }) });
  const { status, err } = await desk.run(...get);
  assertEquals([status, err], [0, `For profile ${role}:\nMFA code for ${desk.serial}: ******\n`]);
});

for (const blanks of [" ", "\t", "\u00a0"]) {
  Deno.test(`a code may hold a blank (${JSON.stringify(blanks)}), wherever it comes from`, async () => {
    const { code } = new Desk();
    const spaced = `${code.slice(0, 3)}${blanks}${code.slice(3)}`;
    const ways: readonly (readonly [DeskOptions, string[]])[] = [
      [{}, ["--mfa-code", spaced]],
      [{ env: { STSAVAL_MFA_CODE: spaced } }, []],
      [{ terminal: new ScriptedTerminal({ input: `${spaced}\n` }) }, ["--mfa-code", "-"]],
      [{ terminal: new ScriptedTerminal({ keys: [`${spaced}\r`] }) }, []],
      [{ program: () => ({ stdout: `${spaced}\n`, exit: 0 }) }, ["--mfa-command", "otp"]],
    ];
    for (const [options, words] of ways) {
      const { status, err } = await new Desk(options).run(...get, ...words);
      assertEquals(status, 0, err);
    }
  });
}

Deno.test("--no-input is named where it is the reason that nobody is asked", async () => {
  const desk = new Desk({ terminal: new ScriptedTerminal({ keys: ["000000\r"] }) });
  const { status, err } = await desk.run(...get, "--no-input");
  assertEquals(status, 3);
  assertStringIncludes(
    err,
    `Cannot prompt for the MFA code of "${desk.serial}": --no-input was given`,
  );
  assertStringIncludes(err, "or leave out --no-input");
});

Deno.test("--mfa-code - reads the code from standard input", async () => {
  const { code } = new Desk();
  const desk = new Desk({ terminal: new ScriptedTerminal({ input: ` ${code}\r\n` }) });
  const { status, err } = await desk.run(...get, "--mfa-code", "-");
  assertEquals([status, err], [0, ""]);
});

Deno.test("--mfa-code - asks a person who sits at standard input", async () => {
  const { code } = new Desk();
  const desk = new Desk({ terminal: new ScriptedTerminal({ keys: [`${code}\r`] }) });
  assertEquals((await desk.run(...get, "--mfa-code", "-")).status, 0);
});

Deno.test("--mfa-code - says how long what it read was, and nothing else of it", async () => {
  const desk = new Desk({ terminal: new ScriptedTerminal({ input: "98765" }) });
  const { status, err } = await desk.run(...get, "--mfa-code", "-");
  assertEquals(status, 2);
  assertStringIncludes(
    err,
    "Cannot use the MFA code on standard input: found 5 digits, wanted 6 digits",
  );
  assert(!err.includes("98765"));
});

Deno.test("--mfa-code - serves one device only", async () => {
  const second = "arn:aws:iam::123456789012:mfa/second";
  const { code } = new Desk();
  const desk = new Desk({
    terminal: new ScriptedTerminal({ input: code }),
    edit: (config) =>
      `${config}\n[profile two]\nrole_arn = arn:aws:iam::123456789012:role/CodeDeployRole-qa\n` +
      `source_profile = IAM_USER1\nmfa_serial = ${second}\nendpoint_url = http://127.0.0.1:4566\n`,
  });
  const { err } = await desk.run("creds", "--profiles", `${role},two`, "--mfa-code", "-");
  assertStringIncludes(err, `the code on standard input was already used for "arn:`);
});

Deno.test("--mfa-code - and --profiles - cannot both have standard input", async () => {
  const desk = new Desk({ terminal: new ScriptedTerminal({ input: `${role}\n` }) });
  const { status, err } = await desk.run("creds", "--profiles", "-", "--mfa-code", "-");
  assertEquals(status, 2);
  assertStringIncludes(err, "Cannot use - for both");
});

const mistakes: readonly (readonly [string, DeskOptions, string[], string])[] = [
  ["a malformed --mfa-code", {}, ["--mfa-code", "98765x"], "Cannot use the MFA code: found 6 char"],
  [
    "a malformed variable",
    { env: { STSAVAL_MFA_CODE: "98765" } },
    [],
    "Cannot use STSAVAL_MFA_CODE: found 5 digits",
  ],
  ["a command that needs a shell", {}, ["--mfa-command", "otp 98765 | tail"], "found |"],
  [
    "a profile's command with an open quote",
    { edit: (config) => withProcess(config).replace("role'", "98765") },
    [],
    "Cannot use mfa_process: the quote at character 5 is not closed",
  ],
];

for (const [what, options, words, message] of mistakes) {
  Deno.test(`${what} is wrong usage, and not shown`, async () => {
    const desk = new Desk(options);
    const { status, err } = await desk.run(...get, ...words);
    assertEquals(status, 2);
    assertStringIncludes(err, message);
    assert(!err.includes("98765"), err);
    assertEquals(desk.emulator.calls.length, 0);
  });
}

Deno.test("a command that fails is a missing MFA code, and no other source is tried", async () => {
  const terminal = new ScriptedTerminal({ keys: ["000000\r"] });
  const desk = new Desk({ program: () => ({ exit: 1 }), edit: withProcess, terminal });
  const { status, err } = await desk.run(...get);
  assertEquals(status, 3);
  assertStringIncludes(err, 'from mfa_process: "otp" ended with exit code 1');
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("explain does not show the profile's command, which may hold a secret", async () => {
  const desk = new Desk({ edit: withProcess });
  for (const format of ["json", "tree"]) {
    const { status, out } = await desk.run("explain", role, "--format", format);
    assertEquals(status, 0);
    assert(!out.includes("of the role"));
  }
});
