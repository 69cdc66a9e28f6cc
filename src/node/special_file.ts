/**
 * Reading what is no file on a disk: pipes, devices, standard input.
 *
 * @module
 */

import { createReadStream } from "node:fs";

/** No configuration is as large; a device such as /dev/zero has no end. */
const mostBytes = 64 * 1024 * 1024;

const texts = new Map<string, Promise<string>>();

/** The text of what is there, read once for as long as the program runs, since it cannot be read again. */
export function readSpecialFile(path: string): Promise<string> {
  const text = texts.get(path) ?? readAll(path);
  texts.set(path, text);
  return text;
}

async function readAll(path: string): Promise<string> {
  // The usual name for no file at all.
  if (path === "/dev/null") return "";
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let size = 0;
  for await (const part of createReadStream(path)) {
    size += part.length;
    if (size > mostBytes) throw new Error("it has no end");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
