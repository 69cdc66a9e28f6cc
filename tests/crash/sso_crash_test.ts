/**
 * Many real `stsaval process` whose sign-in to IAM Identity Center has just ended: one refresh for all of them, and the
 * same when the process that refreshes is killed, or when a program that takes no lock refreshes at the same moment.
 *
 * `STSAVAL_TEST_PROCESSES=200` starts as many as that.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoFolder } from "../peers/source_program.ts";
import { isInstalled, startIn, stsavalWords } from "../peers/stsaval_process.ts";
import type { StsEmulator } from "../../src/testing/mod.ts";
import { onTop, type SsoBench, startSsoBench } from "../peers/sso_bench.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const count = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 40);
const why = skipped ? ", skipped: no other program may be run" : "";
const noBotocore = skipped || !await hasBotocore();
/** That the machine is slow with so many programs at once is no failure. */
const patient = ["--timeout", "100", "--lock-timeout", "200"];
/** Whoever has not ended by then never will. */
const longestMs = 240_000;

Deno.test({
  name: `${count} processes whose sign-in has ended refresh it once${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      await desk.bench.endTokenIn(-60_000);
      const ended = await Promise.all(desk.start(count).map(({ ended }) => ended));
      for (const one of ended) assertHasCredentials(one);
      assertEquals(desk.calls(), { all: 1, ok: 1 });
      await desk.assertWhole();
    }),
});

Deno.test({
  name: `when the one of ${count} processes that refreshes is killed, one other refreshes${why}`,
  ignore: skipped,
  fn: () =>
    atDesk(async (desk) => {
      await desk.bench.endTokenIn(-60_000);
      const held = desk.hold();
      const [holder] = desk.start(1);
      await held.arrived(1);
      const waiters = desk.start(count - 1);
      await Promise.all(waiters.map(({ waits }) => waits));
      holder?.child.kill("SIGKILL");
      held.loseAll();
      await held.arrived(held.names.length + 1);
      held.release();
      for (const { ended } of waiters) assertHasCredentials(await ended);
      assertEquals((await holder?.ended)?.code, 128 + 9);
      assertEquals(desk.calls(), { all: 1, ok: 1 });
      await desk.assertWhole();
    }),
});

for (const first of ["theirs", "ours"] as const) {
  Deno.test({
    name: `beside botocore, which takes no lock, ${count} processes lose no token where ${first} ` +
      `comes first${why}${noBotocore && !skipped ? " (left out: no botocore)" : ""}`,
    ignore: noBotocore,
    fn: () =>
      atDesk(async (desk) => {
        await desk.bench.endTokenIn(-60_000);
        const held = desk.hold();
        const botocore = desk.bench.run("python3", ["-c", refreshing, "Example-Admin"]);
        await held.arrived(1);
        const ours = desk.start(count);
        await held.arrived(2);
        held.release((name) => /^Boto/.test(name) === (first === "theirs"));
        for (const { ended } of ours) assertHasCredentials(await ended);
        const { code, stderr } = await botocore;
        // It does not read again: that is what the lock spares ours.
        assertEquals(code, first === "theirs" ? 0 : 1, stderr);
        // One where it gave up before it was let through, which a busy machine may bring about.
        const { all, ok } = desk.calls();
        assertEquals([ok, all <= 2], [1, true], `${all} calls`);
        await desk.assertWhole();
      }),
  });
}

const refreshing = `
import sys, botocore.session
from botocore.tokens import SSOTokenProvider
session = botocore.session.Session(profile=sys.argv[1])
SSOTokenProvider(session, profile_name=sys.argv[1]).load_token().get_frozen_token()`;

async function hasBotocore(): Promise<boolean> {
  if (!await isInstalled("python3")) return false;
  const args = ["-c", "import botocore.tokens"];
  return (await new Deno.Command("python3", { args, stderr: "null" }).output()).success;
}

/** What a process left behind. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: Deno.ChildProcess;
  /** Resolves when it says that it waits for another. */
  readonly waits: Promise<void>;
  readonly ended: Promise<Ended>;
}

function assertHasCredentials({ code, stdout, stderr }: Ended): void {
  assertEquals(code, 0, stderr);
  assertMatch(JSON.parse(stdout).AccessKeyId, /^ASIA/);
  // Waiters report the wait, and nothing else is printed.
  assertMatch(
    stderr,
    /^(stsaval: waiting for (another process|process \d+, which refreshes the sign-in)\n)*$/,
  );
}

async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const gate: { hold?: Held } = {};
  await using bench = await startSsoBench({ callsPerSecond: 1_000_000 }, {
    intercept: async (request, handle) => {
      const { hold } = gate;
      const isHeld = hold !== undefined && new URL(request.url).pathname === "/token";
      return isHeld ? await hold.pass(request, handle) : await handle(request);
    },
  });
  const desk = new Desk(bench, gate);
  const timer = setTimeout(() => desk.killAll(), longestMs);
  try {
    await work(desk);
  } finally {
    clearTimeout(timer);
    await desk.killAll();
  }
}

/** Holds the calls of CreateToken until they are released. */
class Held {
  /** Who has called: the user agents, in the order of the calls. */
  readonly names: string[] = [];
  #lost = 0;
  readonly #released = Promise.withResolvers<(name: string) => boolean>();
  #favoured = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();

  async pass(request: Request, handle: StsEmulator["handle"]): Promise<Response> {
    const name = request.headers.get("user-agent") ?? "";
    const number = this.names.push(name);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    const isFirst = (await this.#released.promise)(name);
    if (!isFirst) await this.#favoured.promise;
    if (number <= this.#lost) return new Response(null, { status: 503 });
    const response = await handle(request);
    if (isFirst) this.#favoured.resolve();
    return response;
  }

  async arrived(number: number): Promise<void> {
    while (this.names.length < number) await this.#changed.promise;
  }

  /** The calls that have arrived never come through. */
  loseAll(): void {
    this.#lost = this.names.length;
  }

  /** Those that are no favourites go on after the first of them. */
  release(isFirst: (name: string) => boolean = () => true): void {
    this.#released.resolve(isFirst);
  }
}

class Desk {
  readonly bench: SsoBench;
  readonly #gate: { hold?: Held };
  readonly #started: Started[] = [];

  constructor(bench: SsoBench, gate: { hold?: Held }) {
    this.bench = bench;
    this.#gate = gate;
  }

  hold(): Held {
    return this.#gate.hold = new Held();
  }

  /** How often a token was asked for, and given. */
  calls(): { readonly all: number; readonly ok: number } {
    const { emulator } = this.bench;
    return { all: emulator.count("CreateToken"), ok: emulator.count("CreateToken", "ok") };
  }

  /** The file holds a token that is good, readable only by its owner, and nothing lies beside it but the lock. */
  async assertWhole(): Promise<void> {
    const { tokenPath, url } = this.bench;
    const { accessToken, refreshToken, expiresAt, startUrl } = await this.bench.readToken();
    assert(Date.parse(expiresAt) > Date.now() + 50 * 60_000, expiresAt);
    assert(refreshToken !== "" && startUrl !== undefined);
    const headers = { "x-amz-sso_bearer_token": accessToken };
    const listed = await fetch(`${url}/assignment/accounts`, { headers });
    assertEquals([listed.status, await listed.body?.cancel()], [200, undefined]);
    assertEquals(((await Deno.stat(tokenPath)).mode ?? 0) & 0o777, 0o600);
    const beside = await Array.fromAsync(Deno.readDir(tokenPath.replace(/\/[^/]*$/, "")));
    const name = tokenPath.replace(/.*\//, "");
    for (const { name: found } of beside) assert([name, `${name}.lock`].includes(found), found);
  }

  start(number: number): readonly Started[] {
    return Array.from({ length: number }, () => {
      const started = this.#start();
      this.#started.push(started);
      return started;
    });
  }

  async killAll(): Promise<void> {
    for (const { child } of this.#started) {
      try {
        child.kill("SIGKILL");
      } catch { /* it has ended */ }
    }
    await Promise.all(this.#started.map(({ ended }) => ended));
  }

  #start(): Started {
    const words = stsavalWords(["process", onTop, "--no-cache", ...patient]);
    const path = Deno.env.get("PATH") ?? "";
    const env = { HOME: this.bench.home, DENO_DIR: denoFolder(), PATH: path, NO_COLOR: "1" };
    const child = startIn({ path: this.bench.home, env }, words);
    const waits = Promise.withResolvers<void>();
    waits.promise.catch(() => {});
    return { child, waits: waits.promise, ended: endOf(child, waits) };
  }
}

async function endOf(
  child: Deno.ChildProcess,
  waits: PromiseWithResolvers<void>,
): Promise<Ended> {
  const stdout = new Response(child.stdout).text();
  await child.stdin.close();
  let stderr = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    if (stderr.includes("waiting for process ")) waits.resolve();
  }
  waits.reject(new Error(`ended without a wait: ${stderr}`));
  return { code: (await child.status).code, stdout: await stdout, stderr };
}
