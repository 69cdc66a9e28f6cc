import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandTable } from "../../../src/cli/commands.ts";
import { main } from "../../../src/cli/main.ts";
import { fakeSystem } from "../../fake_system.ts";

async function run(...words: readonly string[]) {
  const system = fakeSystem();
  const status = await main(["permissions", ...words], system);
  return { status, stdout: system.terminal.stdout, stderr: system.terminal.stderr };
}

Deno.test("permissions lists every command", async () => {
  const { stdout } = await run();
  const named = stdout.split("\n").map((line) => line.split("  ")[0]).filter((name) => name !== "");
  assertEquals(named.slice(1), Object.keys(commandTable));
});

Deno.test("permissions shows one command with the flags of Deno, for a shell", async () => {
  const { stdout } = await run("write");
  assertStringIncludes(stdout, "write    read ~/.aws\n");
  assertStringIncludes(stdout, '  "--allow-read=$HOME/.aws/config,$HOME/.aws/credentials');
  // A file is replaced by another one in its folder.
  assertStringIncludes(stdout, '  "--allow-write=$HOME/.aws,');
  assertStringIncludes(stdout, "  --allow-net=STS_HOST\n");
  const { stdout: emulator } = await run("emulator");
  assertStringIncludes(emulator, "  --allow-net=127.0.0.1\n");
});

Deno.test("permissions says it in JSON", async () => {
  const { stdout } = await run("help", "--json");
  assertEquals(JSON.parse(stdout), { help: [] });
});

Deno.test("permissions refuses what is no command, and more than one", async () => {
  assertEquals((await run("nothing")).status, 2);
  const { status, stderr } = await run("creds", "watch");
  assertEquals(status, 2);
  assert(stderr.includes('Unexpected argument "watch"'));
});
