/**
 * What other users of the machine put in the way of the compiled program. Only root can play them.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Home, isInstalled, isRoot, runIn } from "../peers/stsaval_process.ts";
import { openHome } from "./open_home.ts";
import { type MadeProgram, makeProgram, programTest } from "./program.ts";

const made = await makeProgram();
const program: MadeProgram = await isRoot() ? made : { missing: "only root can give files away" };
const dev = "DynamoDBRole-dev";
const nobody = 65534;

/** A folder where everybody may create files, such as /tmp. */
async function makeShared({ path }: Home, name: string, mode: number): Promise<string> {
  const folder = `${path}/${name}`;
  await Deno.mkdir(folder);
  await Deno.chmod(folder, mode);
  return folder;
}

async function linkAs(owner: number, target: string, path: string): Promise<void> {
  await Deno.symlink(target, path);
  const { success } = await new Deno.Command("chown", { args: ["-h", String(owner), path] })
    .output();
  assert(success);
}

programTest(
  program,
  "a cache of another user is not used, and its keys are handed to nobody",
  async (path) => {
    const { home, sts } = await openHome();
    await using _ = home;
    const words = [path, "creds", "--profiles", dev];
    assertEquals((await runIn(home, words)).code, 0);
    assertEquals(sts.count("AssumeRole"), 1);
    const cache = `${home.path}/.aws/stsaval`;
    for (const where of ["folder", "entries"]) {
      for await (const { name } of Deno.readDir(cache)) {
        await Deno.chown(`${cache}/${name}`, where === "entries" ? nobody : 0, 0);
      }
      await Deno.chown(cache, where === "folder" ? nobody : 0, 0);
      const before = sts.count("AssumeRole");
      const { code, stderr } = await runIn(home, words);
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /warning: .*is not used: it belongs to another user/);
      assertEquals(sts.count("AssumeRole"), before + 1, where);
    }
    // The fast way of process knows the owner too.
    await Deno.chown(cache, nobody, 0);
    const before = sts.count("AssumeRole");
    assertEquals((await runIn(home, [path, "process", "--profile", dev])).code, 0);
    assertEquals(sts.count("AssumeRole"), before + 1);
  },
);

programTest(program, "a cache of our own is used", async (path) => {
  const { home, sts } = await openHome();
  await using _ = home;
  for (const _time of [1, 2]) {
    const { stderr } = await runIn(home, [path, "creds", "--profiles", dev]);
    assertEquals(stderr, "");
  }
  assertEquals(sts.count("AssumeRole"), 1);
});

programTest(
  await isInstalled("setpriv") ? program : { missing: "setpriv is not installed" },
  "the home is found where HOME is not set",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    await Deno.chmod(home.path, 0o755);
    // Whose home does not exist, so that nobody's files are read.
    const asNobody = ["setpriv", `--reuid=${nobody}`, "--clear-groups", "env", "-u", "HOME"];
    const { stderr, code } = await runIn(home, [...asNobody, path, "explain", "no-such-profile"]);
    assertEquals(code, 4);
    assertStringIncludes(stderr, '"/nonexistent/.aws/config"');
  },
);

for (
  const [kind, mode] of [["sticky", 0o1777], ["world-writable", 0o777], [
    "sticky, closed",
    0o1775,
  ]] as const
) {
  programTest(program, `another user's link in a ${kind} folder is not followed`, async (path) => {
    const { home, sts } = await openHome();
    await using _ = home;
    const folder = await makeShared(home, "shared", mode);
    const victim = `${home.path}/victim`;
    await Deno.writeTextFile(victim, "precious\n");
    await linkAs(nobody, victim, `${folder}/out.json`);
    for (
      const words of [
        ["creds", "--profiles", dev, "--output", `${folder}/out.json`],
        ["watch", "--profiles", dev, "--write", `${folder}/out.json`],
        ["write", "--profiles", dev, "--credentials-file", `${folder}/out.json`],
        ["write", "--remove", "--credentials-file", `${folder}/out.json`],
        ["refactor", `${folder}/out.json`],
        ["profiles", "--config-file", `${folder}/out.json`],
      ]
    ) {
      const { code, stderr } = await runIn(home, [path, ...words]);
      assertEquals(code, 1, `${words}: ${stderr}`);
      assertStringIncludes(stderr, `Cannot use "${folder}/out.json": it is another user's link`);
    }
    assertEquals(await Deno.readTextFile(victim), "precious\n");
    assertEquals(sts.count("AssumeRole"), 0, "nothing is asked for what cannot be written");
  });
}

programTest(program, "every link of a chain counts, and those of folders", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const folder = await makeShared(home, "shared", 0o1777);
  await Deno.mkdir(`${home.path}/mine`);
  await Deno.writeTextFile(`${home.path}/mine/victim`, "precious\n");
  await linkAs(nobody, `${home.path}/mine/victim`, `${folder}/second`);
  await Deno.symlink(`${folder}/second`, `${home.path}/first`);
  await linkAs(nobody, `${home.path}/mine`, `${folder}/folder`);
  for (
    const output of [`${home.path}/first`, "first", `${folder}/folder/victim`, "shared/folder/new"]
  ) {
    const { code, stderr } = await runIn(home, [
      path,
      "creds",
      "--profiles",
      dev,
      "--output",
      output,
    ]);
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /"\S+\/(?:second|folder)" is another user's link/);
  }
  const env = { STSAVAL_CACHE_DIR: `${folder}/folder/cache` };
  const cached = await runIn(home, [path, "creds", "--profiles", dev], { env });
  assertStringIncludes(cached.stderr, "is another user's link");
  assertEquals(await Deno.readTextFile(`${home.path}/mine/victim`), "precious\n");
  assertEquals((await Array.fromAsync(Deno.readDir(`${home.path}/mine`))).length, 1);
});

programTest(
  program,
  "our own links and those of the folder's owner are followed there",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    const ours = await makeShared(home, "ours", 0o1777);
    await linkAs(0, "../kept", `${ours}/link`);
    const theirs = await makeShared(home, "theirs", 0o1777);
    await Deno.chown(theirs, nobody, nobody);
    await linkAs(nobody, "../kept", `${theirs}/link`);
    const plain = await makeShared(home, "plain", 0o755);
    await linkAs(nobody, "../kept", `${plain}/link`);
    for (const folder of [ours, theirs, plain]) {
      const output = `${folder}/link`;
      const { code, stderr } = await runIn(home, [
        path,
        "creds",
        "--profiles",
        dev,
        "--output",
        output,
      ]);
      assertEquals(code, 0, stderr);
      assertStringIncludes(await Deno.readTextFile(`${home.path}/kept`), "SecretAccessKey");
      await Deno.remove(`${home.path}/kept`);
    }
  },
);
