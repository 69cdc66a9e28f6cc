/**
 * The recipes of `docs/mfa_codes.md`, each with a stand-in for its program that checks the words that it is given, and
 * prints a code as the real one does.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { splitWords } from "../../src/cli/parse/split_words.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { makeHome, stsavalWords } from "./stsaval_process.ts";

const text = await Deno.readTextFile(new URL("../../docs/mfa_codes.md", import.meta.url));
const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";

/** What each program is given, according to its manual. */
const manuals: Readonly<Record<string, RegExp>> = {
  ykman: /^(?:--device \d+ )?oath (?:accounts )?code --single \S+$/,
  pass: /^otp \S+$/,
  op: /^item get \S+ --otp$/,
  bw: /^get totp \S+$/,
  zenity: /^--entry --hide-text (?:--title \S+ )?--text MFA code for AWS$/,
  kdialog: /^--title \S+ --password MFA code for AWS$/,
  osascript:
    /^-e text returned of \(display dialog "MFA code for AWS" default answer "" .*with hidden answer\)$/,
};

const inProfiles = [...text.matchAll(/^mfa_process = (.*)$/gm)].map(([, line = ""]) => line);
const inCommands = [...text.matchAll(/^stsaval .*--mfa-command (.*)$/gm)]
  .map(([, quoted = ""]) => splitWords(quoted, "docs")[0] ?? "");

Deno.test("docs/mfa_codes.md has a recipe for each program whose manual is known", () => {
  const named = new Set([...inProfiles, ...inCommands].map((line) => splitWords(line, "docs")[0]));
  assertEquals([...named].sort(), Object.keys(manuals).sort());
  assert(inCommands.length >= 3);
});

/** A folder with a stand-in that notes its words. */
async function standIn(program: string, does: string) {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-otp-" });
  const script = `#!/bin/sh\nprintf '%s' "$*" >'${folder}/words'\n${does}\n`;
  await Deno.writeTextFile(`${folder}/${program}`, script, { mode: 0o755 });
  return {
    folder,
    words: () => Deno.readTextFile(`${folder}/words`),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** What a program does in place of printing a code, and what stsaval makes of it. */
interface Ending {
  readonly does: (code: string) => string;
  readonly status: number;
  readonly err: RegExp;
}

const usual: Ending = {
  does: (code) => `echo '${code.slice(0, 3)} ${code.slice(3)}'`,
  status: 0,
  err: /^$/,
};

async function tryRecipe(line: string, inProfile: boolean, ending = usual): Promise<void> {
  const sts = createStsEmulator();
  const [program = ""] = splitWords(line, "docs");
  await using stand = await standIn(program, ending.does(sts.mfaCode(serial)));
  await using home = await makeHome(sts.handle, (url) => ({
    ".aws/config": `[profile dev]\nmfa_serial = ${serial}\nsource_profile = IAM_USER1\n` +
      `role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\nendpoint_url = ${url}\n` +
      (inProfile ? `mfa_process = ${line}\n` : ""),
    ".aws/credentials": "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  }));
  const words = stsavalWords(["creds", "dev", ...(inProfile ? [] : ["--mfa-command", line])]);
  const { code: status, stderr } = await new Deno.Command(words[0] ?? "", {
    args: words.slice(1),
    env: { ...home.env, PATH: `${stand.folder}:${home.env.PATH}` },
    clearEnv: true,
    stdin: "null",
  }).output();
  assertEquals(status, ending.status);
  assertMatch(new TextDecoder().decode(stderr), ending.err);
  assertMatch(await stand.words(), manuals[program] ?? /^$/);
}

for (const line of inProfiles) {
  Deno.test(`mfa_process = ${line}`, () => tryRecipe(line, true));
}
for (const line of inCommands) {
  Deno.test(`--mfa-command '${line}'`, () => tryRecipe(line, false));
}

/** A line on standard error, and an end. */
const fails = (text: string, status: number) => () => `echo '${text}' >&2; exit ${status}`;

/** What the real programs print beside a code, or in its place. */
const endings: readonly (readonly [line: string, what: string, ending: Ending])[] = [
  ["ykman oath accounts code --single aws", "asks for a touch", {
    does: (code) => `echo 'Touch your YubiKey...' >&2; echo ${code}`,
    status: 0,
    err: /^Touch your YubiKey\.\.\.\n$/,
  }],
  ["ykman oath accounts code --single aws", "finds several keys", {
    does: fails("ERROR: Multiple YubiKeys detected. Use --device SERIAL to specify which one.", 1),
    status: 3,
    err:
      /^ERROR: Multiple YubiKeys.*--device SERIAL.*\n.*"ykman" ended with exit code 1\n.*by itself/,
  }],
  ["ykman oath accounts code --single aws", "has several accounts of that name", {
    does: fails("ERROR: Multiple matches, make the query more specific.", 1),
    status: 3,
    err: /Multiple matches.*\n.*"ykman" ended with exit code 1/,
  }],
  ["ykman oath accounts code --single aws", "is not touched", {
    does: fails("ERROR: Touch account timed out!", 1),
    status: 3,
    err: /timed out!\n.*"ykman" ended with exit code 1/,
  }],
  ["ykman oath accounts code --single aws", "is of a version without the command", {
    does: fails("Error: No such command 'accounts'.", 2),
    status: 3,
    err: /No such command.*\n.*"ykman" ended with exit code 2/,
  }],
  ["pass otp aws/kim", "has no such entry", {
    does: fails("Error: aws/kim is not in the password store.", 1),
    status: 3,
    err: /^Error: aws\/kim is not in the password store\.\n.*"pass" ended with exit code 1/,
  }],
  ["pass otp aws/kim", "has no extension for codes, and shows the entry", {
    does: () => "echo 'otpauth://totp/AWS:kim?secret=GEZDGNBVGY3TQOJQ'",
    status: 3,
    err: /^(?!.*GEZDGNBV)[^]*the output of "pass" is not a code/,
  }],
  ["op item get AWS --otp", "is not signed in", {
    does: fails("[ERROR] 2026/11/28 10:00:00 You are not currently signed in.", 1),
    status: 3,
    err: /not currently signed in.*\n.*"op" ended with exit code 1/,
  }],
  ["bw get totp AWS", "is not signed in", {
    does: fails("You are not logged in.", 1),
    status: 3,
    err: /^You are not logged in\.\n.*"bw" ended with exit code 1/,
  }],
  ["bw get totp AWS", "has more than one such item, and exits with 1", {
    does: fails(
      "More than one result was found. Try getting a specific object by `id` instead.",
      1,
    ),
    status: 3,
    err: /More than one result.*[^]*"bw" ended with exit code 1/,
  }],
];

for (const [line, what, ending] of endings) {
  Deno.test(`mfa_process = ${line}, which ${what}`, () => tryRecipe(line, true, ending));
}
