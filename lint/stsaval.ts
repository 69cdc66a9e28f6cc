/**
 * The project's own lint rules: one adapter for the runtime, no default exports, `using` only for disposal.
 *
 * @module
 */

/** The root of the project, to tell its files from those of another folder of the same name. */
const root = new URL("..", import.meta.url).pathname;

/**
 * All that touches the outside: the adapters, one a runtime, with what is the same in all (`web`), and what chooses
 * between them.
 */
const adapters = /^src\/(?:(?:deno|node|web)\/|host\.ts$)/;

/** Modules of the runtime that reach nothing outside, and the folders that may load them. */
const pureModules: readonly (readonly [module: string, folder: string])[] = [
  ["node:crypto", "src/testing/"],
  ["node:crypto", "src/server/"],
];

/** The files of rule 2 of the design: what a user runs. Tests, scripts and vendor/ are exempt. */
const guarded = /^(?:mod\.ts|cli\.ts|src\/.*)$/;

/** Only `cli.ts` exits: it may use these and nothing else. */
const allowedInCli = new Set(["Deno.args", "Deno.exit"]);

/** Globals that reach outside the program, or give access to those that do. */
const outsideGlobals = new Set([
  "Deno",
  "EventSource",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
  "alert",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "globalThis",
  "localStorage",
  "navigator",
  "performance",
  "process",
  "self",
  "sessionStorage",
  "setImmediate",
  "setInterval",
  "setTimeout",
]);

/** Members of allowed globals that read the clock, start a timer or draw a random number. */
const outsideMembers = new Set([
  "AbortSignal.timeout",
  "Date.now",
  "Math.random",
  "Temporal.Now",
  "crypto.getRandomValues",
  "crypto.randomUUID",
]);

const advice = "take the port that you need from src/system.ts instead";

/** The path from the project's root, if the file lies in it. */
function projectPath(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(root) ? path.slice(root.length) : path;
}

/** `Date.now` for `Date.now` and `Date["now"]`; undefined for anything but a member of a named object. */
function memberName(node: Deno.lint.MemberExpression): string | undefined {
  if (node.object.type !== "Identifier") return undefined;
  const { object, property, computed } = node;
  if (!computed && property.type === "Identifier") return `${object.name}.${property.name}`;
  if (property.type === "Literal") return `${object.name}.${property.value}`;
  return undefined;
}

/** True if the identifier only names a property of something else, as in `network.fetch`. */
function isPropertyName(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  if (parent.type === "TSQualifiedName") return parent.right === node;
  if (parent.type === "Property") return parent.key === node && !parent.computed;
  return parent.type === "MethodDefinition" || parent.type === "PropertyDefinition" ||
    parent.type === "TSPropertySignature" || parent.type === "TSMethodSignature";
}

/** The members that `const { now } = Date` destructures from a global. */
function destructured(node: Deno.lint.VariableDeclarator): readonly string[] {
  const { id, init } = node;
  if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return [];
  return id.properties.flatMap((property) =>
    property.type === "Property" && property.key.type === "Identifier"
      ? [`${init.name}.${property.key.name}`]
      : []
  );
}

function isPure(module: string, path: string): boolean {
  return pureModules.some(([name, folder]) => module === name && path.startsWith(folder));
}

/** Rule 2 of the design: only the adapter touches the runtime. */
const oneAdapter: Deno.lint.Rule = {
  create(context) {
    const path = projectPath(context.filename);
    if (!guarded.test(path) || adapters.test(path)) return {};
    const report = (node: Deno.lint.Node, what: string) =>
      context.report({
        node,
        message: `Cannot use ${what} here: only the adapters touch the outside`,
        hint: advice,
      });
    const reportSource = (source: Deno.lint.Node) => {
      if (source.type !== "Literal" || typeof source.value !== "string") return;
      if (!source.value.startsWith("node:") || isPure(source.value, path)) return;
      report(source, `"${source.value}"`);
    };
    return {
      Identifier(node) {
        if (!outsideGlobals.has(node.name) || isPropertyName(node)) return;
        const { parent } = node;
        const member = parent.type === "MemberExpression" ? memberName(parent) : undefined;
        if (path === "cli.ts" && allowedInCli.has(member ?? "")) return;
        report(node, member ?? node.name);
      },
      MemberExpression(node) {
        const name = memberName(node);
        if (name !== undefined && outsideMembers.has(name)) report(node, name);
      },
      VariableDeclarator(node) {
        for (const name of destructured(node)) {
          if (outsideMembers.has(name)) report(node, name);
        }
      },
      NewExpression(node) {
        const { callee } = node;
        if (callee.type === "Identifier" && callee.name === "Date" && node.arguments.length === 0) {
          report(node, "new Date() without arguments");
        }
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type === "Identifier" && callee.name === "Date") report(node, "Date()");
      },
      ImportDeclaration: (node) => reportSource(node.source),
      ImportExpression: (node) => reportSource(node.source),
    };
  },
};

/** A name that is written out can be searched for, and is the same everywhere. */
const noDefaultExport: Deno.lint.Rule = {
  create(context) {
    const report = (node: Deno.lint.Node) =>
      context.report({ node, message: "Cannot use a default export: give it a name" });
    return {
      ExportDefaultDeclaration: report,
      ExportSpecifier(node) {
        const { exported } = node;
        if (exported.type === "Identifier" && exported.name === "default") report(node);
      },
    };
  },
};

/**
 * The bundler's minifier takes a `using` variable that is used once for a `const`, puts its value where it is used and
 * never disposes it (esbuild, as of Deno 2.9.6): so the variable of `using` is not the one that is used.
 */
const usingOnlyHolds: Deno.lint.Rule = {
  create(context) {
    if (!guarded.test(projectPath(context.filename))) return {};
    return {
      VariableDeclaration(node) {
        const { kind, declarations } = node;
        if (kind !== "using" && kind !== "await using") return;
        for (const { id } of declarations) {
          if (id.type === "Identifier" && id.name.startsWith("_")) continue;
          context.report({
            node,
            message: "Cannot use what `using` holds: the minifier would not dispose it",
            hint: "write 'const lock = …; using _lock = lock;'",
          });
        }
      },
    };
  },
};

/** The plugin, as `deno lint` wants it. */
const plugin: Deno.lint.Plugin = {
  name: "stsaval",
  rules: {
    "one-adapter": oneAdapter,
    "no-default-export": noDefaultExport,
    "using-only-holds": usingOnlyHolds,
  },
};

// deno-lint-ignore stsaval/no-default-export -- deno lint takes a plugin by its default export
export default plugin;
