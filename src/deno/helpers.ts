/**
 * Helpers: shells that do, on request, what this program has dropped the permission for.
 *
 * @module
 */

import type { Helper, Helpers } from "../system.ts";
import { shell } from "./platform/paths.ts";
import { childOf, spawn } from "./processes.ts";

/** The port `Helpers`. */
export const helpers: Helpers = {
  program: shell,
  start(script, words = [], { stderr } = {}) {
    return helperOf(spawn(shell, {
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
