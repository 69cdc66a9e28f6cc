/**
 * Running the programs that make packages.
 *
 * @module
 */

/** What is set for a program. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it runs in. */
  readonly cwd?: string;
}

/**
 * Its standard output, without the line break at its end.
 *
 * @throws {Error} with what it said, if it fails
 */
export async function output(
  [program = "", ...args]: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, ...options })
    .output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(
    `${program} ${args[0]} failed:\n${
      decoder.decode(stderr).trim() || decoder.decode(stdout).trim()
    }`,
  );
}
