/**
 * `SHA256SUMS`, in the format of sha256sum.
 *
 * @module
 */

import { hex } from "./sbom.ts";

/** The text with the checksum of one file, replacing an older one. */
export function withSum(sums: string, name: string, digest: string): string {
  const others = sums.split("\n").filter((line) => line !== "" && !line.endsWith(`  ${name}`));
  return [...others, `${digest}  ${name}`, ""].join("\n");
}

/** The text without files that no longer exist: `sha256sum --check` would fail on them. */
export function withoutMissing(sums: string, present: ReadonlySet<string>): string {
  return sums.split(/(?<=\n)/).filter((line) => present.has(line.trimEnd().replace(/^\S+ {2}/, "")))
    .join("");
}

/** Adds the checksums of files in a folder to its `SHA256SUMS`; those of other files that exist stay. */
export async function addSums(folder: string, names: readonly string[]): Promise<void> {
  const path = `${folder}/SHA256SUMS`;
  const present = new Set((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name));
  let sums = withoutMissing(await readIfPresent(path), present);
  for (const name of names) {
    sums = withSum(sums, name, await digestOf(await Deno.readFile(`${folder}/${name}`)));
  }
  await Deno.writeTextFile(path, sums);
}

/** The SHA-256 digest in hexadecimal. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
