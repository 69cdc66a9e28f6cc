/**
 * Bundles modules with the Deno that runs this.
 *
 * @module
 */

/** What to bundle. */
export interface BundleOptions {
  /** The folder of the project's files. */
  readonly folder: string;
  /** The first modules. */
  readonly entries: readonly string[];
  /** The folder in it that the bundle goes into. */
  readonly out: string;
  /** Further options of `deno bundle`. */
  readonly options: readonly string[];
}

/**
 * Bundles and minifies. With "frozen", nothing goes in that the lock file does not pin. The maps tell which files code was
 * taken from.
 *
 * @throws {Error} with what Deno says
 */
export async function bundle({ folder, entries, out, options }: BundleOptions): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", ...options],
      ...["--minify", "--frozen", "--sourcemap=external", "--outdir", out, ...entries],
    ],
    cwd: folder,
  }).output();
  if (success) return;
  const why = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot bundle with Deno ${Deno.version.deno}:\n${why}`);
}
