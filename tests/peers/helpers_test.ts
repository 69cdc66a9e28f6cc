/**
 * The port `Helpers` with a real `/bin/sh`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { helpers } from "../../src/deno/helpers.ts";

Deno.test("a helper runs the command lines that it was given, by their number, and ends with its input", async () => {
  const script = 'while read -r number; do eval "line=\\${$number}"; eval "$line"; done; echo end';
  const helper = helpers.start(script, ["echo 'first one'", "exit 7"]);
  await helper.send("1\n1\n");
  await helper.close();
  assertEquals(await new Response(helper.stdout).text(), "first one\nfirst one\nend\n");
  assertEquals(await helper.exit, 0);
});

Deno.test("a helper that has ended takes requests without an error", async () => {
  const helper = helpers.start("exit 3");
  assertEquals(await helper.exit, 3);
  await helper.send("x\n".repeat(100_000));
  await helper.close();
  await helper.stdout.cancel();
});

Deno.test("what is typed to this program, and what a helper complains of, stay apart", async () => {
  const helper = helpers.start("echo complaint >&2; cat; echo seen");
  await helper.close();
  assertEquals(await new Response(helper.stdout).text(), "seen\n");
});
