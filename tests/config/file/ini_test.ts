import { assert, assertEquals, assertThrows } from "@std/assert";
import { type IniFile, type IniKind, parseIni } from "../../../src/config/file/ini.ts";
import { ConfigError } from "../../../src/errors.ts";

/** `{ "profile a": { key: "value" } }`, in the order of the file. */
function contentOf({ sections }: IniFile): Record<string, Record<string, string>> {
  return Object.fromEntries(sections.map(({ kind, name, settings }) => [
    `${kind} ${name}`,
    Object.fromEntries([...settings].map(([key, { value }]) => [key, value])),
  ]));
}

interface Reading {
  readonly what: string;
  readonly text: string;
  readonly kind?: IniKind;
  readonly wanted: Record<string, Record<string, string>>;
  /** The lines of what is ignored. */
  readonly warnings?: readonly number[];
}

const emoji = "\u{1f602}";

const readings: readonly Reading[] = [
  { what: "an empty file", text: "", wanted: {} },
  { what: "a section without settings", text: "[profile a]", wanted: { "profile a": {} } },
  {
    what: "a duplicate section as one",
    text: "[profile a]\nx = 1\n[profile b]\n[profile a]\ny = 2",
    wanted: { "profile a": { x: "1", y: "2" }, "profile b": {} },
  },
  {
    what: "the last of duplicate keys, in any case",
    text: "[profile a]\nName = 1\n[profile a]\nname = 2",
    wanted: { "profile a": { name: "2" } },
    warnings: [2],
  },
  {
    what: "keys in lower case",
    text: "[profile a]\nRole_ARN-9 = V",
    wanted: { "profile a": { "role_arn-9": "V" } },
  },
  {
    what: "a comment after white space",
    text: "[profile a]\nx = v # c ; d\ny = v ; c # d\nz = v\t#c",
    wanted: { "profile a": { x: "v", y: "v", z: "v" } },
  },
  {
    what: "# and ; without white space in front as part of the value",
    text: "[profile a]\nx = v#c\ny = v; c\nz =#",
    wanted: { "profile a": { x: "v#c", y: "v; c", z: "#" } },
  },
  {
    what: "comments behind a section",
    text: "[profile a] # c\n[profile b] ; c\n[profile c]; c\n[profile d]#]",
    wanted: { "profile a": {}, "profile b": {}, "profile c": {}, "profile d": {} },
  },
  {
    what: "comment lines and blank lines",
    text: "# c\n; c = d\n\n \t\n[profile a]\n#x = 1\n;\nx = 2\n\t \n",
    wanted: { "profile a": { x: "2" } },
  },
  {
    what: "no profile without its prefix in the config file",
    text: "[a]\nx = 1\n[profile b]",
    wanted: { "profile b": {} },
    warnings: [1],
  },
  {
    what: "no prefix in the credentials file",
    text: "[profile a]\nx = 1\n[sso-session s]\n[services s]\n[b]",
    kind: "credentials",
    wanted: { "profile b": {} },
    warnings: [1, 3, 4],
  },
  {
    what: "a name in the credentials file without the white space around it",
    text: "[   a   ]\nx = 1",
    kind: "credentials",
    wanted: { "profile a": { x: "1" } },
  },
  {
    what: "[profile default] and not [default], whichever is first",
    text: "[default]\nx = 1\n[profile default]\ny = 2\n[default]\nz = 3",
    wanted: { "profile default": { y: "2" } },
    warnings: [1],
  },
  {
    what: "[profile default] before [default]",
    text: "[profile default]\ny = 2\n[default]\nx = 1",
    wanted: { "profile default": { y: "2" } },
    warnings: [3],
  },
  { what: "[default]", text: "[default]\nx = 1", wanted: { "profile default": { x: "1" } } },
  {
    what: "white space inside the brackets",
    text: "[   profile a   ]\n[profile \tb \t]",
    wanted: { "profile a": {}, "profile b": {} },
  },
  { what: "a tab behind the prefix", text: "[profile\ta]", wanted: { "profile a": {} } },
  {
    what: "no prefix that runs into the name",
    text: "[profilea]\nx = 1\n[profile b]",
    wanted: { "profile b": {} },
    warnings: [1],
  },
  {
    what: "a word that only begins like a prefix, in the credentials file, as a name",
    text: "[sso-sessiona]\n[profile]",
    kind: "credentials",
    wanted: { "profile sso-sessiona": {}, "profile profile": {} },
  },
  {
    what: "a name with blanks, in quotes or not",
    text: "[profile my a]\nx = 1\n[profile 'my b']\n[profile my\\ c]\n[ profile \"my d\" ]",
    wanted: {
      "profile my a": { x: "1" },
      "profile my b": {},
      "profile my c": {},
      "profile my d": {},
    },
  },
  {
    what: "a name with blanks in the credentials file, as the AWS CLI writes it",
    text: "[my a]\nx = 1\n[it's a]\n[DOMAIN\\kim]\n['my b']",
    kind: "credentials",
    wanted: {
      "profile my a": { x: "1" },
      "profile it's a": {},
      "profile DOMAIN\\kim": {},
      "profile my b": {},
    },
  },
  {
    what: "quoted names with spaces",
    text: `[profile "my a #1"] # c\nx = 1\n[profile 'kim']`,
    wanted: { "profile my a #1": { x: "1" }, "profile kim": {} },
  },
  {
    what: "quoted names in the credentials file",
    text: `["my a"]\nx = 1`,
    kind: "credentials",
    wanted: { "profile my a": { x: "1" } },
  },
  {
    what: "no quoted name that is empty or begins with a space",
    text: `[profile ""]\n[profile " a"]\n[profile "a\u2028b"]\n[profile "a\\"]`,
    wanted: {},
    warnings: [1, 2, 3, 4],
  },
  {
    what: "any visible character in a name",
    text: "[profile some-thing:long/the_one%only.foo@bar+9]\n[profile foo!bar,baz]\n" +
      "[profile müller]\n[profile \u65e5\u672c]\n[profile o'brien]\n[profile a#b;c]",
    wanted: {
      "profile some-thing:long/the_one%only.foo@bar+9": {},
      "profile foo!bar,baz": {},
      "profile müller": {},
      "profile \u65e5\u672c": {},
      "profile o'brien": {},
      "profile a#b;c": {},
    },
  },
  {
    what: "a name with a quote and a blank, as the AWS CLI writes it",
    text: `[profile 'it'"'"'s a']\nx = 1`,
    wanted: { "profile it's a": { x: "1" } },
  },
  {
    what: "brackets in a name in quotes",
    text: `[profile "a]b"]\nx = 1\n[profile '[c]'] # d`,
    wanted: { "profile a]b": { x: "1" }, "profile [c]": {} },
  },
  {
    what: "no name whose quotes do not match, nor one with what cannot be seen",
    text:
      `[profile "my a]\nx = 1\n[profile "a" "b"]\n[profile a\u202eb]\n[profile a\ufffdb]\n[profile b]`,
    wanted: { "profile b": {} },
    warnings: [1, 3, 4, 5],
  },
  {
    what: "indented keys, and a whole file that is indented",
    text:
      "[profile a]\n  x = 1\n  y = 2\n\n\t[profile b]\n\t\tx = 1\n\t\ty =\n\t\t\tc = d\n\t\tz = 3",
    wanted: { "profile a": { x: "1", y: "2" }, "profile b": { x: "1", y: "\nc = d", z: "3" } },
  },
  {
    what: "an indented line as a continuation only where it is indented further",
    text: "[profile a]\n  x = v\n    more\n  y = w\n z = 1\nu = 2",
    wanted: { "profile a": { x: "v\nmore", y: "w", z: "1", u: "2" } },
  },
  {
    what: "indented comments, wherever they are, as comments",
    text:
      "  # c\n\t; c\n[profile a]\n  # c = d\nx = v\n  # c\n  ; c = d\ny = w\n # c\n   more\ns3 =\n  # c\n  b = c",
    wanted: { "profile a": { x: "v", y: "w\nmore", s3: "\nb = c" } },
  },
  {
    what: "a colon in place of the equals sign, as botocore does",
    text:
      "[profile a]\nregion : eu-west-1\nrole_arn: arn:aws:x=y\naws_session_token:IQo/w==\na:b = c\nx:y",
    wanted: {
      "profile a": {
        region: "eu-west-1",
        role_arn: "arn:aws:x=y",
        aws_session_token: "IQo/w==",
        "a:b": "c",
        x: "y",
      },
    },
    warnings: [2, 3, 4, 6],
  },
  {
    what: 'byte order marks inside, as "cat a b" leaves them',
    text: "\ufeff[profile a]\nx = 1\n\ufeff[profile b]\n\ufeffy = 2\n",
    wanted: { "profile a": { x: "1" }, "profile b": { y: "2" } },
  },
  {
    what: "what stands around a header that cannot be read, but nothing below it",
    text:
      "[profile a]\nx = 1\n[profile b]]\nx = 2\n[[profile c]]\nx = 3\n[profile d] text\nx = 4\n" +
      "[profile e\nx = 5\njunk\n[profile f # ]\n[profile g}\n[profile h]\nx = 6",
    wanted: { "profile a": { x: "1" }, "profile h": { x: "6" } },
    warnings: [3, 5, 7, 9, 12, 13],
  },
  { what: "no section without a name", text: "[]\nx = 1\n[ ]", wanted: {}, warnings: [1, 3] },
  { what: "an empty value", text: "[profile a]\nx =", wanted: { "profile a": { x: "" } } },
  {
    what: "no key with a space in it, nor what continues it",
    text: "[profile a]\nin valid = 1\n more\ny = 2",
    wanted: { "profile a": { y: "2" } },
    warnings: [2],
  },
  {
    what: "continuation lines, trimmed and joined, over blank lines",
    text: "[profile a]\nx = v\n \t one \t \n\n  two",
    wanted: { "profile a": { x: "v\none\ntwo" } },
  },
  {
    what: "what follows a continuation on its line as part of the value",
    text: "[profile a]\nx = v\n one # c\n two ; c\n # three",
    wanted: { "profile a": { x: "v\none # c\ntwo ; c" } },
  },
  {
    what: "an indented setting or section as a continuation, and says so",
    text: "[profile a]\nx = v\n y = w\n [profile b]",
    wanted: { "profile a": { x: "v\ny = w\n[profile b]" } },
    warnings: [3, 4],
  },
  {
    what: "sub-properties as text too",
    text: "[profile a]\ns3 =\n a = b\n\t \n in valid = c\n e =\n # comment",
    wanted: { "profile a": { s3: "\na = b\nin valid = c\ne =" } },
  },
  {
    what: "[DEFAULT] as nothing that others inherit",
    text: "[DEFAULT]\nx = 1\n[profile a]",
    wanted: { "profile a": {} },
    warnings: [1],
  },
  {
    what: "[DEFAULT] in the credentials file as a name like another",
    text: "[DEFAULT]\nx = 1\n[a]",
    kind: "credentials",
    wanted: { "profile DEFAULT": { x: "1" }, "profile a": {} },
  },
  { what: "a byte order mark", text: "\ufeff[profile a]", wanted: { "profile a": {} } },
  {
    what: "Windows and old Mac line ends",
    text: "[profile a]\r\nx = 1\r\n\r\n[profile b]\ry = 2\n",
    wanted: { "profile a": { x: "1" }, "profile b": { y: "2" } },
  },
  {
    what: "white space around key and value",
    text: "[profile a]\nx \t=  \tv w \t",
    wanted: { "profile a": { x: "v w" } },
  },
  {
    what: "quotes, equals signs and Unicode in values",
    text: `[profile a]\nx = "v"\ny = a=b\nz = ${emoji}\\n`,
    wanted: { "profile a": { x: `"v"`, y: "a=b", z: `${emoji}\\n` } },
  },
  {
    what: "values that look like numbers and words as text",
    text: "[profile a]\nx = 0123\ny = true\nz = null",
    wanted: { "profile a": { x: "0123", y: "true", z: "null" } },
  },
  {
    what: "the other kinds of sections",
    text: "[sso-session s]\nx = 1\n[services s]\ny = 2\n[profile s]\n[plugins]",
    wanted: { "sso-session s": { x: "1" }, "services s": { y: "2" }, "profile s": {} },
    warnings: [6],
  },
  {
    what: "names that objects have by themselves",
    text: "[profile __proto__]\n__proto__ = 1\nconstructor = 2\n> = 3",
    wanted: JSON.parse(`{"profile __proto__": {"__proto__": "1", "constructor": "2"}}`),
    warnings: [4],
  },
  {
    what: "both spellings of a profile in a file of roles",
    text: "[a]\nx = 1\n[profile a]\ny = 2\n[default]",
    kind: "roles",
    wanted: { "profile a": { x: "1", y: "2" }, "profile default": {} },
  },
];

for (const { what, text, kind = "config", wanted, warnings = [] } of readings) {
  Deno.test({
    name: `parseIni() reads ${what}`,
    permissions: "none",
    fn() {
      const parsed = parseIni(text, { file: "f", kind });
      assertEquals(contentOf(parsed), wanted);
      assertEquals(parsed.warnings.map(({ place }) => place.line), [...warnings]);
    },
  });
}

Deno.test({
  name: "parseIni() gives sub-properties a map with keys in lower case and lines",
  permissions: "none",
  fn() {
    const text = "[services s]\nsts =\n  Endpoint_URL = http://a # c\n\n  other = b#c\n  other = d";
    const [section] = parseIni(text, { file: "f", kind: "config" }).sections;
    const nested = section?.settings.get("sts")?.nested;
    assertEquals(nested?.get("endpoint_url"), {
      key: "endpoint_url",
      value: "http://a",
      place: { file: "f", line: 3 },
    });
    assertEquals(nested?.get("other")?.value, "d");
  },
});

Deno.test({
  name: "parseIni() knows the line of every section and setting",
  permissions: "none",
  fn() {
    const text =
      "\n[profile a]\n# c\nx = 1\n[profile b]\ny = 1\n more\n\nz = 2\n[profile a]\nx = 3\n";
    const { sections } = parseIni(text, { file: "f", kind: "config" });
    const lines = sections.map(({ name, place, settings }) => [
      name,
      place.line,
      ...[...settings.values()].map(({ key, place }) => `${key} ${place.line}`),
    ]);
    assertEquals(lines, [["a", 2, "x 11"], ["b", 5, "y 6", "z 9"]]);
  },
});

Deno.test({
  name: "parseIni() tells of each setting that is set again, below whichever header of its section",
  permissions: "none",
  fn() {
    const text = [
      ...["[profile a]", "x = 1", "x = 2", "y =", "  x = 3", "[sso-session a]", "x = 4"],
      ...["[profile a]", "x = 5", "z = 6", "[profile a]", "z = 7", "x = 8"],
    ].join("\n");
    const { sections, warnings } = parseIni(text, { file: "f", kind: "config" });
    assertEquals(
      warnings.map(({ place, message }) => `${place.line} ${message}`),
      [["x", 2, 3], ["x", 3, 9], ["x", 9, 13], ["z", 10, 12]].map(
        ([key, line, later]) => `${line} setting ignored: "${key}" is set again at line ${later}`,
      ),
    );
    const settings = sections.map(({ kind, settings }) => [
      kind,
      ...[...settings.values()].map(({ key, value }) => `${key}=${value}`),
    ]);
    assertEquals(settings, [["profile", "x=8", "y=\nx = 3", "z=7"], ["sso-session", "x=4"]]);
  },
});

interface Refusal {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly kind?: IniKind;
}

interface Problem {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly kind?: IniKind;
}

const problems: readonly Problem[] = [
  { text: "[profile a]\nregion", line: 2, column: 1, found: 'a line without "="' },
  { text: "[profile a]\nregion x", line: 2, column: 1, found: '"region" without "="' },
  { text: "[profile a]\nx # = 1", line: 2, column: 1, found: 'a line without "="' },
  { text: "[profile a]\n= v", line: 2, column: 1, found: '"=" without a key' },
  { text: "[profile a]\n  : v", line: 2, column: 3, found: '":" without a key' },
  { text: "[a]\n= v", line: 2, column: 1, found: '"=" without a key', kind: "credentials" },
  { text: "[profile a]\n\n  x", line: 3, column: 3, found: 'a line without "="' },
  { text: "[profile a]\nx = 1\n[profile a]\n x", line: 4, column: 2, found: 'a line without "="' },
  { text: "[services a]\nsts =\n\tbad", line: 3, column: 2, found: 'a line without "="' },
  { text: "[services a]\nsts =\n = b", line: 3, column: 2, found: '"=" without a key' },
];

for (const { text, line, column, found, kind = "config" } of problems) {
  Deno.test({
    name: `parseIni() keeps to one section what cannot be read in ${JSON.stringify(text)}`,
    permissions: "none",
    fn() {
      const next = kind === "config" ? "[profile next]" : "[next]";
      const file = parseIni(`${text}\n${next}\ny = 1`, { file: "/f", kind });
      const [section, other] = file.sections;
      const start = `"/f", line ${line}, column ${column}: found ${found}, wanted "key = value"`;
      assert(section?.problems?.[0]?.startsWith(start), String(section?.problems));
      assertEquals([other?.name, other?.problems], ["next", []]);
      assertEquals(file.warnings.map(({ place }) => place.line), [line]);
    },
  });
}

Deno.test({
  name: "parseIni() passes over a line without = inside a setting that is not its own",
  permissions: "none",
  fn() {
    const file = parseIni("[profile a]\ns3 =\n  bad\n  a = b", { file: "/f", kind: "config" });
    assertEquals(file.sections[0]?.problems, []);
    assertEquals(file.sections[0]?.settings.get("s3")?.nested?.get("a")?.value, "b");
    assertEquals(file.warnings.map(({ place, profile }) => [place.line, profile]), [[3, "a"]]);
  },
});

const refusals = [
  { text: "x = 1", line: 1, column: 1 },
  { text: "# c\n\n  x = 1\n[profile a]", line: 3, column: 3 },
  { text: "region\n[profile a]", line: 1, column: 1 },
];

for (const { text, line, column } of refusals) {
  Deno.test({
    name: `parseIni() refuses ${JSON.stringify(text)}`,
    permissions: "none",
    fn() {
      const error = assertThrows(() => parseIni(text, { file: "/f", kind: "config" }), ConfigError);
      assertEquals(error.place, { file: "/f", line, column });
      assert(error.message.includes("found a setting before any section, wanted "), error.message);
    },
  });
}

const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

Deno.test({
  name: "parseIni() shows nothing of a line that may be a secret",
  permissions: "none",
  fn() {
    const lines = [
      ...[secretKey, `aws_secret_access_key ${secretKey}`, `aws_secret_access_key: ${secretKey}`],
      ...[` ${secretKey}`, `[${secretKey}`, `[profile a] ${secretKey}`, `${secretKey}: a`],
      ...[`${secretKey}==`, `s3 =\n  ${secretKey}`],
    ];
    for (const line of lines) {
      const { warnings, sections } = parseIni(`[profile a]\n${line}`, {
        file: "f",
        kind: "config",
      });
      const messages = warnings.map(({ message }) => message);
      const told = JSON.stringify([messages, sections.map(({ problems }) => problems)]);
      assert(warnings.length > 0 || line.endsWith("=="), line);
      assert(!/wjalr/i.test(told), told);
    }
  },
});

const encodings: readonly (readonly [encoding: string, text: string])[] = [
  ["UTF-16", "\ufffd\ufffd[\0p\0r\0o\0f\0i\0l\0e\0 \0a\0]\0"],
  ["UTF-16", "[\0d\0e\0f\0a\0u\0l\0t\0]\0"],
  ["UTF-16", "\ufffd\ufffd\0[\0d\0e\0f\0]"],
  ["UTF-16", "\0#\0 \0c"],
  ["UTF-32", "\ufffd\ufffd\0\0[\0\0\0a\0\0\0]\0\0\0"],
  ["UTF-32", "\0\0\0[\0\0\0a"],
];

for (const [encoding, text] of encodings) {
  Deno.test({
    name: `parseIni() names ${encoding} in ${JSON.stringify(text)}`,
    permissions: "none",
    fn() {
      const error = assertThrows(() => parseIni(text, { file: "/f", kind: "config" }), ConfigError);
      assertEquals(error.message, `Cannot read "/f": its encoding is ${encoding}, wanted UTF-8`);
      assert(error.hint?.includes(`iconv -f ${encoding} -t UTF-8`));
    },
  });
}
