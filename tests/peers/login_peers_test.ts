/**
 * `aws login` beside the programs that know it: botocore and the AWS SDK for JavaScript read what stsaval wrote,
 * refresh it, and stsaval reads theirs back.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator, type StsEmulator } from "../../src/testing/mod.ts";
import { configFor, fileName, loginFile, world } from "../source/login/fixtures.ts";
import { denoFolder } from "./source_program.ts";
import { type Home, makeHome, runIn, stsavalWords } from "./stsaval_process.ts";

/** Keys, in whatever spelling they came. */
interface Keys {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

/** A home with a person who has signed in, before an emulator that ends a sign-in whose token is used twice. */
interface LoginHome extends AsyncDisposable {
  readonly emulator: StsEmulator;
  readonly home: Home;
  /** What the file of the sign-in holds. */
  read(): Promise<Readonly<Record<string, unknown>>>;
  /** Leaves that many seconds of the credentials, in the file alone. */
  leave(seconds: number): Promise<void>;
}

async function startHome(): Promise<LoginHome> {
  const emulator = createStsEmulator({ world, signIn: { detectsReuse: true } });
  const path = `.aws/login/cache/${fileName}`;
  const home = await makeHome(emulator.handle, (url) => ({ ".aws/config": configFor(url) }));
  const file = `${home.path}/${path}`;
  await Deno.mkdir(`${home.path}/.aws/login/cache`, { recursive: true });
  const kept = loginFile(emulator, denoSystem.clock.now() + 900_000);
  await Deno.writeTextFile(file, JSON.stringify(kept));
  const read = async () => JSON.parse(await Deno.readTextFile(file));
  return {
    ...{ emulator, home, read },
    async leave(seconds) {
      const found = await read();
      const end = new Date(denoSystem.clock.now() + seconds * 1_000).toISOString();
      const expiresAt = end.replace(/\.\d+Z$/, "Z");
      const accessToken = { ...found.accessToken, expiresAt };
      await Deno.writeTextFile(file, JSON.stringify({ ...found, accessToken }));
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

async function stsaval({ home }: LoginHome): Promise<Keys> {
  const { code, stdout, stderr } = await runIn(home, stsavalWords(["process", "admin"]));
  assertEquals([code, stderr], [0, ""]);
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: token } = JSON.parse(stdout);
  return { id, secret, token };
}

const botocoreScript = `
import json, botocore.session
keys = botocore.session.Session(profile="admin").get_credentials().get_frozen_credentials()
print(json.dumps({"id": keys.access_key, "secret": keys.secret_key, "token": keys.token}))`;

async function botocore({ home }: LoginHome): Promise<Keys> {
  const { code, stdout, stderr } = await runIn(home, ["python3", "-c", botocoreScript]);
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

const jsProgram = new URL("js_login.ts", import.meta.url).pathname;

async function javaScript({ home }: LoginHome): Promise<Keys> {
  const words = [Deno.execPath(), "run", "--quiet", "--allow-all", jsProgram, home.url];
  const { code, stdout, stderr } = await runIn(home, words, { env: { DENO_DIR: denoFolder() } });
  assertEquals([code, stderr], [0, ""]);
  const { accessKeyId: id, secretAccessKey: secret, sessionToken: token } = JSON.parse(stdout);
  return { id, secret, token };
}

/** Whether this machine's botocore knows `aws login`, and can sign its proofs. */
async function knowsLogin(): Promise<boolean> {
  const script = "import awscrt.crypto, botocore.credentials as c; c.LoginCredentialFetcher";
  const child = new Deno.Command("python3", { args: ["-c", script], stderr: "null" });
  return (await child.output()).success;
}

const peers = [
  ["botocore", botocore, !await knowsLogin()],
  ["the AWS SDK for JavaScript", javaScript, false],
] as const;

for (const [name, peer, ignore] of peers) {
  Deno.test({
    name:
      `aws login: ${name} and stsaval get the same credentials, refresh the other's, and read them back`,
    ignore,
    async fn() {
      await using started = await startHome();
      const { emulator } = started;
      assertEquals(await peer(started), await stsaval(started));
      assertEquals(emulator.count("CreateOAuth2Token"), 0);

      await started.leave(60);
      const ours = await stsaval(started);
      assertEquals(emulator.count("CreateOAuth2Token", "ok"), 1);
      assertEquals(await peer(started), ours);
      assertEquals(emulator.count("CreateOAuth2Token"), 1);

      await started.leave(60);
      const theirs = await peer(started);
      assert(theirs.id !== ours.id);
      assertEquals(emulator.count("CreateOAuth2Token", "ok"), 2);
      assertEquals(await stsaval(started), theirs);
      const { idToken, identityToken } = await started.read();
      assertEquals([idToken, identityToken], [
        "id-token-of-the-person",
        "identity-token-of-the-person",
      ]);

      await started.leave(60);
      assert((await stsaval(started)).id !== theirs.id);
      assertEquals(emulator.count("CreateOAuth2Token"), 3, "none was refused");
    },
  });
}
