import { assertEquals } from "@std/assert";
import { readJson } from "../../../src/config/scope/json_text.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("readJson() tells where the first fault is, and shows one character of the text", () => {
  const faults: readonly (readonly [string, number, number, string])[] = [
    ["", 1, 1, "found the end, wanted a value"],
    ["{", 1, 2, "found the end, wanted a name in double quotes"],
    ['{"a": x}', 1, 7, 'found "x", wanted a value'],
    ['{"a": 1,\n}', 2, 1, 'found "}", wanted a name in double quotes'],
    ['{"a" 1}', 1, 6, 'found "1", wanted ":"'],
    ['{"a":1 "b":2}', 1, 8, `found '"', wanted "," or "}"`],
    ["[1,\r\n 2 3]", 2, 4, 'found "3", wanted "," or "]"'],
    ['{"a":1}\n\n{}', 3, 1, 'found "{", wanted nothing more'],
    ['{"a":"b\n"}', 1, 6, "the text that begins here has no closing quote on its line"],
    ['{"a":"\\q"}', 1, 7, 'found "\\", wanted one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX'],
    ["[01]", 1, 2, 'found "0", wanted a value'],
    ["[truely]", 1, 2, 'found "t", wanted a value'],
    ["{'a':1}", 1, 2, `found "'", wanted a name in double quotes`],
    ["\u00a0{}", 1, 1, "found U+00A0, wanted a value"],
    ['{"a":1,\n "a":2}', 2, 2, 'the name "a" is there twice'],
    ['{"\\u0061":1,"a":2}', 1, 13, 'the name "a" is there twice'],
    ["[".repeat(200), 1, 102, 'found "[", wanted at most 100 levels'],
    ['{"a":'.repeat(200), 1, 506, 'found "{", wanted at most 100 levels'],
    ["\u{1f600}", 1, 1, 'found "\u{1f600}", wanted a value'],
    ["\u200b", 1, 1, "found U+200B, wanted a value"],
    ["[1,\n", 2, 1, "found the end, wanted a value"],
    ["[1,\r2 3]", 2, 3, 'found "3", wanted "," or "]"'],
    ['["a\\\n"]', 1, 4, 'found "\\", wanted one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX'],
  ];
  for (const [text, line, column, why] of faults) {
    assertEquals(readJson(text), { line, column, why }, text.slice(0, 30));
  }
});

pure("readJson() reads a hundred levels", () => {
  const text = `${"[".repeat(100)}{}${"]".repeat(100)}`;
  assertEquals(readJson(text), { value: JSON.parse(text), compact: text });
  const names = `${'{"a":'.repeat(100)}1${"}".repeat(100)}`;
  assertEquals(readJson(names), { value: JSON.parse(names), compact: names });
});

pure("readJson() reads what JSON.parse reads, and drops the white space between tokens", () => {
  for (
    const text of [
      ' { "a b" : [ 1 , -2.5e+3 , true , false , null , "x \\" y" , {} , [] ] } ',
      '"\\u00e4"',
      "0",
    ]
  ) {
    const value: unknown = JSON.parse(text);
    assertEquals(readJson(text), {
      value,
      compact: JSON.stringify(value).replace("-2500", "-2.5e+3").replace('"ä"', '"\\u00e4"'),
    });
  }
});

pure(
  "readJson() agrees with JSON.parse about every prefix of a policy, and every character left out",
  () => {
    const text =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}]}';
    const broken = Array.from({ length: text.length }, (_, at) => [
      text.slice(0, at),
      text.slice(0, at) + text.slice(at + 1),
    ]).flat();
    for (const one of broken) {
      let isJson = true;
      try {
        JSON.parse(one);
      } catch {
        isJson = false;
      }
      assertEquals("value" in readJson(one), isJson, one);
    }
  },
);
