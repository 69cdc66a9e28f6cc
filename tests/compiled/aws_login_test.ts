/**
 * `aws login` as a way in to the compiled program: the sign-in is refreshed and kept within what it may read and write.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { makeHome, runIn } from "../peers/stsaval_process.ts";
import { configFor, fileName, loginFile, names, world } from "../source/login/fixtures.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();

programTest(program, "three roles on top of an aws login, which is refreshed", async (path) => {
  const emulator = createStsEmulator({ world });
  await using home = await makeHome(
    emulator.handle,
    (url) => ({ ".aws/config": configFor(url) }),
  );
  const folder = `${home.path}/.aws/login/cache`;
  await Deno.mkdir(folder, { recursive: true });
  const kept = loginFile(emulator, denoSystem.clock.now() + 60_000);
  await Deno.writeTextFile(`${folder}/${fileName}`, JSON.stringify(kept));
  const { code, stdout, stderr } = await runIn(home, [path, "creds", ...names, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(Object.keys(JSON.parse(stdout)), names.map((name) => `sts-${name}`));
  assertEquals(emulator.count("CreateOAuth2Token"), 1);
  const found = JSON.parse(await Deno.readTextFile(`${folder}/${fileName}`));
  assertEquals(found.idToken, kept.idToken);
  assertEquals(found.refreshToken === kept.refreshToken, false);
});

programTest(program, "an aws login that is a link is refreshed where it leads", async (path) => {
  const emulator = createStsEmulator({ world });
  await using home = await makeHome(
    emulator.handle,
    (url) => ({ ".aws/config": configFor(url) }),
  );
  const kept = JSON.stringify(loginFile(emulator, denoSystem.clock.now() + 60_000));
  await Deno.mkdir(`${home.path}/.aws/login/cache`, { recursive: true });
  await Deno.mkdir(`${home.path}/dotfiles`);
  await Deno.writeTextFile(`${home.path}/dotfiles/login.json`, kept);
  const link = `${home.path}/.aws/login/cache/${fileName}`;
  await Deno.symlink("../../../dotfiles/login.json", link);
  const { code, stderr } = await runIn(home, [path, "creds", "One"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals((await Deno.lstat(link)).isSymlink, true);
  assertEquals(emulator.count("CreateOAuth2Token"), 1);
  const found = await Deno.readTextFile(`${home.path}/dotfiles/login.json`);
  assertEquals(JSON.parse(found).refreshToken === JSON.parse(kept).refreshToken, false);
});

programTest(program, "login --aws-login runs aws, with its words as they are", async (path) => {
  const emulator = createStsEmulator({ world });
  await using home = await makeHome(
    emulator.handle,
    (url) => ({ ".aws/config": configFor(url), "aws": '#!/bin/sh\nprintf "%s\\n" "$@"\n' }),
  );
  await Deno.chmod(`${home.path}/aws`, 0o755);
  const env = { PATH: `${home.path}:${home.env.PATH}` };
  const { code, stdout, stderr } = await runIn(home, [path, "login", "One", "--aws-login"], {
    env,
  });
  assertEquals([code, stderr], [0, "login\n--profile=admin\n"]);
  assertEquals(stdout.startsWith('Signed in by aws login for profile "admin"'), true);
});
