/**
 * What a program used: Deno does not tell it of a child, so that a line of Python waits for it.
 *
 * @module
 */

/** Wall and processor time in milliseconds, and the most memory in MiB. */
export interface Usage {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

const wait = `
import json, os, sys, time
begun = time.perf_counter()
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
wall = (time.perf_counter() - begun) * 1000
cpu = (used.ru_utime + used.ru_stime) * 1000
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"wall": wall, "cpu": cpu, "memory": used.ru_maxrss / 1024, "code": code}))
`;

/**
 * Runs a program in a home; what it prints is thrown away.
 *
 * @throws {Error} when it fails, with what it wrote to standard error
 */
export async function usageOf(
  words: readonly string[],
  { path, env }: { readonly path: string; readonly env: Readonly<Record<string, string>> },
): Promise<Usage> {
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", wait, ...words],
    cwd: path,
    env: { ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  const [text, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const { code, ...usage } = JSON.parse(text || '{"code":-1}');
  if (code === 0) return usage;
  throw new Error(`${words[0]} ended with ${code}: ${error?.trim().slice(0, 300)}`);
}
