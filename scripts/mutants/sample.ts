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

/**
 * `count` of the items, in an order that the seed and their names decide; all of them where there are fewer. What is
 * added or removed elsewhere moves no other item, so that the samples of two commits have most of their items in common.
 */
export function sample<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { count, seed }: { count: number; seed: number },
): readonly Item[] {
  const seen = new Map<string, number>();
  const ranked = items.map((item) => {
    const name = nameOf(item);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { item, rank: rankOf(`${seed}\n${before}\n${name}`) };
  });
  ranked.sort((one, other) => one.rank - other.rank);
  return ranked.slice(0, count).map(({ item }) => item);
}

/** FNV-1a of 32 bits over UTF-16 code units, mixed so that texts that end alike are not neighbours. */
function rankOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
