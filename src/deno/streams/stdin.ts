/**
 * Standard input, which can be read once.
 *
 * @module
 */

/** Its names as a file, by which a program with few permissions may not open it. */
export const stdinNames: readonly string[] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

let text: Promise<string> | undefined;

/** All of standard input; the same text each time. */
export function readStdin(): Promise<string> {
  text ??= new Response(Deno.stdin.readable).text();
  return text;
}
