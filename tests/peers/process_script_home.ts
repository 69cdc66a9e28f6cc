/**
 * A home with an answer that is kept, and the script `stsaval-process` beside a program that only tells what it was asked.
 *
 * @module
 */

import { formatProcessScript } from "../../src/cli/answers/script.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { type Ended, runIn, stsavalWords } from "./stsaval_process.ts";

/** The profile whose answer is kept. */
export const kept = "DynamoDBRole-dev";

/** The shells that run the script, each also with unset variables as errors; the first word is the program. */
export const shells: readonly (readonly [string, ...string[]])[] = [
  ...[["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"], ["ksh93"]] as const,
  ["zsh", "--emulate", "sh"] as const,
].flatMap((words) => [[...words], [...words, "-u"]] as const);

/** The home. */
export interface ScriptHome extends AsyncDisposable {
  readonly bench: PeerBench;
  readonly path: string;
  /** The folder of the answers. */
  readonly answers: string;
  /** A folder in which the script finds programs first. */
  readonly tools: string;
  /** The text of the answer as the program would keep it now. */
  answer(): Promise<string>;
  /** Runs the script; the stand-in for the program prints `asked:`, its arguments and `LC_ALL`, one a line. */
  script(
    shell: readonly string[],
    words: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
  /** Runs stsaval itself, from source. */
  program(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Waits until the kernel's clock for files, which goes in ticks of up to ten milliseconds, has gone on. */
  tick(): Promise<void>;
  /** Makes everything as it was when the answer was kept, in the order of that time. */
  restore(): Promise<void>;
}

const tick = () => denoSystem.clock.sleep(25);

/** Signs in to the sample world, and keeps an answer. */
export async function makeScriptHome(): Promise<ScriptHome> {
  const bench = await startEmulator();
  const path = bench.home;
  const answers = `${path}/.aws/stsaval/answers`;
  await Deno.mkdir(`${path}/bin`);
  const tools = `${path}/tools`;
  await Deno.mkdir(tools);
  const asked =
    '#!/bin/sh\nprintf "asked:\\n"\nprintf "%s\\n" "$@" ${LC_ALL+"LC_ALL=$LC_ALL"}\nexit 7\n';
  await Deno.writeTextFile(`${path}/bin/stsaval`, asked, { mode: 0o755 });
  await Deno.writeTextFile(`${path}/bin/stsaval-process`, formatProcessScript(), { mode: 0o755 });
  const home = { path, env: { HOME: path, PATH: `${tools}:${Deno.env.get("PATH") ?? ""}` } };
  const denoFolder = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  const program: ScriptHome["program"] = (words, env = {}) =>
    runIn(home, stsavalWords(words), { env: { DENO_DIR: denoFolder, ...env } });
  const [, code] = bench.freshMfa();
  const first = await program(["process", "--profile", kept, "--mfa-code", code, "--keep-answer"]);
  if (first.code !== 0) throw new Error(`Cannot keep an answer: ${first.stderr}`);
  const aws = `${path}/.aws`;
  const texts = new Map<string, string>();
  for (const name of ["config", "credentials", `stsaval/answers/${kept}`]) {
    texts.set(name, await Deno.readTextFile(`${aws}/${name}`));
  }
  const answer = async () => {
    const { files } = denoSystem;
    const facts = await Promise.all(
      ["config", "credentials"].map((name) => files.facts(`${aws}/${name}`)),
    );
    const madeOf = facts.map((one) => one === undefined ? "-" : one.version).join(" ");
    return (texts.get(`stsaval/answers/${kept}`) ?? "").replace(/\n.*/, `\n${madeOf}`);
  };
  return {
    ...{ bench, path, answers, tools, program, tick },
    answer,
    script: (shell, words, env) =>
      runIn(
        home,
        [...shell, `${path}/bin/stsaval-process`, ...words],
        env === undefined ? {} : { env },
      ),
    async restore() {
      await Deno.remove(`${aws}/config`, { recursive: true }).catch(() => {});
      await Deno.remove(`${aws}/credentials`).catch(() => {});
      await Deno.remove(answers, { recursive: true }).catch(() => {});
      await Deno.remove(tools, { recursive: true });
      await Deno.mkdir(tools);
      await Deno.remove(`${path}/bin/stsaval`, { recursive: true }).catch(() => {});
      await Deno.writeTextFile(`${path}/bin/stsaval`, asked, { mode: 0o755 });
      await Deno.chown(`${aws}/stsaval`, (await Deno.stat(path)).uid, null);
      await Deno.chmod(`${aws}/stsaval`, 0o700);
      await Deno.mkdir(answers, { mode: 0o700 });
      for (const [name, text] of texts) {
        const isAnswer = name.startsWith("stsaval/");
        if (isAnswer) await tick();
        const now = isAnswer ? await answer() : text;
        await Deno.writeTextFile(`${aws}/${name}`, now, { mode: 0o600 });
      }
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
