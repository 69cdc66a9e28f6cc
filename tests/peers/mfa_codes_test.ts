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
  ykman: /^oath accounts code --single \S+$/,
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
async function standIn(program: string, code: string) {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-otp-" });
  const script = `#!/bin/sh\nprintf '%s' "$*" >'${folder}/words'\necho '${code}'\n`;
  await Deno.writeTextFile(`${folder}/${program}`, script, { mode: 0o755 });
  return {
    folder,
    words: () => Deno.readTextFile(`${folder}/words`),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function tryRecipe(line: string, inProfile: boolean): Promise<void> {
  const sts = createStsEmulator();
  const code = sts.mfaCode(serial);
  const [program = ""] = splitWords(line, "docs");
  await using stand = await standIn(program, `${code.slice(0, 3)} ${code.slice(3)}`);
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
  assertEquals([status, new TextDecoder().decode(stderr)], [0, ""]);
  assertMatch(await stand.words(), manuals[program] ?? /^$/);
}

for (const line of inProfiles) {
  Deno.test(`mfa_process = ${line}`, () => tryRecipe(line, true));
}
for (const line of inCommands) {
  Deno.test(`--mfa-command '${line}'`, () => tryRecipe(line, false));
}
