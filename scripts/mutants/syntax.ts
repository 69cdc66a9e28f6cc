/**
 * Syntax trees of TypeScript, as far as mutants and imports need them.
 *
 * @module
 */

import { parse } from "@babel/parser";

/** A node of the tree; its other fields depend on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The tree of a module. */
export function parseModule(source: string): SyntaxNode {
  // The tree is of Babel's own types, of which this is the common part.
  return parse(source, { sourceType: "module", plugins: ["typescript"] })
    .program as unknown as SyntaxNode;
}

/** True for a node of the tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value &&
    typeof value.type === "string";
}

/** The nodes right below a node, in the order of the text. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node)
    .flatMap((value): unknown[] => Array.isArray(value) ? value : [value])
    .filter(isNode)
    .sort((a, b) => a.start - b.start);
}

/** A node, and all those below it that `into` does not hold back, each with the nodes above it, the nearest first. */
export function* walk(
  node: SyntaxNode,
  into: (node: SyntaxNode) => boolean = () => true,
  above: readonly SyntaxNode[] = [],
): Iterable<readonly [node: SyntaxNode, above: readonly SyntaxNode[]]> {
  if (!into(node)) return;
  yield [node, above];
  for (const child of childrenOf(node)) yield* walk(child, into, [node, ...above]);
}

/** The specifiers that a module imports or re-exports, those of `import()` with a fixed text included. */
export function importsOf(source: string): readonly string[] {
  const found: string[] = [];
  for (const [node] of walk(parseModule(source))) {
    const { type } = node;
    const isImport = /^(?:Import|Export\w+)Declaration$|^ImportExpression$/.test(type) ||
      (type === "CallExpression" && isNode(node.callee) && node.callee.type === "Import");
    if (!isImport) continue;
    const [first] = Array.isArray(node.arguments) ? node.arguments : [node.source];
    if (isNode(first) && typeof first.value === "string") found.push(first.value);
  }
  return found;
}
