/**
 * A sealed store on a real disk with real programs, in a home folder of its own.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";
import { parseOpener } from "../../src/store/openers/opener_lines.ts";
import type { AskPassphrase } from "../../src/store/passphrase_port.ts";
import type { SealedStore } from "../../src/store/port.ts";
import { createSealedStore } from "../../src/store/sealed_store.ts";

/** A home folder that is gone afterwards. */
export interface StoreHome extends AsyncDisposable {
  readonly path: string;
  /** A store there; `typed` answers every prompt. */
  open(opener: string, typed?: string, display?: string): SealedStore;
  /** The path of the sealed file of a profile's keys. */
  fileOf(profile: string): string;
}

/** Makes one. */
export async function makeStoreHome(): Promise<StoreHome> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "stsaval-store-" }));
  return {
    path,
    open(opener, typed, display) {
      const known: Readonly<Record<string, string | undefined>> = {
        HOME: path,
        DISPLAY: display,
        WAYLAND_DISPLAY: undefined,
      };
      const get = (name: string) => name in known ? known[name] : Deno.env.get(name);
      const ask: AskPassphrase | undefined = typed === undefined
        ? undefined
        : () => Promise.resolve(typed);
      return createSealedStore({
        system: { ...denoSystem, env: { get } },
        ...{ ask, signal: new AbortController().signal },
        takeLock: (lock) => denoSystem.files.lock(lock, "test"),
      }, parseOpener(opener));
    },
    fileOf: (profile) => `${path}/.aws/stsaval/sealed/${profile}.keys.age`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** How a program ended, and all that it printed. */
export async function run(
  words: readonly string[],
  { input = "", env = {} }: {
    readonly input?: string | Uint8Array<ArrayBuffer>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<
  { readonly code: number; readonly text: string; readonly bytes: Uint8Array<ArrayBuffer> }
> {
  const [program = "", ...args] = words;
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(program, { args, env, ...streams }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input)
    .catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: decode(stdout) + decode(stderr), bytes: stdout };
}

/** In Python: `PASSPHRASE PROGRAM ARGUMENT…` types the passphrase whenever the program in its terminal asks for one. */
export const passphraseTypist = `
import os, pty, sys
passphrase, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, asked = b"", 0
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if seen.lower().count(b"passphrase") > asked and seen.rstrip().endswith(b":"):
        asked = seen.lower().count(b"passphrase")
        os.write(terminal, passphrase.encode() + b"\\n")
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
