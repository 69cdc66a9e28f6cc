/**
 * Where the links of a path lead.
 *
 * @module
 */

/** The folder of a path, with its slash; empty for a name alone. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Deno follows no link that leads to nothing where files are allowed by name, and calls it a circle. */
export async function dangles(path: string, error: unknown): Promise<boolean> {
  if (!(error instanceof Deno.errors.FilesystemLoop)) return false;
  return await danglingTarget(path).then((target) => target !== path, () => false);
}

/** Where a chain of links ends, so that a linked file stays linked when it is replaced. */
export async function linkTarget(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await danglingTarget(path);
  }
}

/** Where a link leads whose target is not there yet; the path itself where it is no link. */
async function danglingTarget(path: string): Promise<string> {
  try {
    const target = await Deno.readLink(path);
    return await linkTarget(target.startsWith("/") ? target : `${folderOf(path)}${target}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

/** What cannot be followed is not there, or not to be had: whoever opens it will hear why. */
export function targetOrPath(path: string): Promise<string> {
  return linkTarget(path).catch(() => path);
}
