/**
 * `SHA256SUMS`, as sha256sum reads it.
 *
 * @module
 */

import { hex } from "../compile/sbom.ts";

/** The text with the sum of one file in it, in place of an older one. */
export function withSum(sums: string, name: string, digest: string): string {
  const others = sums.split("\n").filter((line) => line !== "" && !line.endsWith(`  ${name}`));
  return [...others, `${digest}  ${name}`, ""].join("\n");
}

/** Puts the sums of files in a folder into its `SHA256SUMS`. */
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
