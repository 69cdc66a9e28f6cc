/**
 * What we rely on in `@std/cli`, held to the local edition and to the real package alike.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { unicodeWidth } from "@std/cli/unicode-width";

function pure(name: string, fn: () => void): void {
  Deno.test({ name: `@std/cli ${name}`, permissions: "none", fn });
}

pure("parseArgs() splits flags, values and operands", () => {
  const parsed = parseArgs(["--name", "a", "--loud", "b", "--size=3"], {
    string: ["name"],
    boolean: ["loud"],
  });
  assertEquals<unknown>(parsed, { name: "a", loud: true, size: 3, _: ["b"] });
});

pure("parseArgs() keeps declared strings and operands as they are written", () => {
  const parsed = parseArgs(["--code", "012345", "007"], { string: ["code", "_"] });
  assertEquals<unknown>(parsed, { code: "012345", _: ["007"] });
});

pure("parseArgs() takes a value that begins with a dash after =", () => {
  const parsed = parseArgs(["--code=-1", "--profiles=-"], { string: ["code", "profiles"] });
  assertEquals<unknown>(parsed, { code: "-1", profiles: "-", _: [] });
});

pure("parseArgs() gives an empty string for a string flag without a value", () => {
  assertEquals<unknown>(parseArgs(["--code"], { string: ["code"] }), { code: "", _: [] });
});

pure("parseArgs() collects repeated flags in their order, none as an empty array", () => {
  const options = { string: ["p", "q"], collect: ["p", "q"] };
  assertEquals<unknown>(parseArgs(["--p", "a", "--p=b"], options), { p: ["a", "b"], q: [], _: [] });
});

pure("parseArgs() turns negatable flags off by --no-, and uses defaults", () => {
  const options = { boolean: ["strict"], negatable: ["strict"], default: { strict: true } };
  assertEquals<unknown>(parseArgs([], options), { strict: true, _: [] });
  assertEquals<unknown>(parseArgs(["--no-strict"], options), { strict: false, _: [] });
});

pure("parseArgs() gives false for a boolean flag that is not there", () => {
  assertEquals<unknown>(parseArgs([], { boolean: ["loud"] }), { loud: false, _: [] });
});

pure("parseArgs() gives a flag's value under its short name too", () => {
  const parsed = parseArgs(["-h"], { boolean: ["help"], alias: { h: "help" } });
  assertEquals<unknown>(parsed, { h: true, help: true, _: [] });
});

pure("parseArgs() keeps what follows -- apart", () => {
  const parsed = parseArgs(["a", "--", "--b", "1"], { "--": true, string: ["_"] });
  assertEquals<unknown>(parsed, { _: ["a"], "--": ["--b", "1"] });
});

pure("parseArgs() shows unknown flags with their key, and known ones never", () => {
  const seen: unknown[] = [];
  parseArgs(["--what=1", "-x", "word", "--name", "a"], {
    string: ["name"],
    unknown: (arg, key) => key === undefined || seen.push([arg, key]),
  });
  assertEquals(seen, [["--what=1", "what"], ["-x", "x"]]);
});

pure("parseArgs() lets an error of its unknown function through", () => {
  const unknown = () => {
    throw new RangeError("no");
  };
  assertThrows(() => parseArgs(["--what"], { unknown }), RangeError);
});

pure("unicodeWidth() counts columns", () => {
  assertEquals(unicodeWidth(""), 0);
  assertEquals(unicodeWidth("dev-Role_1 (5m)"), 15);
  assertEquals(unicodeWidth("prüfung"), 7);
  assertEquals(unicodeWidth("голубой"), 7);
});

pure("unicodeWidth() counts two for East Asian characters and emoji", () => {
  assertEquals(unicodeWidth("本番"), 4);
  assertEquals(unicodeWidth("한글"), 4);
  assertEquals(unicodeWidth("ｆｕｌｌ"), 8);
  assertEquals(unicodeWidth("🦕"), 2);
});

pure("unicodeWidth() counts nothing for combining marks and control characters", () => {
  assertEquals(unicodeWidth("e\u0301"), 1);
  assertEquals(unicodeWidth("a\u200bb"), 2);
  assertEquals(unicodeWidth("\n\t\u001b"), 0);
});
