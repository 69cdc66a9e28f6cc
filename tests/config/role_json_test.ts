import { assertEquals, assertThrows } from "@std/assert";
import { isJson, parseRoleJson } from "../../src/config/role_json.ts";
import { ConfigError } from "../../src/errors.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("isJson() is true for JSON and for what was meant as JSON, and false for sections", () => {
  for (const text of ['{"a":{}}', "\ufeff {", "[{", "[1]", "\ufeff1", "null", "[]"]) {
    assertEquals(isJson(text), true, text);
  }
  for (const text of ["[dev]", "[profile a]\nregion = r\n", "", "region = r"]) {
    assertEquals(isJson(text), false, text);
  }
});

pure("parseRoleJson() reads settings in any case, as texts without blanks around them", () => {
  const text = '\ufeff{"dev": {"ROLE_ARN": " arn ", "duration_seconds": 900, "x": true}, "b": {}}';
  const { sections, warnings } = parseRoleJson(text, "/roles");
  assertEquals(warnings, []);
  assertEquals(
    sections.map(({ kind, name, place, settings }) => [kind, name, place, [...settings.values()]]),
    [
      ["profile", "dev", { file: "/roles" }, [
        { key: "role_arn", value: "arn", place: { file: "/roles" } },
        { key: "duration_seconds", value: "900", place: { file: "/roles" } },
        { key: "x", value: "true", place: { file: "/roles" } },
      ]],
      ["profile", "b", { file: "/roles" }, []],
    ],
  );
});

const faults: readonly (readonly [text: string, found: string])[] = [
  ["[]", "it is a list, wanted an object of profiles"],
  ["null", "it is null, wanted an object of profiles"],
  ['"x"', "it is text, wanted an object of profiles"],
  ["1", "it is a number, wanted an object of profiles"],
  ['{" a": {}}', "a profile name has other characters, wanted visible characters on one line"],
  ['{"a": true}', '"a" is a boolean, wanted an object such as {"key": "value"}'],
  ['{"a": {"k": null}}', '"k" of "a" is null, wanted text or a number'],
  ['{"a": {"k": []}}', '"k" of "a" is a list, wanted text or a number'],
  ['{"a": {"k": {}}}', '"k" of "a" is an object, wanted text or a number'],
  [
    '{"a": {"k": "x\\ny"}}',
    '"k" of "a" is text with a line break or a control character, wanted text on one line',
  ],
];

for (const [text, found] of faults) {
  pure(`parseRoleJson() refuses ${text}`, () => {
    const { message } = assertThrows(() => parseRoleJson(text, "/roles"), ConfigError);
    assertEquals(message, `Cannot read "/roles": ${found}`);
  });
}

pure("parseRoleJson() says where text is no JSON, and shows of it the first character", () => {
  for (const text of ['{"a": {"k": kept-secret}}', '\ufeff \n{"a": {"k": kept-secret}} ']) {
    const { message } = assertThrows(() => parseRoleJson(text, "/roles"), ConfigError);
    assertEquals(message.endsWith(": it begins with {, but is not valid JSON"), true, message);
    assertEquals(message.includes("kept-secret"), false);
  }
  const { message } = assertThrows(() => parseRoleJson("{x", "/roles"), ConfigError);
  assertEquals(message.includes("NaN"), false, message);
});
