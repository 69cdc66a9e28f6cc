/**
 * The transcripts once more, run by the compiled program: with real files, a real terminal and an STS on loopback.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import {
  type CommandResult,
  type CommandRunner,
  runTranscript,
  type TranscriptClock,
} from "../transcript.ts";
import { transcriptFolder } from "../transcript_here.ts";
import { isInstalled, systemVariables } from "../peers/stsaval_process.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const terminalScript = new URL("./terminal.py", import.meta.url).pathname;
const stepMs = 30_000;

/**
 * The wall clock, set to another MFA step for each code: AWS takes each code once, and no test waits half a minute. The
 * steps are taken from both sides of now, so that STS's clock is never far from the program's.
 */
class SteppingClock implements TranscriptClock {
  readonly #used = new Set<number>();
  #offset = 0;

  now(): number {
    return Date.now() + this.#offset;
  }

  async sleep(ms: number): Promise<void> {
    await denoSystem.clock.sleep(ms);
  }

  nextCode(): void {
    for (let index = 0;; index++) {
      const offset = stepMs * (index % 2 === 0 ? -index / 2 : (index + 1) / 2);
      const step = Math.floor((Date.now() + offset) / stepMs);
      if (this.#used.has(step)) continue;
      this.#used.add(step);
      this.#offset = offset;
      return;
    }
  }

  pass(): void {
    throw new Error("real time does not pass faster");
  }
}

/** Advances only for the commands that use a code, so that the steps last. */
function lazyClock(text: string): TranscriptClock {
  const clock = new SteppingClock();
  const commands = text.split(/^(?=\$ )/m);
  let index = 0;
  return {
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    pass: () => clock.pass(),
    nextCode() {
      const before = commands[index++] ?? "";
      const line = (commands[index] ?? "").split("\n")[0] ?? "";
      const keys = before.split("\n").filter((line) => line.startsWith("% keys")).pop() ?? "";
      if (`${keys}${line}`.includes("{code}") || index === 1) clock.nextCode();
    },
  };
}

/** The program is started in a folder of its own, in which files without a folder lie. */
function runProgram(path: string, home: string): CommandRunner {
  const cwd = `${home}-work`;
  return async ({ words, keys, input, env, files }) => {
    await writeFiles(home, files, cwd);
    const command = [path, ...words];
    const all = { ...systemVariables, HOME: home, PATH: Deno.env.get("PATH") ?? "", ...env };
    const result = keys === undefined
      ? await runPiped(command, { input, env: all, cwd })
      : JSON.parse(
        (await runPiped(["python3", terminalScript, keys, ...command], {
          ...{ input: "", env: all, cwd },
        })).stdout,
      );
    await readFiles(home, files);
    return result as CommandResult;
  };
}

async function runPiped(
  [program = "", ...args]: readonly string[],
  { input, env, cwd }: {
    readonly input: string;
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  },
): Promise<CommandResult> {
  const child = new Deno.Command(program, {
    ...{ args, env, cwd, clearEnv: true, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), status: code };
}

async function writeFiles(
  home: string,
  files: ReadonlyMap<string, string>,
  cwd: string,
): Promise<void> {
  await Deno.remove(home, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${home}/.aws`, { recursive: true });
  await Deno.mkdir(cwd, { recursive: true });
  for (const [name, text] of files) {
    const path = name.startsWith("/") ? name : `${cwd}/${name}`;
    await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(path, text, { mode: 0o600 });
  }
}

async function readFiles(folder: string, files: Map<string, string>): Promise<void> {
  for (const path of [...files.keys()]) if (path.startsWith(`${folder}/`)) files.delete(path);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isFile) files.set(path, await Deno.readTextFile(path));
    else await readFiles(path, files);
  }
}

/**
 * The emulator's clock is moved on for each code, so that this machine's seems to be wrong. How much time is left is
 * exact on a virtual clock only, and how a connection breaks is told by who breaks it: here the network, there the
 * emulator itself.
 */
function normalise(text: string): string {
  return withoutProgress(text)
    .replaceAll(/"127\.0\.0\.1:\d+" cannot be reached: [^,]*(?:, as [^,]*)?/g, "<broken>")
    .replaceAll(/127\.0\.0\.1:\d+(?= refused|: it responded)/g, "<host>")
    .replaceAll(/; codes that this machine makes are wrong, since its clock is [^"]*?STS's/g, "")
    .replaceAll(/\b20\d\d-\d\d-\d\d\b/g, "<date>")
    .replaceAll(
      /(?:<left>|\b\d+h)(?:\d+m)?(?:\d+s)?|\b\d+d(?:\d+h)?(?:\d+m)?(?:\d+s)?|\b\d+m\d+s\b/g,
      "<duration>",
    )
    .replaceAll(/(?<="secondsLeft": )\d+/g, "<seconds>")
    .replaceAll(/(?<=again in )\d+(?= ms)/g, "<ms>")
    .replaceAll(/[ ]{2,}/g, "  ");
}

/** What is shown after half a second and taken away again: how fast the machine is decides whether it is. */
function withoutProgress(text: string): string {
  const erase = "\u001b[J\r\u001b[J";
  return text.split("\n").filter((line) => !line.endsWith(erase)).join("\n");
}

/** Why no keys can be typed. */
const noTerminal = Deno.build.os === "windows"
  ? "Windows has no terminals that a program can open for another"
  : await isInstalled("python3")
  ? undefined
  : "its terminals need python3, which is not installed";

for await (const { name } of Deno.readDir(transcriptFolder)) {
  const whole = await Deno.readTextFile(new URL(name, transcriptFolder));
  // What comes after needs hours to pass, which only a virtual clock can do.
  const text = whole.split(/^% pass /m)[0] ?? "";
  const made = noTerminal === undefined || !text.includes("\n% keys ")
    ? program
    : { missing: noTerminal };
  programTest(made, `the compiled program says what ${name} says`, async (path) => {
    const made = await Deno.makeTempDir({ prefix: "stsaval-transcript-" });
    const folder = made.replaceAll("\\", "/");
    const controller = new AbortController();
    let handle = (_: Request): Promise<Response> => Promise.reject(new Error("no command yet"));
    const { port, finished } = await denoSystem.network.serve((request) => handle(request), {
      port: 0,
      signal: controller.signal,
    });
    const run = runProgram(path, `${folder}/home`);
    try {
      const told = await runTranscript(text, {
        clock: lazyClock(text),
        url: `http://127.0.0.1:${port}`,
        home: `${folder}/home`,
        run: (setup) => {
          handle = setup.emulator.handle;
          return run(setup);
        },
      });
      assertEquals(normalise(told), normalise(text));
    } finally {
      controller.abort();
      await finished;
      await Deno.remove(folder, { recursive: true });
    }
  });
}
