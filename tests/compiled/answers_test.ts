/**
 * `stsaval-process` beside the compiled program, and attacks on the folder of its answers.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { type Home, isRoot, makeHome, runIn } from "../peers/stsaval_process.ts";
import { configOf, keys, plant, serial } from "./attacked_home.ts";
import { makeProgram, programTest } from "./program.ts";

const made = await makeProgram();

/** A home with the script and the program side by side, signed in to. */
async function signedIn(program: string) {
  let aheadMs = 0;
  const { sleep } = denoSystem.clock;
  const sts = createStsEmulator({ clock: { now: () => Date.now() + aheadMs, sleep } });
  const home = await makeHome(sts.handle, (url) => ({
    ".aws/config": configOf({ what: "", words: [] }, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  await Deno.mkdir(`${home.path}/bin`);
  await Deno.symlink(program, `${home.path}/bin/stsaval`);
  const { stdout } = await runIn(home, [program, "help", "--process-script"]);
  await Deno.writeTextFile(`${home.path}/bin/stsaval-process`, stdout, { mode: 0o755 });
  const login = [program, "login", "dev", "--mfa-code", sts.mfaCode(serial)];
  const { code, stderr } = await runIn(home, login);
  assertEquals([code, stderr], [0, ""]);
  // A code is good for one call, and a new one comes every thirty seconds.
  const nextCode = () => {
    aheadMs += 30_000;
    return sts.mfaCode(serial);
  };
  return { home, sts, nextCode };
}

const script = (home: Home, ...words: readonly string[]) =>
  runIn(home, [`${home.path}/bin/stsaval-process`, ...words]);

programTest(
  made,
  "stsaval-process asks the program once, then answers without it, until the logout",
  async (program) => {
    const { home, sts } = await signedIn(program);
    await using _home = home;
    const calls = sts.calls.length;
    const first = await script(home, "dev");
    assertEquals([first.code, first.stderr], [0, ""]);
    assertMatch(first.stdout, /^\{"Version":1,.*\}\n$/);
    // The kernel's clock for files goes in ticks.
    await denoSystem.clock.sleep(25);
    const beside = `${home.path}/bin/stsaval`;
    await Deno.rename(beside, `${beside}.away`);
    const path = { env: { PATH: "/usr/bin:/bin" } };
    const words = [`${home.path}/bin/stsaval-process`, "dev"];
    const second = await runIn(home, words, path);
    assertEquals([second.code, second.stderr, second.stdout], [0, "", first.stdout]);
    await Deno.rename(`${beside}.away`, beside);
    assertEquals(sts.calls.length, calls);
    const { code } = await runIn(home, [program, "logout"]);
    assertEquals(code, 0);
    const third = await script(home, "dev");
    assertEquals(third.code, 3, third.stderr);
  },
);

programTest(
  made,
  "after a session token the script answers with what is made of the new one",
  async (program) => {
    const { home, nextCode } = await signedIn(program);
    await using _home = home;
    const user = "IAM_USER1";
    const own = `[profile ${user}]\nmfa_serial = ${serial}\nendpoint_url = ${home.url}\n`;
    await Deno.writeTextFile(`${home.path}/.aws/config`, own, { append: true });
    assertEquals((await runIn(home, [program, "login", user, "--mfa-code", nextCode()])).code, 0);
    const keyOf = (text: string) => JSON.parse(text)?.AccessKeyId;
    const first = await script(home, user);
    assertEquals([first.code, first.stderr], [0, ""]);
    const line = [program, "token", user, "--format", "process", "--lifetime", "20h", "--mfa-code"];
    const token = await runIn(home, [...line, nextCode()]);
    assertEquals([token.code, token.stderr], [0, ""]);
    await denoSystem.clock.sleep(25);
    await Deno.remove(`${home.path}/bin/stsaval`);
    const second = await runIn(home, [`${home.path}/bin/stsaval-process`, user], {
      env: { PATH: "/usr/bin:/bin" },
    });
    assertEquals([second.code, second.stderr], [0, ""]);
    assertEquals(keyOf(second.stdout), keyOf(token.stdout));
    assert(keyOf(second.stdout) !== keyOf(first.stdout));
  },
);

/** What is done to the folder before an answer is kept, and for which profile it then is. */
interface Attack {
  readonly prepare: (aws: string, home: string) => Promise<unknown>;
  readonly words?: readonly string[];
  readonly root?: boolean;
}

const folder = (aws: string, mode = 0o700) => Deno.mkdir(`${aws}/stsaval/answers`, { mode });

const attacks: Readonly<Record<string, Attack>> = {
  "a folder of answers that is a link to another": {
    prepare: (aws, home) => Deno.symlink(`${home}/.ssh`, `${aws}/stsaval/answers`),
  },
  "an answer that is a link to a private key": {
    prepare: async (aws, home) => {
      await folder(aws);
      await Deno.symlink(`${home}/.ssh/id_rsa`, `${aws}/stsaval/answers/dev`);
    },
  },
  "an answer that is a link to a file that does not exist": {
    prepare: async (aws, home) => {
      await folder(aws);
      await Deno.symlink(`${home}/.ssh/authorized_keys`, `${aws}/stsaval/answers/dev`);
    },
  },
  "a folder of answers that others can write to": {
    prepare: async (aws) => {
      await folder(aws);
      await Deno.chmod(`${aws}/stsaval/answers`, 0o777);
    },
  },
  "a folder of answers of another user": {
    prepare: async (aws) => {
      await folder(aws);
      await Deno.chown(`${aws}/stsaval/answers`, 12345, null);
    },
    root: true,
  },
  "a profile whose name leads out of the folder": {
    prepare: async (aws) => {
      const config = await Deno.readTextFile(`${aws}/config`);
      await Deno.writeTextFile(
        `${aws}/config`,
        config.replace("[profile dev]", "[profile ../../../.bashrc]"),
      );
    },
    words: ["../../../.bashrc"],
  },
};

/** Everything below the home but the cache's own entries, with the text of each file. */
async function snapshot(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(path)) {
    if (/^stsaval(-process)?$/.test(name) && path.endsWith("/bin")) continue;
    if (/^[0-9a-f]{64}\.|^session\.stamp|^logouts|^cli$/.test(name)) continue;
    const full = `${path}/${name}`;
    if (isSymlink) found.push(`${full} -> ${await Deno.readLink(full)}`);
    else if (isDirectory) found.push(...await snapshot(full));
    else found.push(`${full}: ${await Deno.readTextFile(full)}`);
  }
  return found.sort();
}

const root = await isRoot();

for (
  const [what, { prepare, words = ["dev"], root: needsRoot = false }] of Object.entries(attacks)
) {
  if (needsRoot && !root) continue;
  programTest(
    made,
    `${what}: nothing is written outside, and nothing answered from it`,
    async (program) => {
      const { home } = await signedIn(program);
      await using _home = home;
      await prepare(`${home.path}/.aws`, home.path);
      const before = await snapshot(home.path);
      const asked = await script(home, ...words);
      assertEquals(asked.code, 0, asked.stderr);
      const answers = `${home.path}/.aws/stsaval/answers`;
      const after = (await snapshot(home.path)).filter((line) =>
        !line.startsWith(`${answers}/dev: `)
      );
      const kept = before.filter((line) => !line.startsWith(`${answers}/dev -> `));
      assertEquals(after, kept);
      const again = await script(home, ...words);
      assertEquals([again.code, again.stdout], [0, asked.stdout]);
      if (words[0] !== "dev") return;
      const facts = await Deno.lstat(`${answers}/dev`).catch(() => undefined);
      assert(facts === undefined || facts.isFile && (facts.mode ?? 0) % 0o1000 === 0o600);
    },
  );
}

programTest(
  made,
  "without a cache nothing is kept: --no-cache gives no permission to write there",
  async (program) => {
    const { home, sts } = await signedIn(program);
    await using _home = home;
    const before = await snapshot(home.path);
    const words = [program, "process", "dev", "--keep-answer", "--no-cache", "--mfa-code"];
    const { code, stderr } = await runIn(home, [...words, sts.mfaCode(serial)]);
    // The code of the login is used up, or a new one was sent: nothing is kept either way.
    assert(code === 0 || code === 5, stderr);
    assertEquals(await snapshot(home.path), before);
  },
);
