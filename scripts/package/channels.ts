/**
 * The channels: one table. Each makes its files from the description of a release, with paths as in the repository that
 * they go to.
 *
 * @module
 */

import { aqua } from "./channels/aqua.ts";
import { container } from "./channels/container.ts";
import { homebrew } from "./channels/homebrew.ts";
import { mise } from "./channels/mise.ts";
import { nix } from "./channels/nix.ts";
import { scoop } from "./channels/scoop.ts";
import { winget } from "./channels/winget.ts";
import type { Release } from "./release.ts";

/** A way to install the program. */
export interface Channel {
  /** Its folder. */
  readonly name: string;
  /** Its files: texts by their paths. */
  files(release: Release): Readonly<Record<string, string>>;
}

/** The rows. */
export const channels: readonly Channel[] = [homebrew, aqua, mise, winget, scoop, nix, container];

/** Writes the files of every channel into a folder of its own, and returns their paths. */
export async function writeChannels(folder: string, release: Release): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const channel of channels) {
    for (const [name, text] of Object.entries(channel.files(release))) {
      const path = `${folder}/${channel.name}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, text);
      paths.push(path);
    }
  }
  return paths;
}
