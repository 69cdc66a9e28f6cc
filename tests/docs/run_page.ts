/**
 * Runs the commands of a page one after another, by the same `main()` as the program: at a terminal, with the files that
 * the page shows, against the emulator. What one command has cached is there for the next.
 *
 * @module
 */

import { main } from "../../src/cli/main.ts";
import { loginFileName } from "../../src/source/login/token_file.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import {
  type FakeProgram,
  fakeSystem,
  ScriptedTerminal,
  seededRandom,
  VirtualClock,
} from "../fake_system.ts";
import { loginFile } from "../source/login/fixtures.ts";
import { signInFile } from "../transcript_sign_ins.ts";
import { files as homeFiles, home, loginSession, world } from "./home.ts";
import type { Page } from "./pages.ts";

/** What a command did. */
export interface CommandOutcome {
  /** What a person sees: standard error, then standard output. */
  readonly shown: string;
  readonly status: number;
}

/** Runs command lines as one person at one terminal does. */
export interface PageRunner {
  run(words: readonly string[]): Promise<CommandOutcome>;
}

/** The home folder stands ready, the person has signed in to IAM Identity Center and by `aws login`. */
export async function startPage(
  page: Page,
  more: {
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<PageRunner> {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({ clock, random, world });
  const inTwelveHours = clock.now() + 12 * 3_600_000;
  const corp = await signInFile(emulator, "corp", inTwelveHours);
  const login = loginFile(emulator, inTwelveHours);
  const files = new Map(
    Object.entries({
      ...homeFiles,
      ...filesOf(page),
      ...more.files,
      [`~/${corp.path}`]: corp.text,
      [`~/.aws/login/cache/${await loginFileName(loginSession)}`]: JSON.stringify(login),
    }).map(([path, text]) => [inHome(path), text]),
  );
  const serial = world.users[0]?.mfa?.serial ?? "";
  return {
    async run(words) {
      clock.jump(31_000);
      const code = emulator.mfaCode(serial);
      const terminal = new ScriptedTerminal({ keys: [`${code}\r`], input: code });
      terminal.width = 100;
      const system = fakeSystem({
        ...{
          clock,
          random,
          terminal,
          env: { HOME: home, PATH: "/usr/bin", NO_COLOR: "1", ...more.env },
        },
        files: Object.fromEntries(files),
        program: (words) => runProgram(words, code),
        fetch: (request) => emulator.handle(request),
      });
      const typed = words.map((word) => inHome(word === "123456" ? code : word));
      const status = await clock.runUntil(main(typed, system));
      files.clear();
      for (const [path, text] of system.files.contents) {
        if (typeof text === "string") files.set(path, text);
      }
      return { shown: `${terminal.stderr}${terminal.stdout}`.replaceAll(home, "~"), status };
    },
  };
}

/** The files that a page shows: blocks that begin with a comment of one path, such as `# ~/.aws/config`. */
export function filesOf(page: Page): Readonly<Record<string, string>> {
  return Object.fromEntries(page.blocks.flatMap(({ language, text }) => {
    if (language !== "ini") return [];
    const parts = text.split(/^# (~?[\w./-]+)$/m);
    const shown: [string, string][] = [];
    for (let index = 1; index < parts.length; index += 2) {
      shown.push([parts[index] ?? "", (parts[index + 1] ?? "").trimStart() + "\n"]);
    }
    return shown;
  }));
}

function inHome(word: string): string {
  return word.replace(/^~(?=\/)/, home);
}

/** Programs for MFA codes print one, those of `credential_process` print keys, all others are content with everything. */
function runProgram(words: readonly string[], code: string): FakeProgram {
  if (/code|otp|totp|MFA/.test(words.join(" "))) return { stdout: `${code}\n`, exit: 0 };
  return { exit: 0 };
}
