/**
 * Which mutants are tried: file patterns, and samples that a seed repeats.
 *
 * @module
 */

/** A pattern with `*`, `**`, `?` and `{a,b}` as a regular expression for whole paths; a folder stands for all below it. */
export function globToRegExp(glob: string): RegExp {
  const parts = glob.match(/\*\*\/|\*\*|[*?{},]|[^*?{},]+/g) ?? [];
  let depth = 0;
  const source = parts.map((part) => {
    if (part === "{") depth++;
    if (part === "}") depth--;
    return patterns[part] ?? (part === "," && depth > 0 ? "|" : RegExp.escape(part));
  });
  return new RegExp(`^${source.join("")}(?:/.*)?$`);
}

const patterns: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
  "{": "(?:",
  "}": ")",
};

/** `count` of the items, in an order that the seed decides; all of them where there are fewer. */
export function sample<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const random = randomOf(seed);
  const rest = [...items];
  const taken: Item[] = [];
  while (taken.length < count && rest.length > 0) {
    taken.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return taken;
}

/** Mulberry32: numbers from 0 to below 1, the same for the same seed on every machine. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
