/**
 * `stsaval keys` as a program on a real disk: after an import, no file but the sealed one holds the key or its secret,
 * every command works, and an export gives back the file, byte for byte.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createStsEmulator, formatSampleHome } from "../../src/testing/mod.ts";
import { makeHome, runIn, stsavalWords } from "./stsaval_process.ts";

const emulator = createStsEmulator();
const [user] = emulator.world.users;
if (user === undefined) throw new Error("the sample has a user");
const { accessKeyId, secretAccessKey } = user;
const identity = "AGE-SECRET-KEY-16H8GKWXKUNC8YQFUZQ2KLT5CHHJQGJXFUCEP34P5EH5TZ29GNPSQ5Q5UFK\n";

/** As people write it, with the key in a comment, and CRLF. */
const credentials =
  `# ${accessKeyId} is kim's\r\n[other]\r\nregion = x\r\n\r\n[IAM_USER1]  # me\r\n` +
  `aws_access_key_id=${accessKeyId}   # mine\r\noutput = json\r\naws_secret_access_key = ${secretAccessKey}\r\n` +
  `; was ${secretAccessKey}\r\n[last]\r\nregion = y`;

/** Every file below a folder. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

/** Those that hold the key or its secret, as they are, in base64 or in hexadecimal. */
async function filesWithKey(...folders: readonly string[]): Promise<readonly string[]> {
  const hex = (text: string) =>
    Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  const forms = [accessKeyId, secretAccessKey].flatMap((text) => [
    text,
    btoa(text).slice(0, -4),
    hex(text),
  ]);
  const found: string[] = [];
  for (const folder of folders) {
    for await (const path of filesBelow(folder)) {
      const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
      if (forms.some((form) => text.includes(form))) found.push(path);
    }
  }
  return found;
}

Deno.test({
  name:
    "after an import only the sealed file holds the keys, every command works, and an export is exact",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await makeHome(emulator.handle, (url) => ({
      ".aws/config": formatSampleHome(emulator.world, { url }).config,
      ".aws/credentials": credentials,
      "key.txt": identity,
    }));
    await Deno.chmod(`${home.path}/key.txt`, 0o600);
    await Deno.chmod(`${home.path}/.aws/credentials`, 0o600);
    const temporary = await Deno.makeTempDir({ prefix: "stsaval-temporary-" });
    const env = { TMPDIR: temporary };
    const run = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await runIn(home, stsavalWords(words), { env });
      assertEquals(code, 0, `${words.join(" ")}: ${stderr}`);
      assertEquals([secretAccessKey].filter((secret) => (stdout + stderr).includes(secret)), []);
      return stdout;
    };
    try {
      await run("keys", "import", "IAM_USER1", "--opener", `identity:${home.path}/key.txt`);
      const { mode: sealedMode } = await Deno.stat(
        `${home.path}/.aws/stsaval/sealed/IAM_USER1.keys.age`,
      );
      assert(sealedMode === null || (sealedMode & 0o777) === 0o600);
      const serial = user.mfa?.serial ?? "";
      const lines = [
        ["login", "DynamoDBRole-dev", "--mfa-code", emulator.mfaCode(serial)],
        ["creds", "DynamoDBRole-dev", "CodeDeployRole-qa", "--format", "json"],
        ["token", "IAM_USER1"],
        ["process", "DynamoDBRole-dev"],
        ["process", "DynamoDBRole-dev", "--keep-answer"],
        ["env", "DynamoDBRole-dev"],
        ["exec", "DynamoDBRole-dev", "--", "true"],
        ["write", "DynamoDBRole-dev"],
        ["write", "--remove"],
        ["status"],
        ["explain", "DynamoDBRole-dev"],
        ["profiles"],
        ["keys", "list"],
        ["keys", "list", "--ask-iam"],
        ["logout", "IAM_USER1"],
      ];
      for (const words of lines) {
        await run(...words);
        assertEquals(await filesWithKey(home.path, temporary), [], words.join(" "));
      }
      assertStringIncludes(
        await Deno.readTextFile(`${home.path}/.aws/credentials`),
        `[IAM_USER1]  # me\r\nsealed_keys = identity:${home.path}/key.txt\r\noutput = json\r\n`,
      );
      await run("keys", "export", "IAM_USER1");
      assertEquals(await Deno.readTextFile(`${home.path}/.aws/credentials`), credentials);
      assertEquals(await filesWithKey(home.path, temporary), [`${home.path}/.aws/credentials`]);
      const { mode } = await Deno.stat(`${home.path}/.aws/credentials`);
      assert(mode === null || (mode & 0o777) === 0o600);
    } finally {
      await Deno.remove(temporary, { recursive: true });
    }
  },
});
