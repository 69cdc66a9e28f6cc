/**
 * Runs tests in a copy of the project, with the permissions of `deno task test` and a time limit.
 *
 * @module
 */

/** How tests ended. */
export type TestOutcome = "passed" | "failed" | "hung";

/** The words of a task's command, without the shell's quotes. */
export function commandWords(command: string): readonly string[] {
  return (command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [])
    .map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

/** The arguments that run some tests as `deno task test` does; types are not checked again for each mutant. */
export function testArguments(command: string, files: readonly string[]): readonly string[] {
  const [, ...words] = commandWords(command);
  return [...words, "--quiet", "--no-check", "--fail-fast", ...files];
}

/** Runs tests in a folder, and kills them when the time is over. */
export async function runTests(
  folder: string,
  args: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<TestOutcome> {
  signal.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let hung = false;
  // SIGKILL, since what loops handles no other signal.
  const kill = () => child.kill("SIGKILL");
  const timer = setTimeout(() => {
    hung = true;
    kill();
  }, limitMs);
  signal.addEventListener("abort", kill);
  try {
    const { success } = await child.status;
    signal.throwIfAborted();
    return hung ? "hung" : success ? "passed" : "failed";
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}
