import { assert, assertEquals } from "@std/assert";

interface Configuration {
  readonly exclude: readonly string[];
  readonly tasks: Readonly<Record<"test" | "test:oldest", { readonly command: string }>>;
}

const { exclude, tasks }: Configuration = JSON.parse(await Deno.readTextFile("deno.json"));

Deno.test({
  name: "test:oldest runs what test runs, with the oldest Deno and a lock file of its own",
  permissions: "none",
  fn() {
    const [before = "", options] = tasks["test:oldest"].command.split(" --lock=.tmp/oldest.lock ");
    assert(before.endsWith(" npx --yes deno@2.4.2 test"), before);
    assertEquals(`deno test ${options}`, tasks.test.command);
  },
});

Deno.test({
  name:
    "test leaves out all that the configuration excludes: its own --ignore takes the place of that",
  permissions: "none",
  fn() {
    const [, ignored = ""] = /--ignore=(\S+)/.exec(tasks.test.command) ?? [];
    const names = ignored.split(",");
    assertEquals(exclude.filter((name) => !names.includes(name)), []);
  },
});
