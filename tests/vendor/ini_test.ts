/**
 * What we rely on in `@std/ini`, held to the local edition and to the real package alike.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/ini";

function pure(name: string, fn: () => void): void {
  Deno.test({ name: `@std/ini ${name}`, permissions: "none", fn });
}

pure("puts keys before the first section at the top, the others in their section", () => {
  assertEquals<unknown>(parse('a = "x"\n[one]\nb = "y"\n[two]\n'), {
    a: "x",
    one: { b: "y" },
    two: {},
  });
});

pure("trims lines, keys, values and section names' lines; CRLF ends a line", () => {
  assertEquals<unknown>(parse('  [one]  \r\n\t key \t = \t "y" \r\n'), { one: { key: "y" } });
});

pure("skips blank lines and lines that start with #, ; or //", () => {
  assertEquals<unknown>(parse('# a = 1\n; b = 2\n\n  // c = 3\nd = "4"'), { d: "4" });
});

pure("takes as key all before the first =", () => {
  assertEquals<unknown>(parse('a b/c@d.e:f = "g=h"'), { "a b/c@d.e:f": "g=h" });
});

pure("makes null, true, false and numbers of bare values, and 0 of none", () => {
  const text = "a = null\nb = true\nc = false\nd = 0123\ne = 1e3\nf = 0x10\ng =\nh = True";
  assertEquals<unknown>(parse(text), {
    a: null,
    b: true,
    c: false,
    d: 123,
    e: 1000,
    f: 16,
    g: 0,
    h: "True",
  });
});

pure("leaves a quoted value a string, whatever it holds", () => {
  const values = ["0123", "true", "null", "", "a # b", "; c", "// d", "[e]", 'f"g', "h\\n", " i "];
  for (const value of values) {
    assertEquals<unknown>(parse(`[s]\nkey="${value}"`), { s: { key: value } });
  }
});

pure("replaces a section by the next one of that name", () => {
  assertEquals<unknown>(parse('[a]\nx = "1"\n[a]\ny = "2"'), { a: { y: "2" } });
});

pure("takes __proto__ as a section's name like any other", () => {
  const parsed: object = parse('[__proto__]\na = "1"');
  assertEquals(Object.keys(parsed), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(parsed) === Object.prototype, true);
});

pure("keeps quotes, spaces and colons of a section's name", () => {
  assertEquals<unknown>(parse('[12:profile "my role"]'), { '12:profile "my role"': {} });
});

pure("shows a reviver the coerced value, with key and section", () => {
  const seen: unknown[] = [];
  const parsed: unknown = parse('a = 01\n[s]\nb = "02"', {
    reviver(key: string, value: unknown, section?: string) {
      seen.push([key, value, section]);
      return `${value}!`;
    },
  });
  assertEquals(seen, [["a", 1, undefined], ["b", "02", "s"]]);
  assertEquals(parsed, { a: "1!", s: { b: "02!" } });
});

pure("names the line of an open section header", () => {
  const error = assertThrows(() => parse('a = "1"\n\n[one'), SyntaxError);
  assertEquals(error.message, "Unexpected end of INI section at line 3");
});

pure("refuses an empty section name, an empty key and a line without =, with the line", () => {
  for (const wrong of ["[]", "= 1", "word"]) {
    assertThrows(() => parse(`# comment\n${wrong}\n`), SyntaxError, "at line 2");
  }
});
