import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { StsavalError } from "../../../src/errors.ts";
import { replaceOutputFile } from "../../../src/cli/files/output_file.ts";
import { fakeSystem, MemoryFiles } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

const keys = "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";

function home() {
  const system = fakeSystem({
    files: { "/home/kim/.aws/credentials": keys, "/home/kim/link": "", "/home/kim/roles": "" },
  });
  // As the system says it of a link and of the file that it leads to.
  system.files.said.set("/home/kim/.aws/credentials", { id: "1:7" });
  system.files.said.set("/home/kim/link", { id: "1:7" });
  return system;
}

const refused: readonly (readonly string[])[] = [
  ["creds", "--profiles", "a", "--output", "/home/kim/.aws/credentials"],
  ["creds", "--profiles", "a", "--output", "/home/kim/link"],
  ["creds", "--profiles", "a", "--output", "/home/kim/.aws/config"],
  ["creds", "--profiles", "a", "--role-file", "/home/kim/roles", "--output", "/home/kim/roles"],
  ["creds", "--profiles", "a", "--credentials-file", "/x", "--output", "/x"],
  ["refactor", "/home/kim/roles", "--output", "/home/kim/roles"],
  ["token", "--output", "/home/kim/.aws/credentials"],
  ["watch", "--profiles", "a", "--write", "/home/kim/link", "--ephemeral"],
];

for (const words of refused) {
  Deno.test(`a file that stsaval reads is never a result file: ${words.join(" ")}`, async () => {
    const system = home();
    assertEquals(await main(words, system), 2);
    assertStringIncludes(system.terminal.stderr, "it is a file that stsaval reads");
    assertEquals(await system.files.readText("/home/kim/.aws/credentials"), keys);
  });
}

for (const path of ["-", "/dev/null", "/dev/stdout", "/home/kim/pipe"]) {
  Deno.test(`what is no file is not replaced by one: ${path}`, async () => {
    const system = home();
    await system.files.replaceText("/home/kim/pipe", "");
    system.files.said.set("/home/kim/pipe", { special: true });
    assertEquals(await main(["creds", "--profiles", "a", "--output", path], system), 2);
    assertStringIncludes(
      system.terminal.stderr,
      `Cannot use "${path}" for --output: wanted a file`,
    );
    assertEquals(await main(["watch", "--profiles", "a", "--write", path], system), 2);
  });
}

Deno.test("a result file that cannot be written is told, and is no wrong usage", async () => {
  const files = new MemoryFiles({ "/denied": new Error("permission denied") });
  const error = await assertRejects(() => replaceOutputFile(files, "/denied", "x"), StsavalError);
  assertEquals([error.code, error.message], [
    "FAILED",
    'Cannot write "/denied": permission denied',
  ]);
});

Deno.test("a command whose file is never read to its end can be interrupted all the same", async () => {
  const system = fakeSystem();
  const stuck = {
    ...system,
    files: Object.assign(new MemoryFiles(), { readText: () => new Promise<never>(() => {}) }),
  };
  const running = main(["profiles"], stuck);
  await settle();
  system.signals.send("SIGTERM");
  await system.clock.advance(4_000);
  assertEquals(await running, 143);
  assertEquals(system.clock.sleeping, 0);
});
