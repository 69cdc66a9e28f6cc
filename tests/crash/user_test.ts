/**
 * Who runs the program: asked while it is allowed, known afterwards, and never asked of the user.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { whoRuns } from "./who_runs.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";

function onPosix(name: string, fn: () => Promise<void>): void {
  const why = skipped ? ", skipped: no other program may be run" : "";
  Deno.test({ name: name + why, ignore: skipped, fn });
}

async function printed(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: [...args] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** What `who_runs.ts` prints with these permissions, words, and variables beside PATH. */
async function run(
  flags: readonly string[],
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const program = new URL("who_runs.ts", import.meta.url).pathname;
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-config", "--no-prompt", ...flags, program, ...words],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const both = ["--allow-sys=uid,homedir", "--allow-env"];

onPosix(
  "the user is known where it may be asked, the home too, and neither elsewhere",
  async () => {
    const uid = Number(await printed("id", ["-u"]));
    // The password database, not the variable.
    const home = await printed("sh", ["-c", "getent passwd $(id -u) | cut -d: -f6"]);
    const looks: unknown[] = [];
    const rows: readonly (readonly [string[], string[], Record<string, string>, unknown])[] = [
      [both, [], {}, { uid, home, homeVariable: home, looks }],
      [both, [], { USERPROFILE: "C:\\kim" }, { uid, home, looks }],
      [["--allow-sys=uid", "--allow-env"], [], {}, { uid, looks }],
      [["--allow-sys=homedir", "--allow-env"], [], {}, { home, homeVariable: home, looks }],
      [["--allow-env"], [], {}, { looks }],
      // What may not be read is not set.
      [["--allow-sys"], [], { HOME: "/home/kim" }, { uid, home: "/home/kim", looks }],
    ];
    for (const [flags, words, env, wanted] of rows) {
      const found = await run(flags, words, env);
      if (!flags.includes("--allow-env")) delete found.homeVariable;
      assertEquals(found, wanted, JSON.stringify([flags, words, env]));
    }
    assertEquals(whoRuns().uid, undefined, "this test itself may not ask");
  },
);

onPosix("what was asked before the permission is dropped is still known", async () => {
  const uid = Number(await printed("id", ["-u"]));
  const home = await printed("sh", ["-c", "getent passwd $(id -u) | cut -d: -f6"]);
  const looks: unknown[] = [];
  for (const way of ["remember", "drop"]) {
    assertEquals(await run(both, [way]), { uid, home, homeVariable: home, looks });
    // Where the environment names the home, the database is not asked.
    assertEquals(await run(both, [way], { HOME: "/home/kim" }), {
      ...{ uid, homeVariable: "/home/kim", looks },
    });
    assertEquals(await run(both, [way], { USERPROFILE: "/home/kim" }), { uid, looks });
    // An empty variable names none.
    assertEquals((await run(both, [way], { HOME: "" })).home, home);
  }
});

onPosix("another user's files and links are told from one's own", async () => {
  if (await printed("id", ["-u"]) !== "0") return;
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "stsaval-user-" }));
  try {
    await Deno.writeTextFile(`${folder}/own`, "");
    await Deno.writeTextFile(`${folder}/other`, "");
    await Deno.chown(`${folder}/other`, 12345, null);
    for (const name of ["own", "other"]) await Deno.symlink("own", `${folder}/link-${name}`);
    await printed("chown", ["-h", "12345", `${folder}/link-other`]);
    // In a folder of a third user that all can write to, only one's own links are followed.
    await Deno.chown(folder, 23456, null);
    await Deno.chmod(folder, 0o1777);
    const paths = ["own", "other", "link-own", "link-other"].map((name) => `${folder}/${name}`);
    const refusal = (hint: string) =>
      `Cannot use "${folder}/link-other": it is another user's link, in a folder that others can write to; ${hint}`;
    const known = await run(["--allow-sys=uid", "--allow-read"], ["", ...paths]);
    const check = refusal("check where it leads, and name the file itself");
    assertEquals(known.looks, [
      { foreign: false, target: `${folder}/own` },
      { foreign: true, target: `${folder}/other` },
      { foreign: false, target: `${folder}/own` },
      { foreign: false, target: check },
    ]);
    // Without the user's id no file is foreign, and no link there is one's own.
    const unknown = await run(["--allow-read"], ["", ...paths]);
    const allow = refusal(
      "name the file itself; if the link is yours, run stsaval with --allow-sys=uid",
    );
    assertEquals(unknown.looks, [
      { foreign: false, target: `${folder}/own` },
      { foreign: false, target: `${folder}/other` },
      { foreign: false, target: allow.replace("link-other", "link-own") },
      { foreign: false, target: allow },
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
