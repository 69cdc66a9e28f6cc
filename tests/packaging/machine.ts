/**
 * A machine on which `install.sh` runs: a home, and programs that answer in place of the system's.
 *
 * @module
 */

import type { Ended } from "../peers/stsaval_process.ts";
import { type Release, serveRelease, standIn } from "./release_server.ts";

/** The script. */
export const script = new URL("../../install.sh", import.meta.url).pathname;

/** What it installs. */
export const installed = [
  "bin/stsaval",
  "bin/stsaval-process",
  "share/bash-completion/completions/stsaval",
  "share/fish/vendor_completions.d/stsaval.fish",
  "share/man/man1/stsaval.1",
  "share/zsh/site-functions/_stsaval",
];

/** A home, programs that answer in place of the system's, and what the script left behind. */
export class Machine implements AsyncDisposable {
  readonly home: string;
  readonly release: Release;
  readonly #shell: string;

  private constructor(home: string, release: Release, shell: string) {
    this.home = home;
    this.release = release;
    this.#shell = shell;
  }

  static async start(
    { shell = "sh", programs = {}, program = standIn }: {
      readonly shell?: string;
      readonly programs?: Readonly<Record<string, string>>;
      readonly program?: string;
    } = {},
  ): Promise<Machine> {
    const home = await Deno.makeTempDir({ prefix: "stsaval-install-" });
    await Deno.chmod(home, 0o755);
    await Deno.mkdir(`${home}/programs`);
    // Nothing is asked of GitHub, whatever this machine has.
    for (const [name, text] of Object.entries({ gh: "exit 1", ...programs })) {
      await Deno.writeTextFile(`${home}/programs/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return new Machine(home, await serveRelease(program), shell);
  }

  async run(
    words: readonly string[] = [],
    { path = Deno.env.get("PATH") ?? "", env = {}, before = [] }: {
      readonly path?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly before?: readonly string[];
    } = {},
  ): Promise<Ended> {
    const [program = "", ...args] = [...before, this.#shell, script, ...words];
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: this.home,
      clearEnv: true,
      env: {
        HOME: this.home,
        PATH: `${this.home}/programs:${path}`,
        STSAVAL_DOWNLOAD_URL: this.release.url,
        ...env,
      },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** The files below a folder of the home, in order. */
  files(folder = ".local"): string[] {
    const found: string[] = [];
    const walk = (path: string) => {
      for (const { name, isDirectory } of Deno.readDirSync(`${this.home}/${folder}/${path}`)) {
        if (isDirectory) walk(`${path}${name}/`);
        else found.push(path + name);
      }
    };
    try {
      walk("");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return found.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release[Symbol.asyncDispose]();
    await Deno.remove(this.home, { recursive: true });
  }
}

/** Puts what the script needs into `programs`, with one of the programs that download and without the other. */
export async function linkTools(home: string, downloader: string): Promise<void> {
  const tools = `sh uname getconf mkdir mktemp sed sha256sum chmod mv rm cat head ${downloader}`;
  // What a test has put there answers in its place.
  const own = new Set(await namesIn(`${home}/programs`));
  const find = await new Deno.Command("sh", {
    args: ["-c", `for tool in ${tools}; do command -v $tool; done`],
  }).output();
  for (const path of new TextDecoder().decode(find.stdout).trim().split("\n")) {
    const name = path.replace(/^.*\//, "");
    if (!own.has(name)) await Deno.symlink(path, `${home}/programs/${name}`);
  }
}

/** The names of what is in a folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}
