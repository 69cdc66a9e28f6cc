import { assertEquals } from "@std/assert";
import { hasColor, inColor, inPlain, painterFor } from "../../src/output/style.ts";

function portsOf(variables: Readonly<Record<string, string>>, isTerminal: boolean) {
  return {
    env: { get: (name: string) => variables[name] || undefined },
    terminal: { outIsTerminal: isTerminal, errIsTerminal: false },
  };
}

/** The environment, and whether colors go to a terminal and to a pipe. */
const cases: readonly (readonly [Readonly<Record<string, string>>, boolean, boolean])[] = [
  [{}, true, false],
  [{ TERM: "xterm-256color" }, true, false],
  [{ NO_COLOR: "1" }, false, false],
  [{ NO_COLOR: "0" }, false, false],
  [{ NO_COLOR: "" }, true, false],
  [{ TERM: "dumb" }, false, false],
  [{ FORCE_COLOR: "1" }, true, true],
  [{ FORCE_COLOR: "1", TERM: "dumb" }, true, true],
  [{ FORCE_COLOR: "" }, true, false],
  [{ FORCE_COLOR: "0" }, false, false],
  [{ FORCE_COLOR: "false" }, false, false],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
];

for (const [variables, onTerminal, inPipe] of cases) {
  Deno.test({
    name: `hasColor() with ${JSON.stringify(variables)}`,
    permissions: "none",
    fn() {
      assertEquals(hasColor(portsOf(variables, true), "out"), onTerminal);
      assertEquals(hasColor(portsOf(variables, false), "out"), inPipe);
      // The two streams are judged apart: standard error is a pipe here.
      assertEquals(hasColor(portsOf(variables, true), "err"), inPipe);
    },
  });
}

Deno.test({
  name: "a variable that is no text means no colors, so that an error about it is shown",
  permissions: "none",
  fn() {
    const env = {
      get() {
        throw new Error("not valid UTF-8");
      },
    };
    assertEquals(hasColor({ ...portsOf({}, true), env }, "out"), false);
  },
});

Deno.test({
  name: "each role is one attribute, and ends what it begins",
  permissions: "none",
  fn() {
    assertEquals(inColor("error", "x"), "\x1b[31mx\x1b[0m");
    assertEquals(inColor("accent", ""), "");
    assertEquals(inPlain("error", "x"), "x");
    assertEquals(painterFor(portsOf({}, true), "out"), inColor);
    assertEquals(painterFor(portsOf({}, true), "err"), inPlain);
  },
});
