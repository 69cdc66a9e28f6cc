/**
 * Transcripts: command lines with their exact standard output, standard error and exit status. They read like a
 * manual, and are run through the same `main()` as the program.
 *
 * A transcript is a list of lines:
 *
 * - `# …` says something to the reader;
 * - `% …` prepares the next command: `% keys 123456\r` types at a terminal, `% input a\nb` pipes text in,
 *   `% env NAME=VALUE`, `% file PATH` with the lines of the file after it, each behind `| `,
 *   `% keep-cache` lets commands find what those before them have kept, `% pass 31000` lets milliseconds pass,
 *   `% world sign-ins`, at the top, adds IAM Identity Center and AWS Sign-In to the emulator, `% sign-in NAME SECONDS`
 *   keeps what a person gets who signs in with a session, a start URL or `aws-login`, with that much of its life left,
 *   `% end-sign-ins` lets AWS end them,
 *   `% fault {…}` adds a rule to the emulator's faults, `% calls` shows what STS was asked by the command before;
 * - `$ stsaval …` is a command line; `{code}` in it, or in the keys, is the MFA code of that moment;
 * - then come the lines of standard output behind `> `, those of standard error behind `! `, and `[4]` for a status
 *   other than 0.
 *
 * Commands run no other programs than `true`, `false`, `echo` and one that does not exist.
 *
 * Colors are left out; where FORCE_COLOR is set, `‹31›` stands for the beginning of red, and so on.
 *
 * What differs from run to run stands as `<key>`, `<end>`, `<secret>`, `<token>`, `<time>` and `<left>`.
 *
 * @module
 */

import {
  createStsEmulator,
  type EmulatorWorld,
  formatSampleHome,
  githubIssuer,
  sampleMachineWorld,
  sampleWorld,
  type StsEmulator,
  userArn,
} from "../src/testing/mod.ts";
import { endSignIns, signInFile, signInWorld } from "./transcript_sign_ins.ts";

/** What a container of a transcript has to send. */
export const containerToken = "Basic Zm9yLXRoZS1jb250YWluZXItYWxvbmUtMDEyMzQ1Njc4OQ";

/** With what a job of GitHub Actions asks for its tokens in a transcript. */
export const githubRequestToken = "job-token-of-the-transcripts-0123456789abcdefgh";

/** What a command did. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What stands ready for a command. */
export interface CommandSetup {
  readonly words: readonly string[];
  readonly keys: string | undefined;
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Map<string, string>;
  readonly emulator: StsEmulator;
}

/** Runs one command line: in this process, or as a program of its own. */
export type CommandRunner = (setup: CommandSetup) => Promise<CommandResult>;

/** The clock that the emulator of a transcript runs on. */
export interface TranscriptClock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Makes the next MFA code another one than the last. */
  nextCode(): void;
  /** Lets time pass. */
  pass(ms: number): void;
}

/** What a transcript is run with. */
export interface TranscriptSetup {
  readonly clock: TranscriptClock;
  /** The URL in the sample `~/.aws`, and what stands for it in the transcript. */
  readonly url: string;
  readonly home: string;
  readonly run: CommandRunner;
}

interface State {
  readonly setup: TranscriptSetup;
  readonly emulator: StsEmulator;
  readonly files: Map<string, string>;
  env: Record<string, string>;
  keys: string | undefined;
  input: string;
  seen: number;
  keepsCache: boolean;
}

/** The transcript as it is when it is run now: equal to the text that was given, where nothing has changed. */
export async function runTranscript(text: string, setup: TranscriptSetup): Promise<string> {
  const hasSignIns = /^% world sign-ins$/m.test(text);
  const world = hasSignIns ? signInWorld() : worldOfTranscripts();
  const emulator = createStsEmulator({ clock: setup.clock, world });
  const sample = formatSampleHome(hasSignIns ? world : sampleWorld(), { url: setup.url });
  const files = new Map([
    [`${setup.home}/.aws/config`, sample.config],
    [`${setup.home}/.aws/credentials`, sample.credentials],
  ]);
  const state: State = {
    ...{ setup, emulator, files, env: {}, keys: undefined, input: "", seen: 0 },
    keepsCache: false,
  };
  const lines = text.trimEnd().split("\n");
  const told: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.startsWith("$ ")) {
      told.push(line, ...await runLine(line.slice(2), state));
    } else if (line.startsWith("% file ")) {
      const body = lines.slice(index + 1);
      const length = body.findIndex((next) => !next.startsWith("|"));
      const content = body.slice(0, length < 0 ? body.length : length);
      writeFile(line.slice(7), content, state);
      told.push(line, ...content);
      index += content.length;
    } else if (line.startsWith("% sign-in ")) {
      await keepSignIn(line.slice(10), state);
      told.push(line);
    } else if (line.startsWith("% token ")) {
      const path = line.slice(8).replace("~", setup.home);
      files.set(
        path,
        await emulator.webIdentityToken({ subject: "system:serviceaccount:prod:app" }),
      );
      told.push(line);
    } else if (line === "% end-sign-ins") {
      await endSignIns(emulator, files);
      told.push(line);
    } else if (line === "% calls") {
      told.push(line, ...newCalls(state));
    } else if (line.startsWith("% ")) {
      prepare(line.slice(2), state);
      told.push(line);
    } else if (line.startsWith("#") || line === "") {
      told.push(line);
    }
  }
  return `${told.join("\n")}\n`;
}

/** The sample, a container and an instance, with a role that needs no MFA code and stands in no file. */
function worldOfTranscripts(): EmulatorWorld {
  const { users, roles } = sampleWorld();
  const open = { arn: "arn:aws:iam::123456789012:role/OpenRole-dev", trusts: users.map(userArn) };
  const onInstance = sampleMachineWorld("instance", { roleCount: 0 });
  const onContainer = sampleMachineWorld("container", { token: containerToken });
  const issuer = "https://oidc.example.com";
  const pod = {
    arn: "arn:aws:iam::123456789012:role/PodRole",
    trusts: ["arn:aws:iam::123456789012:role/PodRole"],
    trustsTokens: [{ issuer, subject: "system:serviceaccount:prod:app" }],
  };
  const onTop = ["One", "Two", "Three"].map((name) => ({
    arn: `arn:aws:iam::123456789012:role/Pod${name}`,
    trusts: [pod.arn],
  }));
  const subject = "repo:example/app:ref:refs/heads/main";
  const ofJob = ["One", "Two", "Three"].map((name) => ({
    arn: `arn:aws:iam::123456789012:role/Job${name}`,
    trusts: [],
    trustsTokens: [{ issuer: githubIssuer, subject }],
  }));
  return {
    ...{ ...onContainer, ...onInstance, users },
    roles: [...roles, open, ...onInstance.roles, pod, ...onTop, ...ofJob],
    identityProviders: [issuer, githubIssuer].map((issuer) => ({
      issuer,
      audiences: ["sts.amazonaws.com"],
    })),
    github: { subject, requestToken: githubRequestToken },
  };
}

function writeFile(path: string, lines: readonly string[], { files, setup }: State): void {
  const text = lines.map((line) => `${line.slice(2)}\n`).join("");
  files.set(path.replace("~", setup.home), text.replaceAll("<url>", setup.url));
}

async function keepSignIn(line: string, { emulator, files, setup }: State): Promise<void> {
  const [name = "", seconds = "3600"] = line.split(" ");
  const end = setup.clock.now() + Number(seconds) * 1_000;
  const { path, text } = await signInFile(emulator, name, end);
  files.set(`${setup.home}/${path}`, text);
}

function prepare(line: string, state: State): void {
  const [, word, rest = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
  const unescaped = rest.replaceAll("\\n", "\n").replaceAll("\\r", "\r").replaceAll(
    "\\x03",
    "\x03",
  );
  switch (word) {
    case "keys":
      state.keys = unescaped;
      break;
    case "input":
      state.input = unescaped;
      break;
    case "env": {
      const [name = "", value = ""] = unescaped.split("=", 2);
      state.env[name] = value.replaceAll("<url>", state.setup.url);
      break;
    }
    case "fault":
      state.emulator.faults.push(JSON.parse(rest));
      break;
    case "world":
      break;
    case "keep-cache":
      state.keepsCache = true;
      break;
    case "pass":
      state.setup.clock.pass(Number(rest));
      break;
    case "no-faults":
      state.emulator.faults.length = 0;
      break;
    default:
      throw new Error(`unknown line in a transcript: % ${line}`);
  }
}

function newCalls(state: State): string[] {
  const calls = state.emulator.calls.slice(state.seen);
  const counts = new Map<string, number>();
  for (const { operation, outcome, session } of calls) {
    // What was sent about the session, as it was sent.
    const sent = session === undefined ? "" : ` ${JSON.stringify(session)}`;
    const key = `${operation} ${outcome}${sent}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `| ${count} ${key}`);
}

async function runLine(line: string, state: State): Promise<string[]> {
  const { emulator, setup, files } = state;
  setup.clock.nextCode();
  state.seen = emulator.calls.length;
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  const withCode = (text: string) => text.replaceAll("{code}", emulator.mfaCode(serial));
  const inHome = (word: string) => word.replace(/^~(?=\/)/, setup.home);
  const [program, ...words] = splitWords(withCode(line)).map(inHome);
  if (program !== "stsaval") throw new Error(`not a command of stsaval: ${line}`);
  const showsColors = state.env["FORCE_COLOR"] !== undefined;
  const result = await setup.run({
    words,
    keys: state.keys === undefined ? undefined : withCode(state.keys),
    input: state.input,
    env: state.env,
    files,
    emulator,
  });
  if (!state.keepsCache) {
    for (const path of files.keys()) if (path.includes("/.aws/stsaval/")) files.delete(path);
  }
  state.keys = undefined;
  state.input = "";
  state.env = {};
  return formatResult(result, setup, showsColors ? "‹$1›" : "");
}

/** Words as a POSIX shell splits them, quotes included; nothing is expanded. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2")
  );
}

function formatResult(
  { stdout, stderr, status }: CommandResult,
  setup: TranscriptSetup,
  color: string,
): string[] {
  // deno-lint-ignore no-control-regex -- terminals are sent control characters
  const colors = /\x1b\[(\d+)m/g;
  const normal = (text: string) => normalise(text.replaceAll(colors, color), setup);
  const out = linesOf(normal(stdout)).map((line) => `> ${line}`.trimEnd());
  const err = linesOf(normal(stderr)).map((line) => `! ${line}`.trimEnd());
  return [...out, ...err, ...(status === 0 ? [] : [`[${status}]`])];
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function normalise(text: string, { url, home }: TranscriptSetup): string {
  return text
    .replaceAll(url, "<url>")
    .replaceAll(home, "~")
    .replaceAll(/ASIA[A-Z0-9]{16}/g, "<key>")
    // The end of a key that IAM made; those of the sample end with "MPLE".
    .replaceAll(/(?<=…|"key":")(?!MPLE)[A-Z2-7]{4}(?![A-Za-z0-9])/g, "<end>")
    .replaceAll(/[A-Za-z0-9/+=]{60,}/g, "<token>")
    .replaceAll(/(?<![A-Za-z0-9/+:-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, "<secret>")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
    .replaceAll(/(?<=<time> {2})(59m5\ds|1h)/g, "<left>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/[ \t]+$/gm, "");
}
