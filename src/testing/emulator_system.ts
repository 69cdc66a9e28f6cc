/**
 * An emulator in place of the outside world: for tests of programs that use stsaval.
 *
 * @module
 */

import type { System } from "../system.ts";
import type { StsEmulator } from "./emulator.ts";
import { formatSampleHome } from "./world/sample_home.ts";

const home = "/home/emulator";

/**
 * What to give a `StsCore` as its `system`: calls go to the emulator, the profiles are those of its world, and nothing
 * else is read or written, not even the environment. No permission is needed but `--allow-env` for the names that the
 * AWS SDK asks for.
 */
export function emulatorSystem(
  emulator: StsEmulator,
): Pick<System, "env" | "files" | "network"> {
  const { config, credentials } = formatSampleHome(emulator.world, { url: "http://127.0.0.1" });
  const files = new Map([
    [`${home}/.aws/config`, config],
    [`${home}/.aws/credentials`, credentials],
  ]);
  const refuse = () => Promise.reject(new Error("the emulator's home cannot be written to"));
  return {
    env: { get: (name) => name === "HOME" ? home : undefined },
    files: {
      readText: (path) => Promise.resolve(files.get(path)),
      facts: () => Promise.resolve(undefined),
      target: (path) => Promise.resolve(path),
      list: () => Promise.resolve([]),
      replaceText: refuse,
      remove: refuse,
      lock: refuse,
    },
    network: { fetch: emulator.handle, serve: refuse },
  };
}
