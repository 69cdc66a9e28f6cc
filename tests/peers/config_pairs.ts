/**
 * Pairs of a config and a credentials file, made by chance that repeats itself. Most of a pair is plain; what is odd
 * about it is named, so that each difference between two readers has one cause.
 *
 * @module
 */

import { createChance } from "../config/malformed.ts";

/** Why a reader takes something for another thing than stsaval does. */
export interface Oddity {
  readonly name: string;
  /** Lines that stand in the config file in place of a plain section. */
  readonly config?: string;
  /** The same for the credentials file. */
  readonly credentials?: string;
  /** Makes another text of a whole file. */
  readonly whole?: (text: string) => string;
  /** True where it makes something else of others, and so never comes with them. */
  readonly alone?: true;
  /** Why botocore reads something else; missing where it reads the same. */
  readonly botocore?: string;
  /** Why the JavaScript SDK reads something else; missing where it reads the same. */
  readonly js?: string;
}

/** Two files, and what is odd about them. */
export interface ConfigPair {
  readonly config: string;
  readonly credentials: string;
  readonly oddities: readonly Oddity[];
}

const vectors = "the SDKs' test vectors decide for values";
const names = "the JavaScript SDK takes letters, digits and -_@+.%:/ only";
const header =
  "a header with something around it may stand for anything, and what follows it with it";

/** The table of differences. */
export const oddities: readonly Oddity[] = [
  { name: "nothing" },
  { name: "indented keys", config: "[profile odd]\n  region = r\n  output = o" },
  {
    name: "a file that is indented as a whole",
    config: "[profile odd]\n\tregion = r\n\toutput = o",
    whole: (text) => text.replaceAll(/^(?=.)/gm, "    "),
    alone: true,
  },
  { name: "a key that is indented less", config: "[profile odd]\n    region = r\n  output = o" },
  {
    name: "an indented comment",
    config: "  # c\n[profile odd]\n  # c\nregion = r\n  ; c = d\noutput = o",
    credentials: "\t# c\n[odd]\n  ; c",
  },
  { name: "carriage returns", whole: (text) => text.replaceAll("\n", "\r\n") },
  { name: "blanks around", config: "[profile\todd]\nregion\t=  r \t\noutput=o  " },
  {
    name: "a name in quotes",
    config: "[profile \"odd\"]\nregion = r\n[profile 'odd-too']\nregion = s",
  },
  { name: "a name with a blank", config: "[profile 'odd one']\nregion = r", js: names },
  {
    name: "a name with a blank without quotes",
    config: "[profile odd one]\nregion = r",
    botocore: "it splits the name into words; the Go SDK reads it",
    js: names,
  },
  {
    name: "a name of two words in the credentials file",
    credentials: "[odd one]\noutput = o",
    js: "it takes the first word for a prefix",
  },
  {
    name: "a name of three words in the credentials file",
    credentials: "[odd one too]\noutput = o",
  },
  { name: "another alphabet", config: "[profile m\u00fcller]\nregion = r", js: names },
  { name: "another alphabet in the credentials file", credentials: "[\u65e5\u672c]\noutput = o" },
  { name: "a comma and a bang", config: "[profile odd,one!]\nregion = r", js: names },
  {
    name: "an apostrophe",
    config: "[profile o'dd]\nregion = r",
    botocore:
      "it takes it for a quote that is left open; the AWS CLI writes it so, and the Go SDK reads it",
    js: names,
  },
  {
    name: "quotes in the credentials file",
    credentials: '["odd"]\noutput = o',
    botocore: "it keeps the quotes there, so the name is found in quotes too",
    js: "it keeps the quotes there",
  },
  {
    name: "white space around a name in the credentials file",
    credentials: "[  odd  ]\noutput = o",
    botocore: vectors,
    js: vectors,
  },
  {
    name: "white space before the prefix",
    config: "[  profile odd ]\nregion = r",
    botocore: vectors,
    js: vectors,
  },
  {
    name: "a comment next to a header",
    config: "[profile odd]; c\nregion = r",
    js: "it loses the profile, the test vectors do not",
  },
  { name: "a comment behind a header", config: "[profile odd] # c\nregion = r" },
  { name: "no prefix", config: "[odd]\nregion = r" },
  { name: "a prefix that runs on", config: "[profileodd]\nregion = r" },
  {
    name: "a prefix in the credentials file",
    credentials: "[profile odd]\noutput = o",
    botocore: vectors,
    js: vectors,
  },
  { name: "a second bracket", config: "[profile odd]]\nregion = r", botocore: header },
  { name: "double brackets", config: "[[profile odd]]\nregion = r" },
  {
    name: "text behind a header",
    config: "[profile odd] text\nregion = r",
    botocore: header,
    js: header,
  },
  { name: "no closing bracket", config: "[profile odd\nregion = r", js: header },
  {
    name: "both spellings of default",
    config: "[profile default]\noutput = o\n[default]\nregion = r",
    botocore:
      "the last one replaces the first there; the test vectors take the one with the prefix",
  },
  { name: "default", config: "[default]\nregion = r", credentials: "[default]\noutput = o" },
  {
    name: "DEFAULT",
    config: "[DEFAULT]\nregion = r",
    botocore: "there all profiles inherit from it; the SDKs' guide says that none does",
  },
  {
    name: "a comment behind a value",
    config: "[profile odd]\nregion = r # c\noutput = o ; c",
    botocore: vectors,
  },
  { name: "comment signs in a value", config: "[profile odd]\nregion = r#c\noutput = o;c" },
  { name: "quotes around a value", config: "[profile odd]\nregion = \"r\"\noutput = 'o'" },
  {
    name: "equals signs and percent",
    config: "[profile odd]\nregion = a=b%s\noutput = %(x)s$HOME",
  },
  { name: "a key in capitals", config: "[profile odd]\nRegion = r\nOUTPUT = o" },
  {
    name: "a colon",
    config: "[profile odd]\nregion : r\noutput: o",
    js: "it passes over the line; botocore reads it",
  },
  {
    name: "a continuation",
    config: "[profile odd]\nregion = r\n  more\noutput = o",
    js: "it drops the line",
  },
  {
    name: "a setting as a continuation",
    config: "[profile odd]\nregion = r\n  output = o",
    js: "it takes any line for a setting; the test vectors and botocore have it in the value",
  },
  {
    name: "a section as a continuation",
    config: "[profile odd]\nregion = r\n  [profile odd-too]\n  output = o",
    js: "it takes any line for a header; the test vectors and botocore have it in the value",
  },
  {
    name: "a comment in a continuation",
    config: "[profile odd]\nregion = r\n  more # c",
    js: "it drops the line",
  },
  { name: "a nested setting", config: "[profile odd]\ns3 =\n  a = b\n  c = d\nregion = r" },
  {
    name: "an indented nested setting",
    config: "[profile odd]\n  s3 =\n    a = b\n  region = r",
    js: "it takes every indented line below a setting without a value for a part of it",
  },
  { name: "a nested line without =", config: "[profile odd]\ns3 =\n  a\nregion = r" },
  { name: "an empty value", config: "[profile odd]\nregion =\noutput = o" },
  { name: "a setting twice", config: "[profile odd]\nregion = r\nregion = s" },
  { name: "a section twice", config: "[profile odd]\nregion = r\n[profile odd]\noutput = o" },
  { name: "a key with a blank", config: "[profile odd]\nmy region = r\noutput = o" },
  { name: "a line without =", config: "[profile odd]\nregion\noutput = o" },
  { name: "no key", config: "[profile odd]\n= r\noutput = o" },
  {
    name: "both files",
    config: "[profile odd]\nregion = r\noutput = o",
    credentials: "[odd]\nregion = s\naws_session_token = t==",
  },
  { name: "a byte order mark", whole: (text) => `\ufeff${text}` },
  { name: "a byte order mark inside", whole: (text) => `${text}\ufeff[odd]\nregion = r\n` },
  {
    name: "the other kinds",
    config: "[sso-session odd]\nregion = r\n[services odd]\nsts =\n  a = b\n[plugins]\nx = y",
  },
];

/** So many pairs; the same seed gives the same ones. Each oddity has its turn alone, then they come together. */
export function* configPairs(seed: number, count: number): Generator<ConfigPair> {
  const chance = createChance(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(chance() * items.length)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  };
  const together = oddities.filter(({ alone }) => !alone);
  for (let index = 0; index < count; index++) {
    const alone = index < count * 2 / 3;
    const chosen = alone
      ? [oddities[index % oddities.length] ?? pick(oddities)]
      : Array.from({ length: 2 + Math.floor(chance() * 4) }, () => pick(together));
    yield {
      config: fileText(chosen, "config", chance),
      credentials: fileText(chosen, "credentials", chance),
      oddities: [...new Set(chosen)],
    };
  }
}

function fileText(
  chosen: readonly Oddity[],
  kind: "config" | "credentials",
  chance: () => number,
): string {
  const before = plainSections("a", kind, chance);
  // Each has a profile of its own: readers differ on profiles that are there twice.
  const odd = chosen.flatMap((oddity, index) =>
    oddity[kind]?.replaceAll("odd", `odd${index}`) ?? []
  );
  const text = [...before, ...odd, ...plainSections("b", kind, chance)].join("\n");
  return chosen.reduce((text, { whole }) => whole?.(text) ?? text, `${text}\n`);
}

function plainSections(
  letter: string,
  kind: "config" | "credentials",
  chance: () => number,
): readonly string[] {
  return Array.from({ length: Math.floor(chance() * 3) }, (_, index) => {
    const lines = [`[${kind === "config" ? "profile " : ""}${letter}${index}]`];
    if (chance() < 0.7) lines.push(`region = r${Math.floor(chance() * 100)}`);
    if (chance() < 0.5) lines.push("# a comment", "", "output = json");
    if (chance() < 0.5) lines.push("role_arn = arn:aws:iam::123456789012:role/R");
    return lines.join("\n");
  });
}
