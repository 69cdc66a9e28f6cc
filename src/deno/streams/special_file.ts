/**
 * Reading what is no file on a disk: pipes, devices, standard input. To open a pipe is to wait for its writer, and a
 * thread that waits so sees no signal; so another thread does.
 *
 * @module
 */

import { readStdin, stdinNames } from "./stdin.ts";

/** No configuration is as large; a device such as /dev/zero has no end. */
const mostBytes = 64 * 1024 * 1024;

const texts = new Map<string, Promise<string>>();

/** The text of what is there, read once for as long as the program runs. */
export function readSpecialFile(path: string): Promise<string> {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const text = stdinNames.includes(path) ? readStdin() : readInWorker(path);
  texts.set(path, text);
  return text;
}

async function readInWorker(path: string): Promise<string> {
  if (typeof Worker === "undefined") {
    throw new Error("it is a pipe or a device, and those are opened only at the start");
  }
  const code = `onmessage = ${readAll}`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  worker.postMessage({ path, mostBytes } satisfies Question);
  try {
    return textOf(await promise);
  } finally {
    worker.terminate();
  }
}

interface Question {
  readonly path: string;
  readonly mostBytes: number;
}

/** The bytes, or the name and the message of an error: errors lose their class on the way from a worker. */
type Answer = { readonly bytes: Uint8Array } | { readonly name: string; readonly message: string };

function textOf(answer: Answer): string {
  if ("bytes" in answer) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(answer.bytes);
  const { name, message } = answer;
  const known = Object.entries(Deno.errors).find(([key]) => key === name)?.[1];
  throw known === undefined ? new Error(message) : new known(message);
}

/** Runs in the worker, as text: it can use nothing of this module. */
function readAll({ data }: { readonly data: Question }): void {
  const post = (answer: Answer) => (globalThis as unknown as Worker).postMessage(answer);
  try {
    const file = Deno.openSync(data.path);
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let count: number | null = 0; count !== null;) {
      const buffer = new Uint8Array(65_536);
      count = file.readSync(buffer);
      parts.push(buffer.subarray(0, count ?? 0));
      size += count ?? 0;
      if (size > data.mostBytes) throw new Error("it has no end");
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    post({ bytes });
  } catch (error) {
    post(
      error instanceof Error ? { name: error.name, message: error.message } : {
        name: "Error",
        message: String(error),
      },
    );
  }
}
