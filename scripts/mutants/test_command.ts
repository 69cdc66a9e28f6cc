/**
 * Runs tests in a copy of the project, with the permissions of their task and a time limit.
 *
 * @module
 */

/** How tests ended, and what they printed. */
export interface TestResult {
  readonly outcome: "passed" | "failed" | "hung";
  readonly printed: string;
}

/** The words of a task's command, without the shell's quotes. */
export function commandWords(command: string): readonly string[] {
  return (command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [])
    .map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

/** The arguments that run some tests as their task does; types are not checked again for each mutant. */
export function testArguments(command: string, files: readonly string[]): readonly string[] {
  // A task of one folder names it last.
  const words = commandWords(command).slice(1).filter((word) => !/^tests\/\w+$/.test(word));
  return [...words, "--quiet", "--no-check", "--fail-fast", ...files];
}

/** Runs tests in a folder, and kills them when the time is over. */
export async function runTests(
  folder: string,
  args: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<TestResult> {
  signal.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A process group of its own, so that the programs which tests have started end with them.
    detached: true,
  }).spawn();
  let hung = false;
  // SIGKILL, since what loops handles no other signal.
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    hung = true;
    kill();
  }, limitMs);
  signal.addEventListener("abort", kill);
  try {
    const { success, stdout, stderr } = await child.output();
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    return {
      outcome: hung ? "hung" : success ? "passed" : "failed",
      printed: decoder.decode(stdout) + decoder.decode(stderr),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

/** Kills a process group; it may have ended by itself. */
function killGroup(leader: number): void {
  try {
    Deno.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
