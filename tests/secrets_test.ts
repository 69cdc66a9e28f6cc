/**
 * No secret on standard output unless it was asked for, none on standard error ever: every command of every
 * transcript, and every failure in them, with the secrets that it knew.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { runTranscriptHere, transcriptFolder } from "./transcript_here.ts";
import {
  type CommandResult,
  type CommandSetup,
  containerToken,
  githubRequestToken,
} from "./transcript.ts";

/** In STS's XML, in a container's or an instance's JSON, and the token of an instance's metadata. */
const issuedSecret =
  /<(?:SecretAccessKey|SessionToken)>([^<]+)<|"(?:SecretAccessKey|Token)": ?"([^"]+)"|^([A-Z2-7]{56})$/g;

/** Where transcripts have the token of a web identity. */
const webIdentityTokenFile = "/home/kim/token";

/** The long-term secret, the codes that were typed, and whatever STS has issued. */
function secretsOf(setup: CommandSetup, answers: readonly string[]): string[] {
  const issued = answers.flatMap((answer) =>
    [...answer.matchAll(issuedSecret)].map((found) => found.slice(1).find(Boolean) ?? "")
  );
  const [user] = setup.emulator.world.users;
  const given = [...setup.words, setup.keys ?? "", setup.input, setup.env.STSAVAL_MFA_CODE ?? ""];
  const typed = given.flatMap((text) => text.match(/\b\d{5,6}\b/g) ?? []);
  return [
    containerToken,
    githubRequestToken,
    setup.files.get(webIdentityTokenFile) ?? "",
    user?.secretAccessKey ?? "",
    user?.mfa?.secret ?? "",
    ...issued,
    ...typed,
  ];
}

/** Formats hold secrets; only the table does not, unless it is told to. */
function asksForSecrets({ words, keys }: CommandSetup): boolean {
  if (!["creds", "token", "env", "process"].includes(words[0] ?? "")) return false;
  if (words.includes("--show-secrets") || words.includes("--json")) return true;
  const format = words[words.indexOf("--format") + 1];
  return words.includes("--format") ? format !== "table" : keys === undefined;
}

function leaksOf(text: string, secrets: readonly string[]): string[] {
  // A code is short enough to stand within another number.
  const stands = (secret: string) =>
    /^\d+$/.test(secret)
      ? new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text)
      : text.includes(secret);
  return secrets.filter((secret) => secret !== "" && stands(secret));
}

for await (const { name } of Deno.readDir(transcriptFolder)) {
  Deno.test(`no secret leaks in transcript ${name}`, async () => {
    const text = await Deno.readTextFile(new URL(name, transcriptFolder));
    const check = (setup: CommandSetup, result: CommandResult, answers: readonly string[]) => {
      const secrets = secretsOf(setup, answers);
      const command = setup.words.join(" ");
      assertEquals(leaksOf(result.stderr, secrets), [], `on standard error of ${command}`);
      if (!asksForSecrets(setup)) {
        assertEquals(leaksOf(result.stdout, secrets), [], `on standard output of ${command}`);
      }
    };
    // As they stand, and with everything logged: what is logged must hold no secret either.
    await runTranscriptHere(text, check);
    await runTranscriptHere(text.replaceAll(/^(\$ stsaval [a-z]+)/gm, "$1 --verbose"), check);
    await runTranscriptHere(
      text.replaceAll(/^(\$ stsaval [a-z]+)/gm, "$1 -v --log-format json --json"),
      check,
    );
  });
}

Deno.test("the search for leaks finds one", () => {
  assert(leaksOf("the token is abc", ["abc"]).length === 1);
});
