/**
 * Whether another program is stopped. The system says that something happened to a child; what, another program has to
 * look up, since `/proc` is closed to a program that may not do everything.
 *
 * @module
 */

import { abortable } from "../abortable.ts";

/** A shell that tells the state of each process whose number it is given. It outlives the signals of its terminal. */
const script = `trap '' HUP INT QUIT TERM TSTP USR1 USR2
while read -r pid; do
  state=
  if [ -r "/proc/$pid/status" ]; then
    while read -r key value _; do
      [ "$key" != State: ] || { state=$value; break; }
    done < "/proc/$pid/status"
  else
    state=$(ps -o stat= -p "$pid" 2>/dev/null)
  fi
  echo "\${state:-gone}"
done 2>/dev/null`;

/** Time for the news that a child has ended to come by the usual way, which starts no other program. */
const settleMs = 30;

/** Tells when a child is stopped. Disposing it ends the shell that it looks with. */
export class ChildWatch implements Disposable {
  #changed = Promise.withResolvers<void>();
  readonly #onChange = () => this.#changed.resolve();
  #shell: Deno.ChildProcess | undefined;

  /** From before the start of the child, so that nothing is missed. */
  constructor() {
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGCHLD", this.#onChange);
  }

  /** Settles when the process is stopped; rejects when the signal aborts, or where it cannot be told. */
  async stopped(pid: number, signal: AbortSignal): Promise<void> {
    while (true) {
      await abortable(() => this.#changed.promise, signal);
      await abortable(() => new Promise((resolve) => setTimeout(resolve, settleMs)), signal);
      this.#changed = Promise.withResolvers();
      if (/^[Tt]/.test(await abortable(() => this.#stateOf(pid), signal))) return;
    }
  }

  async #stateOf(pid: number): Promise<string> {
    this.#shell ??= new Deno.Command("/bin/sh", {
      args: ["-c", script],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = this.#shell.stdin.getWriter();
    const reader = this.#shell.stdout.getReader();
    try {
      await writer.write(new TextEncoder().encode(`${pid}\n`));
      return new TextDecoder().decode((await reader.read()).value);
    } finally {
      writer.releaseLock();
      reader.releaseLock();
    }
  }

  /** Looks no longer. */
  [Symbol.dispose](): void {
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGCHLD", this.#onChange);
    if (this.#shell !== undefined) sendSignal(this.#shell, "SIGKILL");
  }
}

/** Sends the signal; nothing happens where the program has ended. False where another user runs it. */
export function sendSignal(child: Deno.ChildProcess, signal: Deno.Signal): boolean {
  try {
    child.kill(signal);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    // Its end has been noticed, or has not been yet.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  return true;
}
