/**
 * Real processes that want the same session at the same time: one asks, the others wait for it, and for whoever takes
 * over when it is killed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";

const waiterCount = 12;

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const why = skipped ? ", skipped: no other program may be run" : "";

Deno.test({
  name: `processes that wait for one another make one call${why}`,
  ignore: skipped,
  fn: () =>
    inFolder(async (folder) => {
      const holder = Peer.start(folder, "holder", "issue");
      await holder.says("fetching");
      const waiters = await startWaiters(folder, holder);
      await holder.answer();
      await holder.says("got ASIAholder");
      for (const waiter of waiters) await waiter.says("got ASIAholder");
      assertEquals(waiters.filter((waiter) => waiter.said("fetching")).length, 0);
    }),
});

Deno.test({
  name: `when the process that asks is killed, exactly one of those who wait takes over${why}`,
  ignore: skipped,
  fn: () =>
    inFolder(async (folder) => {
      const holder = Peer.start(folder, "holder", "issue");
      await holder.says("fetching");
      const waiters = await startWaiters(folder, holder);
      holder.kill();
      const successor = await Promise.any(waiters.map((waiter) => waiter.says("fetching")));
      await successor.answer();
      for (const waiter of waiters) await waiter.says(`got ASIA${successor.name}`);
      assertEquals(waiters.filter((waiter) => waiter.said("fetching")).length, 1);
    }),
});

Deno.test({
  name: `what STS refuses one process is refused to all who waited for it${why}`,
  ignore: skipped,
  fn: () =>
    inFolder(async (folder) => {
      const holder = Peer.start(folder, "holder", "refuse");
      await holder.says("fetching");
      const waiters = await startWaiters(folder, holder);
      await holder.answer();
      for (const peer of [holder, ...waiters]) await peer.says("refused for holder");
      assertEquals(waiters.filter((waiter) => waiter.said("fetching")).length, 0);
    }),
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-crash-" });
  try {
    await work(`${folder}/cache`);
  } finally {
    await Peer.endAll();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Processes that have all begun to wait for that one. */
async function startWaiters(folder: string, holder: Peer): Promise<readonly Peer[]> {
  const names = Array.from({ length: waiterCount }, (_, index) => `waiter${index + 1}`);
  const waiters = names.map((name) => Peer.start(folder, name, "issue"));
  const line = `waiting for process ${holder.pid}, which asks for a code`;
  await Promise.all(waiters.map((waiter) => waiter.says(line)));
  return waiters;
}

/** A process, and what it has said so far. */
class Peer {
  static readonly #all: Peer[] = [];
  readonly name: string;
  readonly #answer: string;
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #text = "";
  #changed = Promise.withResolvers<void>();
  #ended = false;

  static start(folder: string, name: string, answer: string): Peer {
    const peer = new Peer(folder, name, answer);
    Peer.#all.push(peer);
    return peer;
  }

  static async endAll(): Promise<void> {
    for (const peer of Peer.#all.splice(0)) await peer.#end();
  }

  private constructor(folder: string, name: string, answer: string) {
    const program = new URL("session_process.ts", import.meta.url).pathname;
    this.name = name;
    this.#answer = answer;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-read", "--allow-write", program, folder, name],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#child.pid;
  }

  said(line: string): boolean {
    return this.#text.split("\n").slice(0, -1).includes(line);
  }

  /** Resolves with itself when it has said the line; rejects when it ends without. */
  async says(line: string): Promise<Peer> {
    while (!this.said(line)) {
      assert(!this.#ended, `${this.name} ended without "${line}": ${this.#text}`);
      await this.#changed.promise;
    }
    return this;
  }

  /** Lets STS answer. */
  async answer(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(this.#answer));
    await writer.close();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#tell(() => this.#text += text);
    }
    this.#tell(() => this.#ended = true);
  }

  #tell(change: () => void): void {
    change();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #end(): Promise<void> {
    if (!this.#ended) this.kill();
    await this.#child.status;
    await this.#reading;
    await this.#child.stdin.close().catch(() => {});
  }
}
