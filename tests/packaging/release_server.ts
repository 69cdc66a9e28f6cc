/**
 * A release on this machine: the files that `install.sh` downloads, with a stand-in for the program.
 *
 * @module
 */

import { programName, targets } from "../../scripts/compile/targets.ts";

/** A stand-in that answers as `install.sh` asks. */
export const standIn = `#!/bin/sh
case "$*" in
    --version) echo "stsaval 9.9.9" ;;
    "help --man") echo "the man page" ;;
    "help --process-script") echo "the script" ;;
    "completion "*) echo "the completion for $2" ;;
    *) exit 2 ;;
esac
`;

/** The files of a release by their names, and the server that has them. */
export interface Release extends AsyncDisposable {
  /** What `STSAVAL_DOWNLOAD_URL` takes. */
  readonly url: string;
  readonly files: Map<string, string>;
  /** The paths that were asked for. */
  readonly asked: string[];
}

/** Serves a release with the stand-in for every target. */
export async function serveRelease(program: string = standIn): Promise<Release> {
  const names = targets.map(programName);
  const digest = await sha256(program);
  const files = new Map(names.map((name) => [name, program]));
  files.set("SHA256SUMS", names.map((name) => `${digest}  ${name}\n`).join(""));
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    const text = files.get(pathname.replace(/^.*\//, ""));
    return text === undefined ? new Response("no", { status: 404 }) : new Response(text);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/releases`,
    files,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
