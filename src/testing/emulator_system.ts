/**
 * An emulator behind stsaval's ports: for tests of programs that use stsaval.
 *
 * @module
 */

import type { System } from "../system.ts";
import type { StsEmulator } from "./emulator.ts";
import { formatSampleHome } from "./world/sample_home.ts";

const home = "/home/emulator";

/**
 * The `system` of a `StsCore` under test: calls go to the emulator, the profiles are those of its world, and nothing else
 * is read or written, not even the environment. The only permission needed is `--allow-env` for the names that the AWS
 * SDK reads.
 */
export function emulatorSystem(
  emulator: StsEmulator,
): Pick<System, "env" | "files" | "network"> {
  const { config, credentials } = formatSampleHome(emulator.world, { url: "http://127.0.0.1" });
  const files = new Map([
    [`${home}/.aws/config`, config],
    [`${home}/.aws/credentials`, credentials],
  ]);
  const fail = () => Promise.reject(new Error("the emulator's home cannot be written to"));
  return {
    env: { get: (name) => name === "HOME" ? home : undefined },
    files: {
      readText: (path) => Promise.resolve(files.get(path)),
      facts: () => Promise.resolve(undefined),
      target: (path) => Promise.resolve(path),
      list: () => Promise.resolve([]),
      replaceText: fail,
      remove: fail,
      lock: fail,
    },
    network: { fetch: emulator.handle, serve: fail },
  };
}
