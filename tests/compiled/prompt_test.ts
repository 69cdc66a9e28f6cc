/**
 * Prompts of the compiled program where standard input or standard error is no terminal: on a real controlling terminal,
 * with what real shells put around the program.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createStsEmulator, type StsEmulator } from "../../src/testing/mod.ts";
import { type Home, makeHome, runIn } from "../peers/stsaval_process.ts";
import { runOnTerminal } from "./controlling_terminal.ts";
import { compileProgram, makeProgram, programTest } from "./program.ts";

const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";
const released = await makeProgram();
const named = await compileProgram("prompting-named", { programs: ["ykman"] });

interface Desk {
  readonly sts: StsEmulator;
  readonly home: Home;
}

async function makeDesk(): Promise<Desk & AsyncDisposable> {
  const sts = createStsEmulator();
  const home = await makeHome(sts.handle, (url) => ({
    ".aws/config": `[profile dev]\nmfa_serial = ${serial}\nsource_profile = IAM_USER1\n` +
      `role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\nendpoint_url = ${url}\n`,
    ".aws/credentials": "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  }));
  return { sts, home, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** The prompt with its stars: the code itself is never shown. */
const asked =
  /^For profile dev:\r\nMFA code for arn:aws:iam::123456789012:mfa\/IAM_USER1: \*{6}\r\n/;

const scripts: Readonly<Record<string, readonly [script: string, shows: string]>> = {
  "standard input is a pipe, which the program of exec reads": [
    `echo payload | "$@" exec dev -- sh -c 'cat; echo "$STSAVAL_PROFILE"'`,
    "payload\r\ndev\r\n",
  ],
  "a shell takes standard error together with the result": [
    `found=$("$@" env --profile dev 2>&1); eval "$found"; echo "code $?, \${AWS_SESSION_TOKEN:+set}"`,
    "code 0, set\r\n",
  ],
  "all three streams lead elsewhere, as for ssh's ProxyCommand and credential_process": [
    `true | "$@" process --profile dev 2>/dev/null | grep -c SessionToken`,
    "1\r\n",
  ],
  "a file holds the names, and another gets the log": [
    `echo dev | "$@" creds --profiles - --format json 2>log | grep -c AccessKeyId`,
    "1\r\n",
  ],
};

for (const [what, [script, shows]] of Object.entries(scripts)) {
  programTest(released, `it prompts on the controlling terminal where ${what}`, async (path) => {
    await using desk = await makeDesk();
    const keys = `${desk.sts.mfaCode(serial)}\n`;
    const { shown, ...ended } = await runOnTerminal(desk.home, script, [path], keys);
    assertEquals(ended, { status: 0, restored: true, left: 0 }, shown);
    assertMatch(shown, asked);
    assertEquals(shown.replace(asked, ""), shows);
  });
}

programTest(
  released,
  "a slip at the controlling terminal is told, and asked about again",
  async (path) => {
    await using desk = await makeDesk();
    const keys = `12\n${desk.sts.mfaCode(serial)}\n`;
    const script = `"$@" process --profile dev </dev/null 2>/dev/null >result`;
    const { shown, ...ended } = await runOnTerminal(desk.home, script, [path], keys);
    assertEquals(ended, { status: 0, restored: true, left: 0 }, shown);
    assertStringIncludes(shown, "2 characters, wanted 6 digits\r\n");
  },
);

const endings: Readonly<Record<string, readonly [keys: string, status: number]>> = {
  "ctrl+c": ["\x03", 130],
  "SIGINT": ["signal:INT", 130],
  "SIGTERM": ["signal:TERM", 143],
  "SIGKILL": ["signal:KILL", 137],
};

for (const [what, [keys, status]] of Object.entries(endings)) {
  programTest(
    released,
    `${what} at the prompt leaves the terminal as it was, and no helper`,
    async (path) => {
      await using desk = await makeDesk();
      const script =
        `(sh -c 'echo $$ >pid; exec "$@" process --profile dev' sh "$@") </dev/null 2>log`;
      const { shown, ...ended } = await runOnTerminal(desk.home, script, [path], keys);
      assertEquals(ended, { status, restored: true, left: 0 }, shown);
    },
  );
}

programTest(released, "without a controlling terminal it says that there is none", async (path) => {
  await using desk = await makeDesk();
  const words = ["setsid", "--wait", path, "process", "--profile", "dev"];
  const { code, stderr } = await runIn(desk.home, words);
  assertEquals(code, 3);
  assertStringIncludes(stderr, `Cannot prompt for the MFA code of "${serial}": no terminal\n`);
});

programTest(released, "--no-input asks on no terminal", async (path) => {
  await using desk = await makeDesk();
  const script = `"$@" process --profile dev --no-input </dev/null`;
  const { shown, ...ended } = await runOnTerminal(desk.home, script, [path], "");
  assertEquals(ended, { status: 3, restored: true, left: 0 }, shown);
  assertStringIncludes(shown, "--no-input was given");
});

programTest(
  named,
  "a program that was compiled to run others by name says that it cannot ask there",
  async (path) => {
    await using desk = await makeDesk();
    const script = `"$@" process --profile dev </dev/null`;
    const { shown, status } = await runOnTerminal(desk.home, script, [path], "");
    assertEquals(status, 3);
    assertStringIncludes(shown, "since it was compiled to run nothing but ykman\r\n");
  },
);

programTest(released, "a cached answer starts no helper", async (path) => {
  await using desk = await makeDesk();
  const code = desk.sts.mfaCode(serial);
  const words = ["creds", "--profiles", "dev", "--format", "json"];
  assertEquals((await runIn(desk.home, [path, ...words, "--mfa-code", code])).code, 0);
  for (const line of [words, ["process", "--profile", "dev"]]) {
    const script = `strace -f -qq -e trace=execve -o trace "$@" ${
      line.join(" ")
    } </dev/null >result`;
    const { status, shown } = await runOnTerminal(desk.home, script, [path], "");
    assertEquals([status, shown], [0, ""]);
    const trace = await Deno.readTextFile(`${desk.home.path}/trace`);
    assert(!trace.includes("/bin/sh"), trace);
  }
});
