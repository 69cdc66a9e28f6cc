/**
 * Where a chain of symbolic links ends, for the adapters; links that another user may have planted are rejected.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";

/** What is known of a path itself, links not followed. */
export interface LinkFacts {
  readonly isSymlink: boolean;
  /** The permission bits; null if the system has none. */
  readonly mode: number | null;
  /** The owner's id; null if the system has none. */
  readonly uid: number | null;
}

/** What an adapter finds at a path. */
type Found = LinkFacts | "missing" | undefined;

/** How an adapter looks at paths. */
export interface LinkReader {
  /** Undefined if the path may not be examined: then it cannot be written either. */
  lookAt(path: string): Found | Promise<Found>;
  /** What a link holds. */
  readLink(path: string): string | Promise<string>;
  /** What an absolute path begins with, its slash included; empty for a relative one. Default: "/" alone. */
  rootOf?(path: string): string;
  /** The id of who runs the program; undefined if it is not known. */
  ownUid(): number | undefined;
  /** The runtime's own error for a chain that does not end. */
  tooManyLinks(path: string): Error;
}

/** Linux follows as many. */
const mostLinks = 40;

/**
 * Follows the links of a path, those of its folders included.
 *
 * @throws {StsavalError} when one of the links may be another user's trap
 */
export async function followLinks(path: string, reader: LinkReader): Promise<string> {
  const rootOf = reader.rootOf ?? onlyRoot;
  let reached = rootOf(path);
  let rest = path.slice(reached.length).split("/");
  for (let links = 0; rest.length > 0;) {
    const name = rest.shift() ?? "";
    if (name === "" || name === ".") continue;
    const next = name === ".." ? parentOf(reached, rootOf) : `${reached}${name}`;
    const facts = name === ".." ? undefined : await reader.lookAt(next);
    if (facts === "missing") return next + rest.map((part) => `/${part}`).join("");
    if (facts?.isSymlink !== true) {
      reached = next === "" || next.endsWith("/") ? next : `${next}/`;
      continue;
    }
    if (++links > mostLinks) throw reader.tooManyLinks(path);
    await checkLink({ link: next, folder: reached, owner: facts.uid, path }, reader);
    const target = await reader.readLink(next);
    const root = rootOf(target);
    if (root !== "") reached = root;
    rest = target.slice(root.length).split("/").concat(rest);
  }
  if (reached === "") return ".";
  return reached === rootOf(reached) ? reached : reached.replace(/\/$/, "");
}

const onlyRoot = (path: string) => path.startsWith("/") ? "/" : "";

/** With its slash, as `reached` is; empty where a relative path begins. */
function parentOf(reached: string, rootOf: (path: string) => string): string {
  if (reached !== "" && reached === rootOf(reached)) return reached;
  return reached === "" || reached.endsWith("../")
    ? `${reached}../`
    : reached.replace(/[^/]+\/$/, "");
}

/** A link on the way. */
interface FoundLink {
  readonly link: string;
  /** Where it lies, with a slash at the end; empty for the working folder. */
  readonly folder: string;
  readonly owner: number | null;
  /** The path that led to it. */
  readonly path: string;
}

/**
 * Rejects a link in a sticky or world-writable folder, unless it is our own or belongs to the folder's owner: anyone can
 * create one there, to have a file of ours replaced or removed. The kernel's `protected_symlinks` has the same rule, but
 * applies when a path is opened, and resolving the path first bypasses it.
 */
async function checkLink(
  { link, folder, owner, path }: FoundLink,
  { lookAt, ownUid }: LinkReader,
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
