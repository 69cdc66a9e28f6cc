import { assert, assertEquals } from "@std/assert";

const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));

Deno.test({
  name: "test:oldest runs what test runs, with the oldest Deno and a lock file of its own",
  permissions: "none",
  fn() {
    const [before, options] = tasks["test:oldest"].command.split(" --lock=.tmp/oldest.lock ");
    assert(before.endsWith(" npx --yes deno@2.4.2 test"), before);
    assertEquals(`deno test ${options}`, tasks.test.command);
  },
});
