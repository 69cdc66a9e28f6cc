/**
 * A sign-in in a real browser without a window, which stsaval opens itself: chromium, where it is installed.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { signInPage } from "../../src/source/sso/sign_in_page.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { admin, onTop, type SsoBench, startSsoBench } from "./sso_bench.ts";

const path = await chromiumPath();
const suffix = path === undefined ? " (left out: there is no chromium here)" : "";

async function chromiumPath(): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("sh", {
    args: ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"],
  }).output();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

/** A browser that writes down the page that it ends on, once it is whole. */
async function makeBrowser(bench: SsoBench): Promise<string> {
  const file = `${bench.home}/browser`;
  await Deno.writeTextFile(
    file,
    `#!/bin/sh
printf '%s\\n' "$#" >"$HOME/words"
HOME="$HOME/chromium" '${path}' --headless --no-sandbox --disable-gpu --no-first-run \\
  --disable-background-networking --user-data-dir="$HOME/chromium" --dump-dom "$1" \\
  >"$HOME/part" 2>/dev/null
mv "$HOME/part" "$HOME/page"
`,
    { mode: 0o755 },
  );
  return file;
}

async function pageOf(bench: SsoBench): Promise<string> {
  while (true) {
    try {
      return await Deno.readTextFile(`${bench.home}/page`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

Deno.test({
  name: `login opens the browser, and its last page says that the person is signed in${suffix}`,
  ignore: path === undefined,
  async fn() {
    await using bench = await startSsoBench();
    const env = { DENO_DIR: denoFolder(), NO_COLOR: "1", BROWSER: await makeBrowser(bench) };
    const [run, ...rest] = sourceArgs(["login", admin]);
    const args = [run ?? "", "--allow-run=/bin/sh", ...rest];
    const login = await bench.run(Deno.execPath(), args, env);
    assertEquals(login.code, 0, login.stderr);
    assertMatch(login.stderr, /^Sign in in the browser that opens, or on this page:\n {2}http:/);
    assertMatch(login.stdout, /^Signed in to IAM Identity Center "emulator"/);
    const page = await pageOf(bench);
    assertStringIncludes(page, "<h1>You are signed in</h1>");
    assertStringIncludes(page, "You can close this window and go back to the terminal.");
    assertEquals(await Deno.readTextFile(`${bench.home}/words`), "1\n");
    assertEquals((await bench.stsaval("creds", onTop)).code, 0);
  },
});

for (
  const [status, sentence] of [[403, "You are not signed in"], [200, "You are signed in"]] as const
) {
  Deno.test({
    name: `the page "${sentence}" is as wide as the window, and loads nothing${suffix}`,
    ignore: path === undefined,
    async fn() {
      const asked: string[] = [];
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        (request) => {
          asked.push(new URL(request.url).pathname);
          return signInPage(status, sentence);
        },
      );
      const folder = await Deno.makeTempDir({ prefix: "stsaval-chromium-" });
      try {
        const { success, stdout } = await new Deno.Command(path ?? "", {
          // deno-fmt-ignore
          args: [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--window-size=390,700", `--user-data-dir=${folder}`,
            "--dump-dom", `http://127.0.0.1:${server.addr.port}/oauth/callback`,
          ],
          stderr: "null",
        }).output();
        assert(success);
        assertStringIncludes(new TextDecoder().decode(stdout), `<h1>${sentence}</h1>`);
        assertEquals(asked.filter((name) => name !== "/favicon.ico"), ["/oauth/callback"]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
