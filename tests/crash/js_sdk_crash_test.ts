/**
 * Many real `stsaval process` beside the AWS SDK for JavaScript, which takes no lock, while a sign-in is about to end: one
 * call of each refreshes it, none of ours fails whichever comes first, and what the file holds at the end can be refreshed
 * again.
 *
 * `STSAVAL_TEST_PROCESSES=200` starts as many as that.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { StsEmulator } from "../../src/testing/mod.ts";
import { missingJsSdk, runProvider } from "../peers/js_sdk.ts";
import { type SignInHome, signIns, startSignInHome } from "../peers/sign_in_home.ts";
import { denoFolder } from "../peers/source_program.ts";
import { type Ended, runIn, stsavalWords } from "../peers/stsaval_process.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const count = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 20);
const missing = skipped ? "no other program may be run" : await missingJsSdk();
/** That the machine is slow with so many programs at once is no failure. */
const patient = ["--timeout", "100", "--lock-timeout", "200"];
/** What a process says that waits for another one. */
const waitingNote = /^stsaval: waiting for .*\n/gm;
const jsLogin = new URL("../peers/js_login.ts", import.meta.url).pathname;

/** The SDK for JavaScript, which refreshes what has less than five minutes left. */
const sdks: Readonly<Record<keyof typeof signIns, (made: SignInHome) => Promise<Ended>>> = {
  "IAM Identity Center": ({ home }) =>
    runProvider(
      { url: home.url, run: (program, args, env = {}) => runIn(home, [program, ...args], { env }) },
      "fromSso",
      "admin",
    ),
  // Run by Deno, from the packages of deno.lock.
  "aws login": ({ home }) =>
    runIn(home, [Deno.execPath(), "run", "--quiet", "--allow-all", jsLogin, home.url], {
      env: { DENO_DIR: denoFolder() },
    }),
};

async function stsaval({ home }: SignInHome): Promise<void> {
  const words = stsavalWords(["process", "admin", "--no-cache", ...patient]);
  const { code, stderr } = await runIn(home, words);
  assertEquals([code, stderr.replaceAll(waitingNote, "")], [0, ""]);
}

/** Leaves that many seconds, in the file alone. */
async function leave({ path }: SignInHome, seconds: number): Promise<void> {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(/("expiresAt": *")[^"]*/, `$1${expiresAt}`));
}

/** Little enough for both to refresh, and long enough for who comes second to go on with it. */
const leftSeconds = 280;

/** Who may refresh first. */
type First = "theirs" | "ours";

/** What the SDK ends with where it comes second: its exit status, and what it says on stderr. */
const second: Readonly<Record<keyof typeof signIns, readonly [number, RegExp]>> = {
  // It uses the token that it has, as that lives on.
  "IAM Identity Center": [0, /^$/],
  // It does not read again.
  "aws login": [1, /Your session has expired/],
};

/**
 * Holds the refreshes until one of the SDK and one of ours have come: both have read the same refresh token by then. Where
 * the SDK is the first, ours goes on once it has written the file, which a busy machine may take its time for.
 */
class Meeting {
  readonly #first: First;
  readonly #came = { theirs: Promise.withResolvers<void>(), ours: Promise.withResolvers<void>() };
  readonly #served = Promise.withResolvers<void>();

  constructor(first: First) {
    this.#first = first;
  }

  async pass(request: Request, handle: StsEmulator["handle"]): Promise<Response> {
    const who = /aws-sdk-js/.test(request.headers.get("user-agent") ?? "") ? "theirs" : "ours";
    this.#came[who].resolve();
    await Promise.all([this.#came.theirs.promise, this.#came.ours.promise]);
    if (who !== this.#first) await this.#served.promise;
    const response = await handle(request);
    if (who === this.#first && who === "ours") this.#served.resolve();
    return response;
  }

  /** All of them have ended: who is still held need not wait for them. */
  end(who: First): void {
    this.#came[who].resolve();
    if (who === this.#first) this.#served.resolve();
  }
}

for (const kind of Object.keys(sdks) as (keyof typeof signIns)[]) {
  for (const first of ["theirs", "ours"] as const) {
    const needsNode = kind === "IAM Identity Center";
    const why = skipped || needsNode ? missing : undefined;
    Deno.test({
      name:
        `${count} processes and the SDK for JavaScript refresh ${kind} at once, and lose no token ` +
        `where ${first} comes first` + (why === undefined ? "" : ` (left out: ${why})`),
      ignore: why !== undefined,
      fn: () => refreshAtOnce(kind, first),
    });
  }
}

async function refreshAtOnce(kind: keyof typeof signIns, first: First): Promise<void> {
  const meeting = new Meeting(first);
  let isOver = false;
  await using made = await startSignInHome(kind, leftSeconds, async (request, handle) => {
    const isRefresh = /\/token$/.test(new URL(request.url).pathname);
    return await (isRefresh && !isOver ? meeting.pass(request, handle) : handle(request));
  });
  const { emulator } = made;
  const { refresh } = signIns[kind];
  const processes = Array.from({ length: count }, () => stsaval(made));
  const [theirs] = await Promise.all([
    sdks[kind](made).finally(() => meeting.end("theirs")),
    Promise.allSettled(processes).then(() => meeting.end("ours")),
  ]);
  await Promise.all(processes);
  const [code, words] = first === "theirs" ? [0, /^$/] as const : second[kind];
  assertEquals(theirs.code, code, theirs.stderr);
  assertMatch(theirs.stderr, words);
  const calls = emulator.count(refresh);
  assert(calls === 2, `${calls} calls`);
  isOver = true;
  await leave(made, 60);
  await stsaval(made);
  assertEquals(emulator.count(refresh), calls + 1);
  assertEquals(
    emulator.calls.filter(({ operation }) => operation === refresh).at(-1)?.outcome,
    "ok",
  );
  JSON.parse(await Deno.readTextFile(made.path));
}
