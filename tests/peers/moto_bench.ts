/**
 * moto on loopback, with a home folder whose roles lead to it.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";
import type { Finished } from "./emulator_bench.ts";

/** A server and a home folder: the roles Deploy and Audit, of two accounts, both with MFA. */
export interface MotoBench extends AsyncDisposable {
  readonly home: string;
  readonly url: string;
}

/** A moto server on a free port, and a home folder that points to it. */
export async function startMoto(): Promise<MotoBench> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const server = new Deno.Command("moto_server", {
    args: ["-H", "127.0.0.1", "-p", String(port)],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url);
  const home = await Deno.makeTempDir({ prefix: "stsaval-moto-" });
  await Deno.mkdir(`${home}/.aws`);
  const role = (name: string, account: string) =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::${account}:role/${name}\nsource_profile = base\n` +
    `mfa_serial = arn:aws:iam::123456789012:mfa/kim\nregion = eu-west-1\nendpoint_url = ${url}\n\n`;
  await Deno.writeTextFile(
    `${home}/.aws/config`,
    role("Deploy", "111122223333") + role("Audit", "444455556666"),
  );
  await Deno.writeTextFile(
    `${home}/.aws/credentials`,
    "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  );
  return {
    home,
    url,
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await server.status;
      await Deno.remove(home, { recursive: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await denoSystem.clock.sleep(100);
    }
  }
  throw new Error("moto_server does not answer");
}

/** Runs a program in a home folder, with nothing of our own environment but `PATH`. */
export async function runInHome(
  home: string,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const path = Deno.env.get("PATH") ?? "";
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: { PATH: path, HOME: home, NO_PROXY: "127.0.0.1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
