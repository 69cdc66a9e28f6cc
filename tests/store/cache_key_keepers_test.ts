import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { StoreError } from "../../src/errors.ts";
import { createCacheKeyKeepers } from "../../src/store/cache_key_keepers.ts";
import { cacheKeyOpeners, cacheSealLines } from "../../src/store/cache_key_lines.ts";
import type { PipedProcess, Processes } from "../../src/system.ts";
import { fakeSystem } from "../fake_system.ts";

const identity = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWKX6T0";

/** Programs that answer by their command line: what they print, and how they end. */
function programs(
  answer: (
    line: string,
    input: string | undefined,
  ) => readonly [text: string, exit: number] | undefined,
) {
  const lines: string[] = [];
  const startPiped: Processes["startPiped"] = (words, _env, options): PipedProcess => {
    const line = words.join(" ");
    lines.push(line);
    const [text, exit] = answer(line, options?.input) ?? ["not found", 1];
    return {
      stdout: new Blob([text]).stream(),
      exit: Promise.resolve(exit),
      kill: () => true,
    };
  };
  const system = fakeSystem();
  const start: Processes["start"] = () => {
    throw new Error("nothing runs in place of the command");
  };
  const processes: Processes = { start, startPiped };
  const keepers = createCacheKeyKeepers({
    system: { ...system, processes },
    signal: new AbortController().signal,
    scryptLogN: 5,
    ask: () => Promise.resolve("correct horse battery"),
  });
  return { ...system, lines, keepers };
}

/** The kernel's keyring, with what is in it. */
function kernel() {
  let kept: string | undefined;
  return programs((line, input) => {
    if (line === "keyctl describe @u") return ["keyring", 0];
    if (line === "keyctl padd user stsaval-cache @u") {
      kept = input;
      return ["1234\n", 0];
    }
    if (line === "keyctl purge user stsaval-cache") {
      kept = undefined;
      return ["", 0];
    }
    return line === "keyctl pipe %user:stsaval-cache" && kept !== undefined ? [kept, 0] : undefined;
  });
}

Deno.test("the kernel's keyring keeps the key itself, and is taken where no other one answers", async () => {
  const { keepers, lines } = kernel();
  const keeper = await keepers.keeper();
  assertEquals(keeper.name, "keyctl");
  assertEquals(await keeper.load(""), undefined);
  assertEquals(await keeper.store("the key"), "");
  assertEquals(await (await keepers.keeper("keyctl")).load(""), "the key");
  await keeper.remove();
  assertEquals(await keeper.load(""), undefined);
  assertEquals(lines.some((line) => line.includes("the key")), false);
});

Deno.test("a keyring that keeps an identity wraps the key with it", async () => {
  const { keepers, lines } = programs((line) =>
    line.startsWith("secret-tool search") ? [`secret = ${identity}\n`, 0] : undefined
  );
  const keeper = await keepers.keeper();
  assertEquals(keeper.name, "secret-service");
  const note = await keeper.store("the key");
  assertEquals(await keeper.load(note), "the key");
  assertEquals(await keeper.load("AAAA"), undefined);
  await keeper.remove();
  assertEquals(await keeper.load(note), "the key");
  assertEquals(new Set(lines.map((line) => line.split(" ")[0])), new Set(["secret-tool"]));
});

Deno.test("where nothing answers, a passphrase opens a sealed file that holds the key", async () => {
  const { keepers, files } = programs(() => undefined);
  const keeper = await keepers.keeper();
  assertEquals(keeper.name, "passphrase");
  assertEquals(await keeper.load(""), undefined);
  assertEquals(await keeper.store("the key"), "");
  const sealed = await files.readText("/home/kim/.aws/stsaval/sealed/.cache.age");
  assertEquals(sealed?.includes("the key"), false);
  assertEquals(await (await keepers.keeper("passphrase")).load(""), "the key");
  await keeper.remove();
  assertEquals(await keeper.load(""), undefined);
});

Deno.test("a keyring that cannot keep the key says why", async () => {
  const { keepers } = programs((line) =>
    line.startsWith("keyctl padd") ? ["add_key: Disk quota exceeded", 1] : undefined
  );
  const keeper = await keepers.keeper("keyctl");
  const { message } = await assertRejects(() => keeper.store("the key"), StoreError);
  assertMatch(message, /Disk quota exceeded/);
});

Deno.test("a keeper of no known name is refused", async () => {
  const { keepers } = kernel();
  for (const name of ["tpm", "identity:~/.ssh/id_rsa", "pass", ""]) {
    await assertRejects(() => keepers.keeper(name), StoreError, `"${name}": wanted secret-service`);
  }
});

Deno.test("each keeper is told to the broker with what it runs, and no other", () => {
  const { env } = fakeSystem();
  const programsOf = (
    name?: string,
  ) => [...new Set(cacheSealLines(name, env).map(({ words }) => words[0]))];
  assertEquals(programsOf("keyctl"), ["keyctl"]);
  assertEquals(programsOf("secret-service"), ["secret-tool"]);
  assertEquals(programsOf("passphrase"), []);
  assertEquals(programsOf("pass"), programsOf());
  assertEquals(programsOf(), ["secret-tool", "security", "keyctl"]);
});

for (const name of cacheKeyOpeners) {
  Deno.test(`where ${name} fails, no hint names an option that the cache does not have`, async () => {
    const { keepers } = programs(() => ["odd", 9]);
    const keeper = await keepers.keeper(name);
    const error = await assertRejects(() => keeper.store("the key"), StoreError);
    assertEquals(error.hint?.includes("--opener"), false);
  });
}

Deno.test("a keyring that fails is left by sealing the cache anew", async () => {
  const { keepers } = programs(() => ["odd", 9]);
  const keeper = await keepers.keeper("keychain");
  const error = await assertRejects(() => keeper.load("AAAA"), StoreError);
  assertStringIncludes(error.message, "odd");
  assertEquals(
    error.hint,
    "end the sealing with 'seal_cache = false' in the profile, then seal the cache anew",
  );
});
