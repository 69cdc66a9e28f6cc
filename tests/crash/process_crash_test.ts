/**
 * Many real `stsaval process` at the same moment, against an STS on loopback: one question, one GetSessionToken, and
 * the same when the process that asks is killed, and when STS refuses the code.
 *
 * `STSAVAL_TEST_PROCESSES=200` starts as many as that.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { type PeerBench, startEmulator } from "../peers/emulator_bench.ts";
import { stsavalWords } from "../peers/stsaval_process.ts";
import { denoFolder } from "../peers/source_program.ts";

const profile = "DynamoDBRole-dev";
const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const count = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 40);
const why = skipped ? ", skipped: no other program may be run" : "";
/** That the machine is slow with so many programs at once is no failure. */
const patient = ["--timeout", "100", "--lock-timeout", "200"];
/** Whoever has not ended by then never will. */
const longestMs = 240_000;

Deno.test({
  name: `${count} processes with a command for codes ask once${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      await desk.letAnswer();
      const ended = await Promise.all(desk.startMany(count));
      for (const one of ended) assertHasCredentials(one);
      assertEquals(await desk.questions(), 1);
      assertEquals(desk.emulator.count("GetSessionToken"), 1);
    }),
});

Deno.test({
  name: `of ${count} processes one can ask, and it asks for all${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      const asking = desk.start(desk.asking);
      await desk.untilAsked(1);
      const others = Array.from({ length: count - 1 }, () => desk.start([]));
      await Promise.all(others.map(({ waits }) => waits));
      await desk.letAnswer();
      for (const { ended } of [asking, ...others]) assertHasCredentials(await ended);
      assertEquals(desk.emulator.count("GetSessionToken"), 1);
    }),
});

Deno.test({
  name: `without a terminal to prompt on, ${count} processes report it with status 3${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      const all = Array.from({ length: count }, () => desk.start([]).ended);
      for (const { code, stdout, stderr } of await Promise.all(all)) {
        assertEquals([code, stdout], [3, ""]);
        assertMatch(stderr, /\nhint: run 'stsaval login DynamoDBRole-dev'/);
      }
      assertEquals(desk.emulator.calls.length, 0);
    }),
});

Deno.test({
  name: `when the one of ${count} processes that asks is killed, one other asks${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      const holder = desk.start(desk.asking);
      await desk.untilAsked(1);
      const waiters = Array.from({ length: count - 1 }, () => desk.start(desk.asking));
      await Promise.all(waiters.map(({ waits }) => waits));
      holder.child.kill("SIGKILL");
      await desk.untilAsked(2);
      await desk.letAnswer();
      for (const { ended } of waiters) assertHasCredentials(await ended);
      assertEquals((await holder.ended).code, 128 + 9);
      assertEquals(await desk.questions(), 2);
      assertEquals(desk.emulator.count("GetSessionToken"), 1);
    }),
});

Deno.test({
  name: `a code that STS refuses one of ${count} processes is refused to all of them${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      desk.emulator.faults.push({ effect: { kind: "refuse-code" } });
      const holder = desk.start(desk.asking);
      await desk.untilAsked(1);
      const waiters = Array.from({ length: count - 1 }, () => desk.start(desk.asking));
      await Promise.all(waiters.map(({ waits }) => waits));
      await desk.letAnswer();
      for (const { ended } of [holder, ...waiters]) {
        const { code, stdout, stderr } = await ended;
        assertEquals([code, stdout], [5, ""]);
        assertMatch(stderr, /MultiFactorAuthentication failed with invalid MFA one time pass code/);
      }
      assertEquals(await desk.questions(), 1);
      assertEquals(desk.emulator.calls.length, 1);
    }),
});

/** What a process left behind. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One `stsaval process`. */
interface Started {
  readonly child: Deno.ChildProcess;
  /** Resolves when it has said that it waits for another; rejects where it ends without. */
  readonly waits: Promise<void>;
  readonly ended: Promise<Ended>;
}

function assertHasCredentials({ code, stdout, stderr }: Ended): void {
  assertEquals(code, 0, stderr);
  const { Version, AccessKeyId, Expiration } = JSON.parse(stdout);
  assertEquals(Version, 1);
  assertMatch(AccessKeyId, /^ASIA/);
  assert(Date.parse(Expiration) > denoSystem.clock.now());
  // Waiters report the wait, and nothing else is printed.
  assertMatch(
    stderr,
    /^(stsaval: waiting for (another process|process \d+, which asks for .*)\n)*$/,
  );
}

/** A home, an emulator whose clock stands still, so that a code is as good as the time that it is given takes. */
async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const stopped = denoSystem.clock.now();
  const clock = { now: () => stopped, sleep: denoSystem.clock.sleep };
  await using bench = await startEmulator({ clock });
  const desk = new Desk(bench);
  const timer = setTimeout(() => desk.endAll(), longestMs);
  try {
    await desk.writeCommand();
    await work(desk);
  } finally {
    clearTimeout(timer);
    await desk.endAll();
  }
}

class Desk {
  readonly #bench: PeerBench;
  readonly #started: Started[] = [];
  #ending = false;

  constructor(bench: PeerBench) {
    this.#bench = bench;
  }

  get emulator() {
    return this.#bench.emulator;
  }

  /** The option that lets a process ask. */
  get asking(): readonly string[] {
    return ["--mfa-command", `${this.#bench.home}/ask`];
  }

  /** A program that notes that it was asked, and answers as soon as there is an answer. */
  async writeCommand(): Promise<void> {
    const { home } = this.#bench;
    const [serial] = this.#bench.freshMfa();
    await Deno.writeTextFile(`${home}/code.later`, this.emulator.mfaCode(serial));
    const lines = [
      "#!/bin/sh",
      `echo asked >> '${home}/questions'`,
      `until [ -e '${home}/code' ]; do sleep 0.1; done`,
      `cat '${home}/code'`,
    ];
    await Deno.writeTextFile(`${home}/ask`, lines.join("\n"), { mode: 0o700 });
  }

  /** From now on whoever is asked answers. */
  async letAnswer(): Promise<void> {
    const { home } = this.#bench;
    await Deno.rename(`${home}/code.later`, `${home}/code`).catch(() => {});
  }

  /** How many prompts there were. */
  async questions(): Promise<number> {
    const text = await denoSystem.files.readText(`${this.#bench.home}/questions`) ?? "";
    return text.split("\n").length - 1;
  }

  async untilAsked(times: number): Promise<void> {
    while (await this.questions() < times) {
      assert(!this.#ending, `no prompt number ${times}`);
      await denoSystem.clock.sleep(50);
    }
  }

  startMany(number: number): readonly Promise<Ended>[] {
    return Array.from({ length: number }, () => this.start(this.asking).ended);
  }

  start(options: readonly string[]): Started {
    const words = ["process", "--profile", profile, ...patient, ...options];
    const [program = "", ...args] = stsavalWords(words);
    const child = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: {
        ...{ HOME: this.#bench.home, DENO_DIR: denoFolder(), NO_PROXY: "127.0.0.1" },
        PATH: Deno.env.get("PATH") ?? "",
      },
      ...{ stdin: "null", stdout: "piped", stderr: "piped" },
    }).spawn();
    const started = { child, ...readOf(child) };
    this.#started.push(started);
    return started;
  }

  async endAll(): Promise<void> {
    this.#ending = true;
    for (const { child } of this.#started) kill(child);
    // Whoever was asked for a process that is gone holds its standard error open.
    await this.letAnswer();
    for (const { ended } of this.#started) await ended;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

function readOf(child: Deno.ChildProcess): Omit<Started, "child"> {
  const waits = Promise.withResolvers<void>();
  waits.promise.catch(() => {});
  const read = async () => {
    let stderr = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      if (stderr.includes("stsaval: waiting for process ")) waits.resolve();
    }
    waits.reject(new Error(`it ended without having waited: ${stderr}`));
    return stderr;
  };
  const end = async () => {
    const [stderr, stdout, { code }] = await Promise.all([
      read(),
      new Response(child.stdout).text(),
      child.status,
    ]);
    return { code, stdout, stderr };
  };
  return { waits: waits.promise, ended: end() };
}
