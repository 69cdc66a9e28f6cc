/**
 * `stsaval watch` as it is used: in real time with credentials of six seconds, and on the screen of a terminal
 * multiplexer.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { startEmulator } from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { isInstalled } from "./stsaval_process.ts";

const profiles = "DynamoDBRole-dev,CodeDeployRole-qa,S3ReadOnlyRole-prod";
const { sleep } = denoSystem.clock;

/** The keys in the file, each of which STS accepts. */
async function readLive(path: string): Promise<Record<string, string>[]> {
  const set = JSON.parse(await Deno.readTextFile(path));
  return Object.values(set);
}

Deno.test("for a minute, a reader of the file finds a live credential ten times a second", async () => {
  await using bench = await startEmulator({ roleSeconds: 6 });
  const [, code] = bench.freshMfa();
  const file = `${bench.home}/live.json`;
  const words = ["watch", "--profiles", profiles, "--lifetime", "2h", "--mfa-code", code];
  const child = new Deno.Command(Deno.execPath(), {
    args: sourceArgs([...words, "--write", file, "--ephemeral"]),
    clearEnv: true,
    env: { HOME: bench.home, DENO_DIR: denoFolder(), NO_PROXY: "127.0.0.1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  let hasEnded = false;
  void output.then(() => hasEnded = true);
  while (!hasEnded && !(await exists(file))) await sleep(100);

  const seen = new Set<string>();
  for (let reading = 0; reading < 600; reading++) {
    const all = await readLive(file);
    assertEquals(all.length, 3);
    for (const keys of all) {
      seen.add(keys["AccessKeyId"] ?? "");
      await bench.emulator.service.getCallerIdentity({
        keys: {
          accessKeyId: keys["AccessKeyId"] ?? "",
          secretAccessKey: keys["SecretAccessKey"] ?? "",
          sessionToken: keys["SessionToken"] ?? "",
        },
      });
    }
    await sleep(100);
  }
  assert(seen.size >= 3 * 60 / 6, `${seen.size} credentials seen in a minute`);
  assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  child.kill("SIGINT");
  const { code: status, stderr } = await output;
  assertEquals(status, 130);
  assertMatch(new TextDecoder().decode(stderr), /3 profiles are no longer renewed: interrupted/);
  assertEquals(await exists(file), false);
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

const hasTmux = await isInstalled("tmux");
const skipped = hasTmux ? "" : ", skipped: tmux is not installed";

const page = await Deno.readTextFile(new URL("../../docs/ways_out.md", import.meta.url));

/** The screen as docs/ways_out.md shows it for that width: what changes from second to second is replaced. */
function shownInDocs(columns: number): string {
  const [, text = ""] = new RegExp(
    `<!-- watch at ${columns} columns -->\\n+\`\`\`text\\n([^]*?)\`\`\``,
  ).exec(page) ?? [];
  return normalScreen(text);
}

function normalScreen(text: string): string {
  return text.replaceAll(/(?:\d+[hms])+/g, "TIME").replaceAll(/[█░]+/g, "BAR")
    .replaceAll(/ +/g, " ").replaceAll(/ $/gm, "").trim();
}

for (const columns of [80, 40]) {
  Deno.test({
    name: `the screen of watch at ${columns} columns is as docs/ways_out.md shows it${skipped}`,
    ignore: !hasTmux,
    async fn() {
      await using bench = await startEmulator();
      const [, code] = bench.freshMfa();
      const words = ["watch", "--profiles", profiles, "--lifetime", "5h", "--mfa-code", code];
      const session = `stsaval-${columns}-${Deno.pid}`;
      const tmux = (...args: string[]) =>
        bench.run("tmux", ["-L", session, ...args], { TERM: "xterm-256color", LC_ALL: "C.UTF-8" });
      const env = [`HOME=${bench.home}`, `DENO_DIR=${denoFolder()}`, "NO_PROXY=127.0.0.1"];
      const size = ["-x", String(columns), "-y", "12"];
      await tmux(
        "-u",
        "new-session",
        "-d",
        ...size,
        "env",
        ...env,
        Deno.execPath(),
        ...sourceArgs(words),
      );
      try {
        // In the last line of the table; if the program ends without it, so does tmux.
        let screen = "";
        while (!screen.includes(" live, ")) {
          const { code: failed, stdout } = await tmux("capture-pane", "-p");
          assertEquals(failed, 0, "watch has ended");
          screen = stdout;
          await sleep(100);
        }
        for (const line of screen.split("\n")) assert(line.length <= columns, line);
        assertEquals(normalScreen(screen), shownInDocs(columns));
      } finally {
        await tmux("kill-server");
      }
    },
  });
}
