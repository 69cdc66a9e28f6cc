/**
 * Texts of credentials files: those that editors of such files have been known to spoil, and others made by chance.
 *
 * @module
 */

import type { Random } from "../../../src/system.ts";

const key = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret+/=\n";

/** Texts by what is remarkable about them. None holds a section whose name begins with "sts-new". */
export const credentialsTexts: Readonly<Record<string, string>> = {
  "empty": "",
  "one line end": "\n",
  "blank lines only": "\n\r\n\n",
  "spaces only": "   ",
  "ordinary": `[default]\n${key}`,
  "no final line end": `[default]\n${key}`.trimEnd(),
  "blank lines at the end": `[default]\n${key}\n\n\n`,
  "spaces at the end": `[default]\n${key}  \t`,
  "CRLF": `[default]\n${key}\n[b]\n${key}`.replaceAll("\n", "\r\n"),
  "CRLF without the last": `[default]\n${key}`.trimEnd().replaceAll("\n", "\r\n"),
  "CRLF, then LF": `[default]\r\n${key}[b]\n${key}`,
  "LF, then CRLF without the last": `[default]\n[b]\r\nregion = x`,
  "CR only": `[default]\r${key.replaceAll("\n", "\r")}`,
  "CR at the end of LF": `[default]\n${key}\r`,
  "CR at the end of CRLF": `[default]\r\nregion = x\r\r`,
  "byte order mark": `\ufeff[default]\n${key}`,
  "byte order mark only": "\ufeff",
  "comments": `# top\n; also\n[default] # mine\n${key}# [sts-new-a]\n;[sts-new-b]\n`,
  "comment only, no line end": "# nothing yet",
  "nested block": `[default]\ns3 =\n  max_queue_size = 5\n\ttabbed = 1\n${key}`,
  "nested block at the end": `[default]\n${key}s3 =\n    max_queue_size = 5`,
  "open nested block": `[default]\n${key}s3 =\n`,
  "open nested block, no line end": `[default]\n${key}s3 =`,
  "continued value at the end": `[default]\n${key}region = a\n  b\n  `,
  "similar names": `[sts-new]\n${key}[sts-new-aa]\n${key}[profile sts-new-a]\n${key}`,
  "the name in a value": `[default]\n${key}note = [sts-new-a]\n`,
  "sections of other tools": `[sts-old]\n${key}aws_session_token = t\n[saml]\n${key}`,
  "the same section twice": `[a]\n${key}[a]\nregion = x\n`,
  "sections without settings": "[a]\n[b]\n\n[c]",
  "settings without a section": key,
  "not INI at all": '{"json": true}\n<xml/>\n]]][[[\n=\n',
  "other line separators": "[a]\u2028region = x\u2029\u0085\v\f[b]\n",
  "control characters": "[a]\nregion = \u0000\u001b[31m\n",
  "other alphabets": "[café]\nregion = ñ 漢字 🗝\n# ключ",
  "nearly our marks": "# >>> stsaval >>>\n# <<< stsaval <<<\n #  >>> stsaval write >>>\n",
  "replacement patterns": "[a]\nregion = $& $1 $` $' \\n \\\\\n",
  "a long line": `[a]\nregion = ${"x".repeat(100_000)}`,
};

const wildPieces: readonly string[] = [
  ...["\n", "\r\n", "\r", "\n\n", " ", "\t", "  ", "\ufeff", "=", "[", "]", "#", ";", ":", "\\"],
  ...["[a]", "[b c]", "[sts-old]", "[sts-new]", '["x"]', "[]", "[[a]]", "region", "s3 =\n  a = b"],
  ...["# note", "; note", ">>>", "<<<", "# >>> stsaval", "# <<< stsaval", "🗝", "\u2028", "$&"],
  ...["aws_access_key_id = AKIAEXAMPLE", "aws_session_token=t=", "sts-new-a"],
];

/** A text that nobody needs to be able to read. */
export function wildText(random: Random): string {
  return Array.from({ length: below(random, 30) }, () => pick(random, wildPieces)).join("");
}

/** The section that every {@linkcode readableText} ends with. */
export const lastSection = "team_x";

/** A text that every reader of credentials files accepts, with one to six profiles. */
export function readableText(random: Random): string {
  const lineEnd = pick(random, ["\n", "\n", "\r\n"]);
  const names = ["default", "a", "b-1", "dev.eu", "sts-old", lastSection].slice(below(random, 6));
  const lines = [...decoration(random), ...names.flatMap((name) => section(random, name))];
  const text = lines.join(lineEnd);
  return pick(random, [text, text + lineEnd, text + lineEnd + lineEnd]);
}

function section(random: Random, name: string): string[] {
  const equals = () => pick(random, ["=", " = ", "  =\t"]);
  const settings = [
    `aws_access_key_id${equals()}AKIA${below(random, 1e9)}`,
    `aws_secret_access_key${equals()}s+/${below(random, 1e9)}`,
    ...(random.number() < 0.3 ? [`region${equals()}eu-west-${below(random, 9)}`] : []),
    ...(random.number() < 0.3 ? ["s3 =", "  max_queue_size = 5", "    a = b"] : []),
  ];
  return [
    `[${name}]`,
    ...settings.flatMap((line) => random.number() < 0.2 ? [...decoration(random), line] : [line]),
    ...decoration(random),
  ];
}

function decoration(random: Random): string[] {
  return pick(random, [[], [], [""], ["# note"], ["; note", ""], ["#[sts-new-a]"], ["", "", "#"]]);
}

function pick<Item>(random: Random, items: readonly [Item, ...Item[]] | readonly Item[]): Item {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function below(random: Random, limit: number): number {
  return Math.floor(random.number() * limit);
}
