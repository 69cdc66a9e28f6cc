/**
 * `install.ps1` against a release on this machine, with the program that `STSAVAL_BINARY` names: on Windows, where the
 * release workflow runs it, in both of its PowerShells.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { digestOf } from "../../scripts/compile/sums.ts";
import { isInstalled } from "../peers/stsaval_process.ts";
import { namesIn } from "./machine.ts";
import { run } from "./released.ts";

const script = decodeURIComponent(new URL("../../install.ps1", import.meta.url).pathname.slice(1));
const binary = Deno.env.get("STSAVAL_BINARY");

async function lacking(shell: string): Promise<string | undefined> {
  if (Deno.build.os !== "windows") return "only Windows has what it changes";
  if (binary === undefined) return "STSAVAL_BINARY names no program";
  return await isInstalled(shell) ? undefined : `${shell} is not installed`;
}

/** Serves the program under its name, with the sum that is given. */
async function serve(sum?: string) {
  const bytes = await Deno.readFile(binary ?? "");
  const name = (binary ?? "").replace(/^.*[\\/]/, "");
  const sums = `${sum ?? await digestOf(bytes)}  ${name}\n`;
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    if (url.endsWith("/latest/download/SHA256SUMS")) return new Response(sums);
    return url.endsWith(`/${name}`) ? new Response(bytes) : new Response("no", { status: 404 });
  });
}

for (const shell of ["pwsh", "powershell"]) {
  const why = await lacking(shell);
  const suffix = why === undefined ? "" : `, skipped: ${why}`;
  const ignore = why !== undefined;

  const install = async (prefix: string, port: number, ...words: readonly string[]) =>
    await run(shell, [
      ...["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", script, "-Prefix", prefix, ...words],
    ], { env: { STSAVAL_DOWNLOAD_URL: `http://127.0.0.1:${port}/releases` } });

  Deno.test({
    name: `install.ps1 installs and uninstalls in ${shell}${suffix}`,
    ignore,
    async fn() {
      await using server = await serve();
      const prefix = await Deno.makeTempDir({ prefix: "stsaval install " });
      const made = await install(prefix, server.addr.port);
      assertEquals(made.code, 0, made.stderr);
      assertMatch(made.stdout, /Installed stsaval \d+\.\d+\.\d+ to /);
      const names = await namesIn(prefix);
      assertEquals(names, ["stsaval.exe"]);
      assertMatch((await run(`${prefix}\\stsaval.exe`, ["--version"])).stdout, /^stsaval \d/);
      assertEquals((await install(prefix, server.addr.port, "-Uninstall")).code, 0);
      assertEquals(await namesIn(prefix), []);
      await Deno.remove(prefix);
    },
  });

  Deno.test({
    name: `install.ps1 refuses a program with another checksum in ${shell}${suffix}`,
    ignore,
    async fn() {
      await using server = await serve("0".repeat(64));
      const prefix = await Deno.makeTempDir({ prefix: "stsaval install " });
      const { code, stderr } = await install(prefix, server.addr.port);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "the download does not match the release");
      assertEquals(await namesIn(prefix), []);
      await Deno.remove(prefix);
    },
  });
}
