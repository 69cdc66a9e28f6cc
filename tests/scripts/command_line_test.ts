import { assertEquals, assertStringIncludes } from "@std/assert";
import { runScript, type Script } from "../../scripts/command_line.ts";
import { script as compile } from "../../scripts/compile.ts";
import { script as pack } from "../../scripts/package.ts";
import { UsageError } from "../../src/errors.ts";

/** What a script's run comes to, with work that must not begin unless it is given. */
async function run(
  script: Script,
  words: readonly string[],
  work: () => Promise<number | void> = () => Promise.reject(new Error("the work began")),
) {
  const [out, error]: [string[], string[]] = [[], []];
  const status = await runScript(script, words, work, {
    out: (text) => out.push(text),
    error: (text) => error.push(text),
  });
  return { status, out: out.join("\n"), error: error.join("\n") };
}

for (const script of [compile, pack]) {
  Deno.test({
    name: `'${script.program} --help' explains every option and does nothing else`,
    permissions: "none",
    async fn() {
      for (const word of ["--help", "-h"]) {
        const { status, out, error } = await run(script, [word]);
        assertEquals([status, error], [0, ""]);
        assertStringIncludes(out, `${script.program}: ${script.summary}\n`);
        for (const { name } of script.options) assertStringIncludes(out, `--${name} `);
      }
    },
  });

  Deno.test({
    name: `'${script.program}' refuses words that it does not know, with status 2`,
    permissions: "none",
    async fn() {
      for (
        const words of [["--nonsense"], ["word"], ["--out"], ["--out="], ["--help=no"], ["-x"], [
          // An option of stsaval's commands that means nothing here.
          "--verbose",
        ]]
      ) {
        const { status, out, error } = await run(script, words);
        assertEquals([status, out], [2, ""], words.join(" "));
        assertEquals(error.includes("stsaval"), false, error);
      }
      assertStringIncludes(
        (await run(script, ["--uot", "x"])).error,
        `Unknown option "--uot" for '${script.program}'\nhint: did you mean --out? See '${script.program} --help'`,
      );
    },
  });
}

Deno.test({
  name: "runScript() ends with 1 where the work fails, and 2 where it finds the line wrong",
  permissions: "none",
  async fn() {
    assertEquals(await run(pack, [], () => Promise.reject(new Error("no nfpm"))), {
      status: 1,
      out: "",
      error: "no nfpm",
    });
    const wrong = new UsageError("Cannot use it", { hint: "do not" });
    assertEquals(await run(pack, [], () => Promise.reject(wrong)), {
      status: 2,
      out: "",
      error: "Cannot use it\nhint: do not",
    });
    assertEquals((await run(pack, [], () => Promise.resolve())).status, 0);
    assertEquals((await run(pack, [], () => Promise.resolve(3))).status, 3);
  },
});
