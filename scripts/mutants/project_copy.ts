/**
 * Copies of the project to try mutants in: the checkout itself is never changed.
 *
 * @module
 */

import { digestOf } from "../compile/sums.ts";

/** A copy in a folder for temporary files; disposing it removes it. */
export interface ProjectCopy extends AsyncDisposable {
  readonly folder: string;
}

/** The files of the project as they are now, those that are not committed yet included. */
export async function projectFiles(): Promise<readonly string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
  }).output();
  if (!success) throw new Error(`git ls-files failed: ${new TextDecoder().decode(stderr).trim()}`);
  const names = new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "");
  const present: string[] = [];
  for (const name of [...new Set(names)].sort()) {
    // A file that was removed and not committed is still listed.
    if (await isFile(name)) present.push(name);
  }
  return present;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Tells one state of the project from another: what was found in one says nothing about the other. */
export async function digestOfFiles(files: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const file of files) lines.push(`${await digestOf(await Deno.readFile(file))}  ${file}\n`);
  return await digestOf(Uint8Array.from(new TextEncoder().encode(lines.join(""))));
}

/** Copies the files. */
export async function copyProject(files: readonly string[]): Promise<ProjectCopy> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-mutants-" });
  for (const file of files) {
    await Deno.mkdir(`${folder}/${file}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.copyFile(file, `${folder}/${file}`);
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
