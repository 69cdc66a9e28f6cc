/**
 * Makes JavaScript of TypeScript, file by file, as JSR does for npm: types go, `using` is written out, specifiers are
 * rewritten.
 *
 * @module
 */

import type { Plugin } from "esbuild";
import { mapSpecifier, type NpmSpecifier, parseSpecifier } from "./specifiers.ts";

/** Some files, and where their JavaScript goes. */
export interface Transpiled {
  /** The files, by their paths below `from`. */
  readonly files: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly imports: Readonly<Record<string, string>>;
  /** Where an import of a file leads, from the path of that file; undefined for beside it, as in the sources. */
  readonly moved?: (path: string, importer: string) => string | undefined;
  /** Names that others replace: `Deno` in tests. */
  readonly define?: Readonly<Record<string, string>>;
}

/** Does it, and gives the packages that the files import. */
export async function transpile(
  { files, from, to, imports, moved, define = {} }: Transpiled,
): Promise<ReadonlyMap<string, NpmSpecifier>> {
  const packages = new Map<string, NpmSpecifier>();
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: from,
    entryPoints: [...files],
    outbase: from,
    outdir: await Deno.realPath(to),
    // Each file stays a file, since whatever it imports is left outside; bundling lets the paths be rewritten.
    ...{ bundle: true, format: "esm", platform: "neutral", target: "es2022" },
    define: { ...define },
    plugins: [rewriting(imports, packages, moved ?? (() => undefined))],
    logLevel: "error",
  });
  return packages;
}

/** Ends the compiler, which runs beside this program. */
export async function endTranspiling(): Promise<void> {
  const { stop } = await import("esbuild");
  await stop();
}

function rewriting(
  imports: Readonly<Record<string, string>>,
  packages: Map<string, NpmSpecifier>,
  moved: NonNullable<Transpiled["moved"]>,
): Plugin {
  return {
    name: "as-jsr-does",
    setup(bundler) {
      bundler.onResolve({ filter: /.*/ }, ({ kind, path, resolveDir, importer }) => {
        if (kind === "entry-point") return undefined;
        if (path.startsWith(".")) {
          const file = new URL(path, `file://${resolveDir}/`).pathname;
          const js = (moved(file, importer) ?? path).replace(/\.ts$/, ".js");
          return { path: js, external: true };
        }
        const found = mapSpecifier(path, imports) ?? parseSpecifier(path);
        if (found !== undefined) packages.set(found.name, found);
        return { path: found?.specifier ?? path, external: true };
      });
    },
  };
}
