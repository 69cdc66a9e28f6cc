/**
 * stsaval as a program of its own, in a home folder of its own, with an STS that a test gives.
 *
 * @module
 */

import { environmentNames } from "../../src/cli/permissions/needs.ts";

const cli = new URL("../../cli.ts", import.meta.url).pathname;

/** What no program of Windows starts without. */
export const systemVariables: Readonly<Record<string, string>> = Object.fromEntries(
  (Deno.build.os === "windows" ? ["SystemRoot", "TEMP"] : []).map((
    name,
  ) => [name, Deno.env.get(name) ?? ""]),
);

/** The words that run stsaval from source, with no more permissions than it says that it needs. */
export function stsavalWords(words: readonly string[]): readonly string[] {
  const permissions = [
    ...["--allow-read", "--allow-run", "--allow-net=127.0.0.1"],
    ...["--allow-write", `--allow-env=${environmentNames().join(",")}`],
  ];
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    ...permissions,
    cli,
    ...words,
  ];
}

/** A home folder whose `~/.aws` leads to an STS in this process. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  readonly url: string;
  /** What stsaval is started with beside `PATH`. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Serves `handle` as STS and makes the home in `dir`, by default the system's folder for temporary files; `files` are
 * written below it, given the STS's URL.
 */
export async function makeHome(
  handle: (request: Request) => Response | Promise<Response>,
  files: (url: string) => Readonly<Record<string, string>>,
  { dir }: { readonly dir?: string } = {},
): Promise<Home> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const path = await Deno.makeTempDir({
    prefix: "stsaval-home-",
    ...(dir !== undefined && { dir }),
  });
  await Deno.mkdir(`${path}/.aws`);
  for (const [name, text] of Object.entries(files(url))) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  const denoFolder = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return {
    path,
    url,
    // Deno's own folder, so that another HOME does not make it load everything again.
    env: {
      ...systemVariables,
      ...{ HOME: path, DENO_DIR: denoFolder, PATH: Deno.env.get("PATH") ?? "" },
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** What a program did. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program in the home, with nothing of our own environment. */
export function startIn(
  home: Pick<Home, "path" | "env">,
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...home.env, ...env },
    cwd: home.path,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a program in the home to its end. */
export async function runIn(
  home: Pick<Home, "path" | "env">,
  words: readonly string[],
  { env = {}, input = "" }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
  } = {},
): Promise<Ended> {
  const child = startIn(home, words, env);
  const output = child.output();
  const writer = child.stdin.getWriter();
  // The program may have ended, or closed its input, without reading it.
  await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Reads a stream of text up to a mark. */
export class MarkReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** All that has been read. */
  get text(): string {
    return this.#text;
  }

  /** Waits until the mark has come, or the end; without a mark, for the end. */
  async until(mark?: string): Promise<string> {
    while (mark === undefined || !this.#text.includes(mark)) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    return this.#text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

/** True where the program can be started. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" })
      .output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** True where the tests run as root. */
export async function isRoot(): Promise<boolean> {
  const { stdout } = await new Deno.Command("id", { args: ["-u"] }).output();
  return new TextDecoder().decode(stdout).trim() === "0";
}
