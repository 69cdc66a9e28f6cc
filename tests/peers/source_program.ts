/**
 * stsaval as a program, run from source.
 *
 * @module
 */

const cli = new URL("../../cli.ts", import.meta.url).pathname;

/** The arguments with which Deno runs stsaval from source. */
export function sourceArgs(words: readonly string[]): string[] {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net=127.0.0.1"];
  return ["run", "--no-prompt", ...permissions, cli, ...words];
}

/** Deno's own folder, so that another HOME does not make it load everything again. */
export function denoFolder(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
