/**
 * Helpers: shells that do, on request, what this program has dropped the permission for.
 *
 * @module
 */

import type { Helper, Helpers } from "../system.ts";
import { childOf, spawn } from "./processes.ts";

const program = "/bin/sh";

/** The port `Helpers`. */
export const helpers: Helpers = {
  program,
  start(script, words = [], { stderr } = {}) {
    return helperOf(spawn(program, {
      args: ["-c", script, "stsaval", ...words],
      ...{ stdin: "piped", stdout: "piped" },
      stderr: stderr ?? "null",
    }));
  },
};

function helperOf(child: Deno.ChildProcess): Helper {
  const encoder = new TextEncoder();
  const writer = child.stdin.getWriter();
  return {
    ...childOf(child),
    stdout: child.stdout,
    // Whoever reads its output sees that it has ended.
    send: (text) => writer.write(encoder.encode(text)).catch(() => {}),
    close: () => writer.close().catch(() => {}),
  };
}
