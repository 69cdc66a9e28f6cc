/**
 * Runs transcripts in this process: `main()` on a system of fakes. As a program, it writes them anew.
 *
 * @module
 */

import { main } from "../src/cli/main.ts";
import { ProgramError } from "../src/errors.ts";
import {
  type FakeProgram,
  fakeSystem,
  ScriptedTerminal,
  seededRandom,
  VirtualClock,
} from "./fake_system.ts";
import {
  type CommandResult,
  type CommandRunner,
  type CommandSetup,
  runTranscript,
} from "./transcript.ts";

/** Where the transcripts are. */
export const transcriptFolder = new URL("./transcripts/", import.meta.url);

const home = "/home/kim";
const url = "http://127.0.0.1:4566";

/** Sees what each command of a transcript did, and what STS answered to it. */
export type CommandObserver = (
  setup: CommandSetup,
  result: CommandResult,
  answers: readonly string[],
) => void;

/** The transcript as it is when it is run now. */
export function runTranscriptHere(
  text: string,
  observe: CommandObserver = () => {},
): Promise<string> {
  const clock = new VirtualClock();
  return runTranscript(text, {
    home,
    url,
    clock: {
      now: () => clock.now(),
      sleep: (ms) => Promise.resolve(clock.jump(ms)),
      nextCode: () => clock.jump(31_000),
      pass: (ms) => clock.jump(ms),
    },
    run: runHere(clock, observe),
  });
}

function runHere(clock: VirtualClock, observe: CommandObserver): CommandRunner {
  // One for all commands: what each makes at random is another than what those before it made.
  const random = seededRandom();
  return async (setup) => {
    const { words, keys, input, env, files, emulator } = setup;
    const answers: string[] = [];
    const terminal = new ScriptedTerminal(
      keys === undefined ? { input } : { input, keys: [keys], isTerminal: true },
    );
    const system = fakeSystem({
      clock,
      random,
      terminal,
      env: { HOME: home, ...env },
      files: Object.fromEntries(files),
      program: runWellKnown,
      fetch: async (request) => {
        const response = await emulator.handle(request);
        answers.push(await response.clone().text());
        return response;
      },
    });
    const running = main(words, system);
    const status = await clock.runUntil(running);
    if (terminal.raw) throw new Error("the terminal was left raw");
    if (system.signals.listening > 0) throw new Error("a signal listener was left");
    files.clear();
    for (const [path, content] of system.files.contents) {
      if (typeof content === "string") files.set(path, content);
    }
    const result = { stdout: terminal.stdout, stderr: terminal.stderr, status };
    observe(setup, result, answers);
    return result;
  };
}

/** The programs that transcripts run do what they do everywhere. */
function runWellKnown([program = "", ...args]: readonly string[]): FakeProgram {
  switch (program) {
    case "true":
      return { exit: 0 };
    case "false":
      return { exit: 1 };
    case "echo":
      return { stdout: `${args.join(" ")}\n`, exit: 0 };
    default:
      throw new ProgramError("PROGRAM_NOT_FOUND", program, "there is no such program");
  }
}

async function writeAll(): Promise<void> {
  for await (const { name } of Deno.readDir(transcriptFolder)) {
    const file = new URL(name, transcriptFolder);
    await Deno.writeTextFile(file, await runTranscriptHere(await Deno.readTextFile(file)));
    console.log(`wrote ${name}`);
  }
}

// Not awaited: while the main module has not been evaluated, the event loop has work left, and the clock stands.
if (import.meta.main) setTimeout(writeAll);
