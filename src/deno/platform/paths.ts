/**
 * How systems write paths. Inside the program a path has "/", which Windows takes too.
 *
 * @module
 */

type SystemName = typeof Deno.build.os;

/** The path with "/"; elsewhere than on Windows a backslash is part of a name. */
export function slashed(path: string, os: SystemName = Deno.build.os): string {
  return os === "windows" ? path.replaceAll("\\", "/") : path;
}

/** What an absolute path begins with, such as "/", "C:/" or "//server/share/"; empty for a relative one. */
export function rootOf(path: string, os: SystemName = Deno.build.os): string {
  if (os !== "windows") return path.startsWith("/") ? "/" : "";
  return /^(?:[A-Za-z]:\/|\/\/[^/]+\/[^/]+(?:\/|$)|\/)/.exec(slashed(path, os))?.[0] ?? "";
}

/** The folders of `PATH` that may hold a program, which is looked for only if it is a name alone. */
export function searchedFolders(
  program: string,
  path: string,
  os: SystemName = Deno.build.os,
): readonly string[] {
  if (program === "" || slashed(program, os).includes("/")) return [];
  return path.split(os === "windows" ? ";" : ":").filter((folder) => folder !== "");
}

/** What starts helpers. */
export const shell = "/bin/sh";

/** Whether the system has it. Without it, what helpers would do is left to this program, or is not done. */
export function hasShell(os: SystemName = Deno.build.os): boolean {
  return os !== "windows";
}
