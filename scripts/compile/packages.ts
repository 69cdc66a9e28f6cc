/**
 * Which packages are in the program, told by the files that the bundler has taken code from. What only a test loads,
 * and what the bundler has left out, is not among them.
 *
 * @module
 */

/** A package with its version. */
export interface UsedPackage {
  /** Where it comes from; "local" is an edition in `vendor/`. */
  readonly registry: "npm" | "jsr" | "local";
  readonly name: string;
  /** Undefined for a local edition, which says it in its own `deno.json`. */
  readonly version: string | undefined;
}

interface PlaceOfPackages {
  readonly registry: UsedPackage["registry"];
  /** The groups are the name and the version. */
  readonly path: RegExp;
}

/** Where files of packages lie. */
const places: readonly PlaceOfPackages[] = [
  // Deno's cache: …/npm/registry.example/@scope/name/1.2.3/file.js, with "_1" behind a copy for other peers.
  { registry: "npm", path: /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/@]+)\/(\d[^/_]*)(?:_\d+)?\// },
  { registry: "npm", path: /\/node_modules\/\.deno\/(@?[^/@]+)@(\d[^/_]*)[^/]*\/node_modules\// },
  { registry: "jsr", path: /^https?:\/\/[^/]+\/(@[^/]+\/[^/]+)\/(\d[^/]*)\// },
  { registry: "local", path: /^\.\.\/(vendor\/std\/[^/]+)\// },
];

/** The project's own modules, as the bundler names them from the folder beside. */
const own = /^\.\.\/(?:src\/|cli\.ts$|mod\.ts$|instead_\d+\.ts$)/;

/**
 * The packages of bundled files, each once, in the order of their names.
 *
 * @throws {Error} for a file that belongs to no package and is none of the project's own, so that nothing is left out
 */
export function packagesOf(sources: Iterable<string>): readonly UsedPackage[] {
  const found = new Map<string, UsedPackage>();
  for (const source of sources) {
    if (own.test(source)) continue;
    const used = packageOf(source);
    found.set(`${used.registry}:${used.name}@${used.version ?? ""}`, used);
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1).map(([, used]) => used);
}

function packageOf(source: string): UsedPackage {
  for (const { registry, path } of places) {
    const [, name, version] = path.exec(source) ?? [];
    if (name !== undefined) return { registry, name: name.replace("+", "/"), version };
  }
  throw new Error(`Cannot tell which package "${source}" is of: no known place of packages`);
}

/** The packages that stand in for those of JSR, on networks without it; a release has none. */
export function standInsAmong(packages: readonly UsedPackage[]): readonly string[] {
  return packages
    .filter(({ registry, name }) => registry === "local" || name === "deno-std")
    .map(({ name }) => name);
}
