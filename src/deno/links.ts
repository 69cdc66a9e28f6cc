/**
 * Resolving symbolic links, except those that another user may have planted.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import { ownUid } from "./permissions/user.ts";

/** The folder of a path, with its slash; empty for a name alone. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Deno follows no link that leads to nothing where files are allowed by name, and calls it a circle. */
export async function dangles(path: string, error: unknown): Promise<boolean> {
  if (!(error instanceof Deno.errors.FilesystemLoop)) return false;
  return await followLinks(path).then((target) => target !== path, () => false);
}

/** Linux follows as many. */
const mostLinks = 40;

/**
 * Where a chain of links ends, whether it exists or not, so that a linked file stays linked when it is replaced.
 *
 * @throws {StsavalError} when one of the links, including those of folders, may be another user's trap
 */
export async function linkTarget(path: string): Promise<string> {
  const real = await Deno.realPath(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  return real === path ? path : await followLinks(path);
}

/** The target; the path itself if it cannot be resolved: opening it will report why. */
export async function targetOrPath(path: string): Promise<string> {
  try {
    return await linkTarget(path);
  } catch (error) {
    if (error instanceof StsavalError) throw error;
    return path;
  }
}

async function followLinks(path: string): Promise<string> {
  let rest = path.split("/");
  let reached = path.startsWith("/") ? "/" : "";
  for (let links = 0; rest.length > 0;) {
    const name = rest.shift() ?? "";
    if (name === "" || name === ".") continue;
    const next = name === ".." ? parentOf(reached) : `${reached}${name}`;
    const facts = name === ".." ? undefined : await lookAt(next);
    if (facts === "missing") return next + rest.map((part) => `/${part}`).join("");
    if (facts?.isSymlink !== true) {
      reached = next === "" || next.endsWith("/") ? next : `${next}/`;
      continue;
    }
    if (++links > mostLinks) throw new Deno.errors.FilesystemLoop(`too many links: ${path}`);
    await checkLink(next, reached, facts.uid, path);
    const target = await Deno.readLink(next);
    if (target.startsWith("/")) reached = "/";
    rest = target.split("/").concat(rest);
  }
  return reached.replace(/(?<=.)\/$/, "") || ".";
}

/** With its slash, as `reached` is; empty where a relative path begins. */
function parentOf(reached: string): string {
  if (reached === "/") return "/";
  return reached === "" || reached.endsWith("../")
    ? `${reached}../`
    : reached.replace(/[^/]+\/$/, "");
}

/** What is at the path itself; undefined if it may not be examined: then it cannot be written either. */
async function lookAt(path: string): Promise<Deno.FileInfo | "missing" | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    const { NotFound, NotADirectory, NotCapable } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return "missing";
    if (error instanceof NotCapable) return undefined;
    throw error;
  }
}

/**
 * Rejects a link in a sticky or world-writable folder, unless it is our own or belongs to the folder's owner: anyone can
 * create one there, to have a file of ours replaced or removed. The kernel's `protected_symlinks` has the same rule, but
 * applies when a path is opened, and resolving the path first bypasses it.
 */
async function checkLink(
  link: string,
  folder: string,
  owner: number | null,
  path: string,
): Promise<void> {
  const facts = await lookAt(folder === "" ? "." : folder);
  if (facts === undefined || facts === "missing" || facts.mode === null) return;
  if ((facts.mode & 0o1002) === 0 || owner === facts.uid || owner === ownUid()) return;
  const named = link === path ? "it is" : `"${link}" is`;
  throw new StsavalError(
    "FAILED",
    `Cannot use "${path}": ${named} another user's link, in a folder that others can write to`,
    {
      hint: ownUid() === undefined
        ? "name the file itself; if the link is yours, run stsaval with --allow-sys=uid"
        : "check where it leads, and name the file itself",
    },
  );
}
