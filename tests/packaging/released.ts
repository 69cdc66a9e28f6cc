/**
 * A release that was not made: names and sums of the programs of every target.
 *
 * @module
 */

import { writeChannels } from "../../scripts/package/channels.ts";
import { describeRelease, type Release } from "../../scripts/package/release.ts";
import { programName, targets } from "../../scripts/compile/targets.ts";
import { type Ended, isInstalled } from "../peers/stsaval_process.ts";

/** `SHA256SUMS` of it: each digest is another. */
export const sums = targets.map((target, index) =>
  `${index.toString(16).repeat(64)}  ${programName(target)}\n`
).join("");

/** The release. */
export const release: Release = describeRelease(sums, "1.2.3");

/** The files of all channels in a folder, which is removed at the end. */
export async function channelFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-channels-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  await writeChannels(folder, release);
  return folder;
}

/** What a program said, and how it ended. */
export async function run(
  program: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, { ...options, args: [...args] })
    .output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A test that needs programs; where one is missing, its name says which. */
export async function testWith(
  programs: readonly string[],
  name: string,
  fn: () => Promise<void>,
): Promise<void> {
  const found = await Promise.all(programs.map(isInstalled));
  const missing = programs.find((_, index) => !found[index]);
  const why = missing === undefined ? "" : `, skipped: ${missing} is not installed`;
  Deno.test({ name: `${name}${why}`, ignore: missing !== undefined, fn });
}
