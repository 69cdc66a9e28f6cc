/**
 * What is changed to make mutants: a table of operators over the syntax tree.
 *
 * @module
 */

import type { Change, Mutant } from "./mutant.ts";
import { isNode, parseModule, type SyntaxNode, walk } from "./syntax.ts";

/** One kind of change. */
export interface MutationOperator {
  readonly name: string;
  /** The changes of one node; most nodes have none. `above` are the nodes around it, the nearest first. */
  changes(node: SyntaxNode, source: string, above: readonly SyntaxNode[]): readonly Change[];
}

const comparisons: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
};

const arithmetic: Readonly<Record<string, readonly string[]>> = {
  ...{ "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "**": ["*"] },
  ...{ "&": ["|"], "|": ["&"], "^": ["&"], "<<": [">>"], ">>": ["<<"], ">>>": ["<<"] },
  ...{ "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="], "|=": ["&="], "&=": ["|="] },
};

/** Methods that are easily taken for each other. */
const methods: Readonly<Record<string, string>> = {
  ...{ replaceAll: "replace", startsWith: "endsWith", endsWith: "startsWith" },
  ...{ some: "every", every: "some", min: "max", max: "min" },
  ...{ floor: "ceil", ceil: "floor", round: "floor" },
  ...{ find: "findLast", findLast: "find", indexOf: "lastIndexOf", lastIndexOf: "indexOf" },
  ...{ toLowerCase: "toUpperCase", toUpperCase: "toLowerCase" },
  ...{ trim: "trimStart", trimStart: "trimEnd", trimEnd: "trimStart" },
  ...{ push: "unshift", unshift: "push", shift: "pop", pop: "shift" },
  ...{ padStart: "padEnd", padEnd: "padStart", all: "race", allSettled: "all" },
};

/** Options that are easily taken for each other. */
const options: Readonly<Record<string, string>> = { createNew: "create", create: "createNew" };

/** The table. */
export const operators: readonly MutationOperator[] = [
  {
    name: "comparison",
    changes: (node, source) => swapOperator(node, source, comparisons),
  },
  {
    name: "arithmetic",
    changes(node, source) {
      if (node.type === "UpdateExpression") return swapUpdate(node);
      if (node.type === "UnaryExpression" && node.operator === "-") {
        return [keep(node.argument, node, source)];
      }
      return joinsText(node) ? [] : swapOperator(node, source, arithmetic);
    },
  },
  {
    name: "boolean operator",
    changes(node, source) {
      if (node.type === "UnaryExpression" && node.operator === "!") {
        return [keep(node.argument, node, source)];
      }
      if (node.type !== "LogicalExpression") return [];
      if (node.operator === "??") return [keep(node.left, node, source)];
      return swapOperator(node, source, { "&&": ["||"], "||": ["&&"] });
    },
  },
  {
    name: "condition",
    changes(node) {
      const kinds = ["IfStatement", "ConditionalExpression", "WhileStatement", "ForStatement"];
      if (!kinds.includes(node.type) || !isNode(node.test)) return [];
      const { start, end } = node.test;
      return conditionValues(node).map((text) => ({ start, end, text }));
    },
  },
  {
    name: "guard",
    changes: (node) => node.type === "IfStatement" && !isNode(node.alternate) ? [remove(node)] : [],
  },
  { name: "constant", changes: changeConstant },
  {
    name: "await",
    changes: (node, source, above) =>
      node.type === "AwaitExpression" && !isLastStep(node, above)
        ? [keep(node.argument, node, source)]
        : [],
  },
  {
    name: "statement",
    changes(node) {
      if (node.type === "ContinueStatement") return [remove(node)];
      const { expression } = node;
      if (node.type !== "ExpressionStatement" || !isNode(expression)) return [];
      const isSuper = isNode(expression.callee) && expression.callee.type === "Super";
      return isSuper ? [] : [remove(node)];
    },
  },
  {
    name: "method",
    changes(node) {
      const { callee } = node;
      const isCall = ["CallExpression", "OptionalCallExpression"].includes(node.type);
      if (!isCall || !isNode(callee) || callee.computed === true) return [];
      const [first] = Array.isArray(node.arguments) ? node.arguments : [];
      // It must be global in replaceAll(), and with such a one replace() does the same.
      if (isNode(first) && first.type === "RegExpLiteral") return [];
      return rename(callee.property, methods);
    },
  },
  {
    name: "option",
    changes: (node) =>
      node.type === "ObjectProperty" && node.computed !== true ? rename(node.key, options) : [],
  },
  {
    name: "finally",
    changes(node) {
      const { finalizer } = node;
      if (node.type !== "TryStatement" || !isNode(finalizer)) return [];
      const isEmpty = Array.isArray(finalizer.body) && finalizer.body.length === 0;
      return isEmpty ? [] : [{ start: finalizer.start, end: finalizer.end, text: "{}" }];
    },
  },
];

/** Everything that can be changed in a file, in the order of the text. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const found: Mutant[] = [];
  for (const [node, above] of walk(parseModule(source), isCode)) {
    for (const { name, changes } of operators) {
      for (const change of changes(node, source, above)) {
        const line = source.slice(0, change.start).split("\n").length;
        found.push({ ...change, file, operator: name, line });
      }
    }
  }
  return found;
}

/** Types are no code, and a module's specifiers are no constants; what only wraps an expression is looked into. */
function isCode({ type, exportKind, source }: SyntaxNode): boolean {
  if (["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"].includes(type)) {
    return true;
  }
  return !type.startsWith("TS") && type !== "ImportDeclaration" &&
    type !== "ExportAllDeclaration" &&
    exportKind !== "type" && !(type === "ExportNamedDeclaration" && isNode(source)) &&
    type !== "ImportExpression" && type !== "Directive";
}

/** An `if` without `else` that never holds is the operator "guard"; a loop that always goes on tells nothing. */
function conditionValues({ type, alternate }: SyntaxNode): readonly string[] {
  if (type === "ConditionalExpression") return ["true", "false"];
  if (type === "IfStatement") return isNode(alternate) ? ["true", "false"] : ["true"];
  return ["false"];
}

/**
 * True for what an asynchronous function returns: a promise that it returns is awaited all the same. Not where `try` or
 * `using` would end before it.
 */
function isLastStep(node: SyntaxNode, above: readonly SyntaxNode[]): boolean {
  let value = node;
  for (const parent of above) {
    if (parent.type === "ReturnStatement") break;
    if (parent.type === "ArrowFunctionExpression" && parent.body === value) break;
    const isPassedOn = parent.type === "ConditionalExpression" && parent.test !== value;
    if (!isPassedOn) return false;
    value = parent;
  }
  const around = above.find(({ type }) => /Function|Method$/.test(type));
  return around !== undefined &&
    ![...walk(around)].some(([{ type, kind }]) =>
      type === "TryStatement" || (type === "VariableDeclaration" && /using$/.test(String(kind)))
    );
}

function swapOperator(
  node: SyntaxNode,
  source: string,
  table: Readonly<Record<string, readonly string[]>>,
): readonly Change[] {
  const { left, right, operator } = node;
  if (!isNode(left) || !isNode(right) || typeof operator !== "string") return [];
  if (!Object.hasOwn(table, operator)) return [];
  const start = source.indexOf(operator, left.end);
  return (table[operator] ?? []).map((text) => ({ start, end: start + operator.length, text }));
}

/** `a + "b"` joins texts, where a minus makes no sense that a test could miss. */
function joinsText({ left, right, operator }: SyntaxNode): boolean {
  const isText = (node: unknown): boolean =>
    isNode(node) && (["StringLiteral", "TemplateLiteral"].includes(node.type) ||
      (node.type === "BinaryExpression" && joinsText(node)));
  return operator === "+" && (isText(left) || isText(right));
}

function swapUpdate({ start, end, operator, prefix }: SyntaxNode): readonly Change[] {
  const text = operator === "++" ? "--" : "++";
  return [prefix === true ? { start, end: start + 2, text } : { start: end - 2, end, text }];
}

function changeConstant(
  node: SyntaxNode,
  _source: string,
  [parent]: readonly SyntaxNode[],
): readonly Change[] {
  const { type, start, end, value } = node;
  const isKey = parent?.key === node && parent.computed !== true;
  if (isKey) return [];
  if (type === "NumericLiteral") return [{ start, end, text: String(Number(value) + 1) }];
  if (type === "BooleanLiteral") return [{ start, end, text: String(value !== true) }];
  if (type === "StringLiteral") return [{ start, end, text: value === "" ? '"mutant"' : '""' }];
  return [];
}

/** An expression is replaced by a part of it. */
function keep(part: unknown, { start, end }: SyntaxNode, source: string): Change {
  if (!isNode(part)) throw new TypeError("an expression without the part that it must have");
  return { start, end, text: `(${source.slice(part.start, part.end)})` };
}

function remove({ start, end }: SyntaxNode): Change {
  return { start, end, text: ";" };
}

function rename(name: unknown, table: Readonly<Record<string, string>>): readonly Change[] {
  if (!isNode(name) || typeof name.name !== "string" || !Object.hasOwn(table, name.name)) return [];
  return [{ start: name.start, end: name.end, text: table[name.name] ?? "" }];
}
