/**
 * The modes of files and folders that were just created: a umask can take bits away that their owner needs.
 *
 * @module
 */

/** Gives the owner of a new file the bits of the mode that the umask took. */
export async function setMode(
  path: string,
  mode: number,
  file: Pick<Deno.FsFile, "stat">,
): Promise<void> {
  const found = (await file.stat()).mode;
  if (found !== null && (found & mode) !== mode) await changeMode(path, mode);
}

/** Makes a folder, and those above it that are missing, all with this mode. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const parent = path.replace(/\/+[^/]*\/*$/, "");
  try {
    await Deno.mkdir(path, { mode });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (!(error instanceof Deno.errors.NotFound) || parent === "" || parent === path) throw error;
    if (!await makeParent(parent, mode)) return await Deno.mkdir(path, { mode, recursive: true });
    return await makeFolder(path, mode);
  }
  await changeMode(path, mode);
}

/** False if only the folder below it may be made: Deno makes what is above a permitted folder by itself. */
async function makeParent(path: string, mode: number): Promise<boolean> {
  try {
    await makeFolder(path, mode);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** File systems without modes refuse: what the file was created with is then all there is. */
async function changeMode(path: string, mode: number): Promise<void> {
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode).catch(() => {});
}
