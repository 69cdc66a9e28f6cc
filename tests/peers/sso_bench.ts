/**
 * A home whose person has signed in to the emulator's IAM Identity Center, and stsaval in it.
 *
 * @module
 */

import { type EmulatorOptions, formatSampleToken, sampleSsoWorld } from "../../src/testing/mod.ts";
import {
  type BenchOptions,
  type Finished,
  type PeerBench,
  startEmulator,
} from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { MarkReader, startIn } from "./stsaval_process.ts";

/** The profile of the sign-in. */
export const admin = "Example-Admin";
/** A role on top of it. */
export const onTop = "LambdaRole-dev";

/** What every program keeps of a sign-in. */
export type TokenFile = Readonly<Record<string, unknown>> & {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
};

/** A bench with a token. */
export interface SsoBench extends PeerBench {
  /** The path of the token's file. */
  readonly tokenPath: string;
  readToken(): Promise<TokenFile>;
  /** Lets the token in the file end within that time; for its service it lives on. */
  endTokenIn(ms: number): Promise<void>;
  stsaval(...words: readonly string[]): Promise<Finished>;
}

/** Starts it, with a person who signed in just now. */
export async function startSsoBench(
  sso: EmulatorOptions["sso"] = {},
  rest: Pick<BenchOptions, "intercept"> = {},
): Promise<SsoBench> {
  const bench = await startEmulator({ world: sampleSsoWorld(), sso, ...rest });
  const { name, text } = await formatSampleToken(bench.emulator.signInToSso());
  const folder = `${bench.home}/.aws/sso/cache`;
  await Deno.mkdir(folder, { recursive: true });
  const tokenPath = `${folder}/${name}`;
  await Deno.writeTextFile(tokenPath, text, { mode: 0o600 });
  const readToken = async () => JSON.parse(await Deno.readTextFile(tokenPath));
  return {
    ...bench,
    tokenPath,
    readToken,
    async endTokenIn(ms) {
      const expiresAt = new Date(Date.now() + ms).toISOString().replace(/\.\d+Z$/, "Z");
      await Deno.writeTextFile(tokenPath, JSON.stringify({ ...await readToken(), expiresAt }));
    },
    stsaval: (...words) =>
      bench.run(Deno.execPath(), sourceArgs(words), { DENO_DIR: denoFolder(), NO_COLOR: "1" }),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** Signs in as a person with a browser does: `open` is called with the page's URL, and comes back to stsaval. */
export async function signInByBrowser(
  bench: SsoBench,
  open: (url: string) => Promise<void>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = {
    HOME: bench.home,
    DENO_DIR: denoFolder(),
    PATH: Deno.env.get("PATH") ?? "",
    NO_COLOR: "1",
  };
  const home = { path: bench.home, env };
  const child = startIn(home, [Deno.execPath(), ...sourceArgs(["login", admin, "--no-browser"])]);
  const stdout = new Response(child.stdout).text();
  await child.stdin.close();
  await using said = new MarkReader(child.stderr);
  // Both lines are written at once, and a pipe does not part so little.
  const [, url] = /^ *(http:\S+)\n/m.exec(await said.until("code_challenge=")) ?? [];
  if (url !== undefined) await open(url);
  const stderr = await said.until();
  return { code: (await child.status).code, stdout: await stdout, stderr };
}
