/**
 * Reads the imports of the program's files from their syntax trees, for the architecture test.
 *
 * @module
 */

/** One import of one file. */
export interface Import {
  /** The importing file, from the project's root. */
  readonly from: string;
  /** The imported file from the project's root, or the package as it is written. */
  readonly to: string;
  /** Gone when the program runs: `import type` and its like. */
  readonly typeOnly: boolean;
  /** Loaded only when it is reached: `import()`. */
  readonly dynamic: boolean;
}

/** The path that a relative specifier names, from the project's root; other specifiers stay as they are. */
export function resolveSpecifier(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Every import in a source text: static, of types, re-exported, dynamic. */
export function importsOf(from: string, source: string): readonly Import[] {
  const imports: Import[] = [];
  const add = (specifier: unknown, typeOnly: boolean, dynamic = false) => {
    if (typeof specifier !== "string") throw new TypeError(`${from}: an import that is not a text`);
    imports.push({ from, to: resolveSpecifier(from, specifier), typeOnly, dynamic });
  };
  const create = (): Deno.lint.LintVisitor => ({
    ImportDeclaration(node) {
      const names = node.specifiers;
      const allTypes = names.length > 0 &&
        names.every((name) => name.type === "ImportSpecifier" && name.importKind === "type");
      add(node.source.value, node.importKind === "type" || allTypes);
    },
    ExportNamedDeclaration(node) {
      if (node.source !== null) add(node.source.value, node.exportKind === "type");
    },
    ExportAllDeclaration(node) {
      add(node.source.value, node.exportKind === "type");
    },
    ImportExpression(node) {
      add(node.source.type === "Literal" ? node.source.value : undefined, false, true);
    },
    TSImportType(node) {
      const { argument } = node;
      const literal = argument.type === "TSLiteralType" ? argument.literal : argument;
      add("value" in literal ? literal.value : undefined, true);
    },
  });
  const reader: Deno.lint.Plugin = { name: "reader", rules: { imports: { create } } };
  Deno.lint.runPlugin(reader, from, source);
  return imports;
}

/** The program's files: what users import or run. Tests, scripts and vendor/ are not among them. */
export async function programFiles(): Promise<readonly string[]> {
  const top: string[] = [];
  for await (const { name } of Deno.readDir(".")) {
    if (name === "mod.ts" || name === "cli.ts") top.push(name);
  }
  return [...top, ...await filesBelow("src")].sort();
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await filesBelow(path));
    else if (path.endsWith(".ts")) found.push(path);
  }
  return found;
}

/** The imports of all of the program's files. */
export async function programImports(): Promise<readonly Import[]> {
  const files = await programFiles();
  const read = async (file: string) => importsOf(file, await Deno.readTextFile(file));
  return (await Promise.all(files.map(read))).flat();
}

/** The files of one circle of imports, the first one again at the end; undefined where there is none. */
export function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
