/**
 * `SHA256SUMS`, in the format of sha256sum.
 *
 * @module
 */

import { hex } from "../compile/sbom.ts";

/** The text with the checksum of one file, replacing an older one. */
export function withSum(sums: string, name: string, digest: string): string {
  const others = sums.split("\n").filter((line) => line !== "" && !line.endsWith(`  ${name}`));
  return [...others, `${digest}  ${name}`, ""].join("\n");
}

/** Adds the checksums of files in a folder to its `SHA256SUMS`. */
export async function addSums(folder: string, names: readonly string[]): Promise<void> {
  const path = `${folder}/SHA256SUMS`;
  let sums = await Deno.readTextFile(path).catch(() => "");
  for (const name of names) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    sums = withSum(sums, name, hex(digest));
  }
  await Deno.writeTextFile(path, sums);
}
