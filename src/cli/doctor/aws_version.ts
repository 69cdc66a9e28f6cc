/**
 * Which AWS CLI is installed, by what it says itself.
 *
 * @module
 */

import type { Invocation } from "../command.ts";

/** Python takes its time to start. */
const timeoutMs = 10_000;
/** One line is expected. */
const mostCharacters = 1_000;

/** Major and minor version of `aws`; undefined where there is none, or it may not be run. */
export async function awsVersion(
  { signal, system: { clock, processes } }: Pick<Invocation, "signal" | "system">,
): Promise<readonly number[] | undefined> {
  try {
    const child = processes.startPiped(["aws", "--version"]);
    const done = new AbortController();
    const ended = AbortSignal.any([signal, done.signal]);
    const late = clock.sleep(timeoutMs, { signal: ended, keepAlive: false }).then(() => {
      child.kill("SIGKILL");
      return "";
    });
    late.catch(() => {});
    try {
      const text = await Promise.race([readText(child.stdout), late]);
      const [, major, minor] = /^aws-cli\/(\d+)\.(\d+)/.exec(text) ?? [];
      return major === undefined ? undefined : [Number(major), Number(minor)];
    } finally {
      done.abort();
    }
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) {
    text += decoder.decode(part, { stream: true });
    if (text.length > mostCharacters) break;
  }
  return text;
}
