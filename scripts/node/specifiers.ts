/**
 * How JSR rewrites specifiers for npm: `jsr:@std/ini` becomes `@jsr/std__ini`, `npm:` goes, and files end in `.js`.
 *
 * @module
 */

/** A package, and how it is imported. */
export interface NpmSpecifier {
  readonly name: string;
  /** Undefined where the specifier names none. */
  readonly version: string | undefined;
  /** What is imported: the name, with the path of an entry. */
  readonly specifier: string;
}

/** The name on npm of a package of JSR: `@std/ini` is `@jsr/std__ini` there. */
export function npmName(name: string): string {
  const [, scope, rest] = /^@([^/]+)\/(.+)$/.exec(name) ?? [];
  if (scope === undefined) throw new TypeError(`"${name}" is no package of JSR`);
  return `@jsr/${scope}__${rest}`;
}

/** Reads `jsr:@std/ini@1.0.0` or `npm:esbuild@0.28.2/lib`; undefined for anything else. */
export function parseSpecifier(text: string): NpmSpecifier | undefined {
  const [, from, name = "", version, path = ""] =
    /^(jsr|npm):((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(\/.+)?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const npm = from === "jsr" ? npmName(name) : name;
  return { name: npm, version, specifier: npm + path };
}

/** What a bare specifier means by the import map; undefined for what is not in it. */
export function mapSpecifier(
  text: string,
  imports: Readonly<Record<string, string>>,
): NpmSpecifier | undefined {
  const exact = imports[text];
  if (exact !== undefined) return parseSpecifier(exact);
  const key = Object.keys(imports).find((name) => text.startsWith(`${name}/`));
  const found = key === undefined ? undefined : parseSpecifier(imports[key] ?? "");
  return found && { ...found, specifier: found.specifier + text.slice(key?.length) };
}
