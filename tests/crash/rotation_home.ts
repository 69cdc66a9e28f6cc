/**
 * A home whose user has sealed keys, for rotations by real processes: with an emulator that may kill the process at a call.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";
import { newIdentity } from "../../src/store/age_file.ts";
import type { SealedKeys } from "../../src/store/port.ts";
import { formatSealedKeys, parseSealedKeys } from "../../src/store/sealed_keys.ts";
import { createSealedStore } from "../../src/store/sealed_store.ts";
import {
  createStsEmulator,
  type EmulatorUser,
  type IamSettings,
  sampleWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import {
  type Ended,
  type Home,
  makeHome,
  startIn,
  stsavalWords,
} from "../peers/stsaval_process.ts";

/** A call at which the process is killed. */
export interface KillPoint {
  /** The operation, such as "CreateAccessKey". */
  readonly operation: string;
  /** Which of its calls: the first is 0. */
  readonly call: number;
  /** Before AWS has seen the call, or before the process has seen the response. */
  readonly when: "before" | "after";
}

/** The home, and what can be done in it. */
export interface RotationHome extends AsyncDisposable {
  readonly home: Home;
  readonly emulator: StsEmulator;
  readonly user: EmulatorUser;
  /** What is sealed now. */
  sealed(): Promise<SealedKeys>;
  /** Runs `stsaval keys rotate`; "killed" where it was. */
  rotate(options?: {
    readonly kill?: KillPoint;
    readonly words?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** The program; default: from source. */
    readonly program?: string;
  }): Promise<Ended | "killed">;
}

const profile = "kim";

/** Seals the keys of the sample user for an identity file. */
export async function rotationHome(iam: Partial<IamSettings> = {}): Promise<RotationHome> {
  const world = sampleWorld();
  const [user] = world.users;
  if (user?.mfa === undefined) throw new Error("the sample user has a device");
  const emulator = createStsEmulator({ world, iam });
  const killer = new Killer();
  const { serial } = user.mfa;
  const home = await makeHome((request) => killer.handle(request, emulator.handle), (url) => ({
    ".aws/config": `[profile ${profile}]\nsealed_keys = identity:~/key.txt\n` +
      `mfa_serial = ${serial}\nregion = us-east-1\nendpoint_url = ${url}\n`,
    "key.txt": "",
  }));
  const keyPath = `${home.path}/key.txt`;
  await Deno.writeTextFile(keyPath, `${await newIdentity()}\n`);
  await Deno.chmod(keyPath, 0o600);
  const env = { get: (name: string) => name === "HOME" ? home.path : undefined };
  const { signal } = new AbortController();
  const store = createSealedStore({ system: { ...denoSystem, env }, signal }, {
    ...{ name: "identity", argument: keyPath },
  });
  const name = { kind: "keys", profile } as const;
  const { accessKeyId, secretAccessKey } = user;
  await store.write(
    name,
    formatSealedKeys({ version: 1, keys: [{ accessKeyId, secretAccessKey, state: "current" }] }),
  );
  return {
    ...{ home, emulator, user },
    sealed: async () => parseSealedKeys(await store.read(name) ?? "", "the sealed file"),
    async rotate({ kill, words = [], env = {}, program } = {}) {
      const all = ["keys", "rotate", profile, ...words];
      const line = program === undefined ? stsavalWords(all) : [program, ...all];
      const child = startIn(home, line, env);
      killer.aim(child, kill);
      const { code, stdout, stderr } = await child.output();
      await child.stdin.close().catch(() => {});
      const decoder = new TextDecoder();
      if (killer.hasKilled) return "killed";
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Kills a process at one of its calls. */
class Killer {
  #child: Deno.ChildProcess | undefined;
  #point: KillPoint | undefined;
  #calls = 0;
  hasKilled = false;

  /** From now on the calls are those of this process. */
  aim(child: Deno.ChildProcess, point: KillPoint | undefined): void {
    this.#child = child;
    this.#point = point;
    this.#calls = 0;
    this.hasKilled = false;
  }

  async handle(original: Request, handle: StsEmulator["handle"]): Promise<Response> {
    const { method, headers, url } = original;
    const body = await original.text();
    const request = new Request(url, { method, headers, ...(method === "GET" ? {} : { body }) });
    const isHit = this.#isHit(body);
    if (isHit && this.#point?.when === "before") return await this.#kill();
    const response = await handle(request);
    return isHit ? await this.#kill() : response;
  }

  #isHit(body: string): boolean {
    const operation = new URLSearchParams(body).get("Action");
    return operation === this.#point?.operation && this.#calls++ === this.#point?.call;
  }

  async #kill(): Promise<Response> {
    this.hasKilled = true;
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    return new Response(null, { status: 503 });
  }
}
