import { assert, assertEquals } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { rememberLookup } from "../../../src/cli/shortcut/remember.ts";
import { silentLogger } from "../../../src/logger.ts";
import { Desk, role } from "../desk.ts";
import { Kernel } from "../kernel_keyring.ts";
import { cache, facts, lookups, takeShortWay } from "./short_desk.ts";

const hit = ["process", role];

/** A desk whose sealed cache has credentials for the role, with what the whole program prints. */
async function sealedDesk(setting = "seal_cache = true") {
  const kernel = new Kernel();
  const desk = new Desk({
    edit: (config) => config.replace(`[profile ${role}]\n`, `[profile ${role}]\n${setting}\n`),
    program: ([program = "", ...rest], _desk, input) =>
      program === "make" ? { exit: 3 } : kernel.program([program, ...rest], input),
  });
  const { status, err } = await desk.run(...hit, "--mfa-code", desk.code, "--seal-cache");
  assertEquals(status, 0, err);
  desk.system.clock.jump(2_000);
  const before = desk.system.terminal.stdout.length;
  const whole = (await desk.run(...hit)).out.slice(before);
  return { desk, kernel, whole };
}

/** Keeps a lookup as the program does once it has printed the answer. */
async function remember(desk: Desk, whole: string): Promise<void> {
  const { command, rest } = await commands.resolve(hit);
  assert(command !== undefined);
  const context = {
    ...{ arguments: parseArguments(command, rest), system: desk.system, logger: silentLogger },
  };
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(whole);
  const StartTime = new Date(desk.system.clock.now() - 60_000);
  const keys = { AccessKeyId, SecretAccessKey, SessionToken, StartTime };
  const credentials = { ...keys, Expiration: new Date(Expiration) };
  await rememberLookup(context, command.options, { name: role, credentials }, facts);
}

async function knowingSealedDesk(setting?: string) {
  const made = await sealedDesk(setting);
  await remember(made.desk, made.whole);
  made.desk.system.processes.started.length = 0;
  return made;
}

function kept(desk: Desk): readonly string[] {
  return [...desk.system.files.contents.keys()].filter((path) => path.startsWith(lookups));
}

function started(desk: Desk): readonly string[] {
  return desk.system.processes.started.map(({ words }) => words.join(" "));
}

/** Changes one file of the cache, such as `seal.json`. */
function edit(desk: Desk, name: RegExp, change: (text: string) => string): void {
  const { contents } = desk.system.files;
  let isFound = false;
  for (const [path, text] of contents) {
    if (!path.startsWith(`${cache}/`) || !name.test(path)) continue;
    contents.set(path, change(String(text)));
    isFound = true;
  }
  assert(isFound, `${name}`);
}

Deno.test("a sealed cache whose key the kernel keeps is answered from shortly, by one program", async () => {
  const { desk, whole } = await knowingSealedDesk();
  assertEquals(kept(desk).length, 1);
  assertEquals(await takeShortWay(desk, hit), [0, whole]);
  assertEquals(started(desk), ["keyctl pipe %user:stsaval-cache"]);
  const [{ options, env } = {}] = desk.system.processes.started;
  assertEquals(options, { input: "", mergesErrors: true });
  assertEquals(env, { LC_ALL: "C" });
});

Deno.test("exec runs its program with what was sealed", async () => {
  const { desk, whole } = await knowingSealedDesk();
  assertEquals(await takeShortWay(desk, ["exec", role, "--", "make"]), [3, ""]);
  const [, make] = desk.system.processes.started;
  assertEquals(make?.words, ["make"]);
  assertEquals(make?.env.AWS_ACCESS_KEY_ID, JSON.parse(whole).AccessKeyId);
});

Deno.test("what ends too soon is not opened at all", async () => {
  const { desk } = await knowingSealedDesk();
  desk.system.clock.jump(3 * 3_600_000);
  assertEquals(await takeShortWay(desk, hit), ["cold", ""]);
  assertEquals(started(desk), []);
});

Deno.test("without its key, with another, or with one that is no key, the program itself says why", async () => {
  const other = btoa("another key of thirty-two bytes!");
  for (const key of [undefined, `stsaval-cache1:${other}`, "stsaval-cache1:short", other, ""]) {
    const { desk, kernel } = await knowingSealedDesk();
    kernel.kept = key;
    assertEquals(await takeShortWay(desk, hit), [undefined, ""], key);
  }
  const { desk, kernel } = await knowingSealedDesk();
  kernel.isThere = false;
  assertEquals(await takeShortWay(desk, hit), [undefined, ""]);
});

Deno.test("a key that another program of that name prints without its mark is none", async () => {
  const { desk, kernel, whole } = await knowingSealedDesk();
  kernel.kept = `${kernel.kept}\n`;
  assertEquals(await takeShortWay(desk, hit), [0, whole]);
  kernel.kept = String(kernel.kept).replace("stsaval-cache1:", "");
  assertEquals(await takeShortWay(desk, hit), [undefined, ""]);
});

Deno.test("a keyring that does not answer is given up after ten seconds", async () => {
  const { desk } = await knowingSealedDesk();
  const { clock, processes } = desk.system;
  const hanging = {
    start: processes.start.bind(processes),
    startPiped: (words: readonly string[]) => {
      const child = processes.startPiped(words);
      return { ...child, stdout: new ReadableStream<Uint8Array>(), kill: () => true };
    },
  };
  const answer = takeShortWay(desk, hit, { processes: hanging });
  await clock.advance(9_999);
  let isOver = false;
  void answer.then(() => isOver = true);
  await clock.advance(0);
  assertEquals(isOver, false);
  await clock.advance(1);
  assertEquals(await answer, [undefined, ""]);
});

Deno.test("an entry that was changed, or another state of the seal, is for the program itself", async () => {
  const changes: readonly (readonly [RegExp, (text: string) => string, boolean])[] = [
    [/\/[0-9a-f]{64}\.json$/, (text) => text.replace(/"profile": "/, '"profile": "x'), true],
    [/seal\.json$/, (text) => text.replace('"keyctl"', '"secret-service"'), false],
    [/seal\.json$/, (text) => text.replace('"keyctl"', '"passphrase"'), false],
    [/seal\.json$/, (text) => text.replace(/"keyId": "./, '"keyId": "-'), false],
    [/seal\.json$/, () => "{", false],
  ];
  for (const [name, change, asks] of changes) {
    const { desk } = await knowingSealedDesk();
    edit(desk, name, change);
    assertEquals(await takeShortWay(desk, hit), [undefined, ""], `${change}`);
    assertEquals(started(desk).length, asks ? 1 : 0, `${change}`);
  }
});

Deno.test("no lookup is kept while the cache is otherwise than the profile wants it", async () => {
  const { desk, whole } = await sealedDesk();
  const { contents } = desk.system.files;
  const path = "/home/kim/.aws/config";
  contents.set(path, String(contents.get(path)).replace("seal_cache = true", "seal_cache = false"));
  await remember(desk, whole);
  assertEquals(kept(desk), []);
});

Deno.test("a cache that was sealed by an option has the short way too", async () => {
  const { desk, whole } = await knowingSealedDesk("");
  assertEquals(kept(desk).length, 1);
  assertEquals(await takeShortWay(desk, hit), [0, whole]);
});
